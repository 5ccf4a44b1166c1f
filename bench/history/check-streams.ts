import { isOver } from "#protocol/run-status.ts";
import { listOf } from "./check-log.ts";
import type { Client, Finding, RunHistory } from "./history.ts";

/**
 * I5: what a client received on all its streams is each version once, in order, up to the end. A stream that was cut is
 * gone on with by its last id, so not even one event may come twice.
 */
export function findBadStreams({ id, log, clients }: Pick<RunHistory, "id" | "log" | "clients">): readonly Finding[] {
  // A stream ends with the run; what a result does later is not told on it.
  const end = log.find(({ status }) => isOver(status))?.version;
  return clients.flatMap((client) => {
    const what = wrongOf(client, end);
    return what === undefined ? [] : [{ invariant: "I5" as const, runId: id, what }];
  });
}

function wrongOf({ streams, sawEnd }: Client, end: number | undefined): string | undefined {
  let last = streams[0]?.after ?? 0;
  for (const { after, ids } of streams) {
    if (after !== last) return `a stream after ${after} followed one that came to ${last}`;
    const isNext = ids.every((it, at) => it === after + at + 1);
    if (!isNext) return `a stream after ${after} brought ${listOf(ids)}`;
    last = ids.at(-1) ?? after;
  }
  if (!sawEnd) return `a client did not get the end, its last version is ${last}`;
  return end === undefined || last === end ? undefined : `a client got the end after version ${last} instead of ${end}`;
}
