import type { Cancelable } from "./cancelable.ts";
import { send, ask, type Api } from "./request.ts";
import { isOver, type RunState } from "./run-state.ts";

/** The longest that the API holds an answer back, in seconds. */
const waitSeconds = 25;
/** A server that does not wait is not asked more often. */
const askAgainMs = 1000;

/** Reads a run as it is now. */
export function readState(api: Api, id: string, { signal }: Cancelable): Promise<RunState> {
  return ask(api, { path: `/v1/runs/${id}`, ...(signal && { signal }), isPatient: true });
}

/** Asks for a run until it is over, and yields each newer version that the answers show. */
export async function* poll(
  api: Api,
  from: { version: number; state: RunState },
  { signal }: Cancelable,
): AsyncGenerator<RunState> {
  const { platform } = api;
  const path = `/v1/runs/${from.state.id}`;
  for (let { version } = from; ;) {
    const askedAt = platform.now();
    const headers = { "if-none-match": `"${version}"` };
    const call = { path, query: { wait: waitSeconds }, headers, ...(signal && { signal }), isPatient: true };
    const state = await send(api, call, async (answer) =>
      answer.status === 304 ? undefined : ((await answer.json()) as RunState),
    );
    if (state !== undefined && state.version > version) {
      version = state.version;
      yield state;
    }
    if (state !== undefined && isOver(state)) return;
    await platform.sleep(Math.max(0, askAgainMs - (platform.now() - askedAt)), signal);
  }
}
