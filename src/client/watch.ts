import type { EventSourceMessage } from "eventsource-parser";
import { readJson } from "#lang/json.ts";
import { hear, openStream } from "./event-stream.ts";
import { poll, readState } from "./poll.ts";
import type { Cancelable } from "./cancelable.ts";
import type { Api } from "./request.ts";
import { isOver, type RunState } from "./run-state.ts";

/** How a run is being followed: by a stream, between two streams, or by asking. */
export type Link = "live" | "reconnecting" | "polling";

/** How to follow a run. */
export type WatchOptions = Cancelable & {
  /** Yields only what comes after this version; 0: all from the first. Absent: what is known now, then what follows. */
  after?: number;
  /** Is told when the way of following changes. */
  onLink?: (link: Link) => void;
};

/** Streams in a row that brought not a single byte, until we ask instead. */
const silentMax = 2;
const reconnectMs = { min: 100, max: 5000 };

/** What was seen of a run. */
type Seen = { version: number; state: RunState };

/**
 * Follows a run to its end: yields each version once, in order, and each new place in the line while it is queued.
 *
 * A stream that is cut is opened again with the last version seen, so that nothing is lost. Where no stream comes through, the
 * run is asked for; then only the newest version is seen.
 *
 * @throws SqeError when the run cannot be followed any more; the signal's reason when that aborts
 */
export async function* follow(api: Api, known: RunState, options: WatchOptions): AsyncGenerator<RunState> {
  const { signal, after, onLink } = options;
  const seen: Seen = { version: after ?? known.version, state: known };
  if (after === undefined) yield known;
  if (isOver(known) && known.version <= seen.version) return;
  for (let silent = 0, idle = 0; silent < silentMax;) {
    const stream = await openStream(api, known.id, seen.version, options);
    if (stream.kind === "over") return yield* last(api, seen, options);
    if (stream.kind === "blocked") break;
    onLink?.("live");
    const before = seen.version;
    let isSilent = true;
    for await (const events of hear(api, stream, signal)) {
      isSilent = false;
      for (const event of events) {
        if (event.event === "end") return yield* last(api, seen, options);
        const state = stateOf(event, seen);
        if (state === undefined) continue;
        yield state;
        if (isOver(state)) return;
      }
    }
    signal?.throwIfAborted();
    onLink?.("reconnecting");
    silent = isSilent ? silent + 1 : 0;
    idle = seen.version === before ? idle + 1 : 0;
    await pause(api, idle, signal);
  }
  onLink?.("polling");
  yield* poll(api, seen, options);
}

/** The state that an event brings, if it is news. */
function stateOf({ event, data }: EventSourceMessage, seen: Seen): RunState | undefined {
  if (event === "position") {
    // Events have the shapes of the API; unknown ones are passed over.
    const { queuePosition } = readJson(data) as { queuePosition: number };
    return seen.state.status === "queued" ? { ...seen.state, queuePosition } : undefined;
  }
  if (event !== "run") return undefined;
  const state = readJson(data) as RunState;
  if (state.version <= seen.version) return undefined;
  Object.assign(seen, { version: state.version, state });
  return state;
}

/** The server has nothing more: what was missed is gone, but the run can be read. */
async function* last(api: Api, seen: Seen, options: WatchOptions): AsyncGenerator<RunState> {
  const state = await readState(api, seen.state.id, options);
  if (state.version > seen.version) yield state;
}

/** Waits before the next stream: a moment when the last one brought news, longer with each that did not. */
async function pause({ platform }: Api, idle: number, signal: AbortSignal | undefined): Promise<void> {
  const ms = Math.min(reconnectMs.max, reconnectMs.min * 2 ** idle);
  await platform.sleep(ms * (0.5 + platform.random() / 2), signal);
  signal?.throwIfAborted();
}
