import type { Client } from "#client/client.ts";
import type { Run } from "#client/run.ts";
import type { Target } from "#client/run-state.ts";
import { statusLine, type Listener } from "./speech.ts";

/** A query of the demo. */
export type DemoQuery = { sql: string; snippetName: string; target?: Target };

/** A run that has ended, and when its user submitted it and learned of its end, in epoch milliseconds. */
export type Watched = { run: Run; startedAt: number; endedAt: number };

/**
 * Submits a query, and prints each status that the server sends until the run is over.
 *
 * @param onStatus called at each status, to cancel for example
 */
export async function watch(
  client: Client,
  { sql, ...options }: DemoQuery,
  say: Listener,
  onStatus?: (run: Run) => Promise<void>,
): Promise<Watched> {
  const startedAt = Date.now();
  const run = await client.run(sql, options);
  let endedAt = startedAt;
  let before: Run["state"] | undefined;
  for await (const state of run.watch()) {
    endedAt = Date.now();
    say(statusLine(state, before === undefined ? 0 : endedAt - startedAt, before));
    before = state;
    await onStatus?.(run);
  }
  return { run, startedAt, endedAt };
}
