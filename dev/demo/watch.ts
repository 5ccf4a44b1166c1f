import type { Api, DemoQuery, DemoRun } from "./api.ts";
import { statusLine, type Listener } from "./speech.ts";

/** A run that has ended, and when its user submitted it and learned of its end, in epoch milliseconds. */
export type Watched = { run: DemoRun; startedAt: number; endedAt: number };

/**
 * Submits a query, and prints each status that the server sends until the run is over.
 *
 * @param onStatus called at each status, to cancel for example
 */
export async function watch(
  api: Api,
  query: DemoQuery,
  say: Listener,
  onStatus?: (run: DemoRun) => Promise<void>,
): Promise<Watched> {
  const startedAt = Date.now();
  const submitted = await api.submit(query);
  say(statusLine(submitted, 0, undefined));
  let last = submitted;
  let endedAt = startedAt;
  for await (const run of api.events(submitted)) {
    endedAt = Date.now();
    // The stream begins with a snapshot, which may be the same as the answer to the POST.
    if (run.version > last.version) say(statusLine(run, endedAt - startedAt, last));
    last = run;
    await onStatus?.(run);
  }
  return { run: last, startedAt, endedAt };
}
