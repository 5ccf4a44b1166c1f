import { expect, test } from "vitest";
import { checkHistory, lineOf } from "../../bench/history/check.ts";
import type { History, RunHistory } from "../../bench/history/history.ts";

const id = "a".repeat(30);
const key = `QPP_${id}_1`;

/** An append that was cut off once and is ready, with a client that came back. */
const run: RunHistory = {
  id,
  mid: 1,
  isAppend: true,
  keepsTable: false,
  isCancelAcknowledged: false,
  log: [
    { version: 1, status: "queued" },
    { version: 2, status: "running" },
    { version: 3, status: "ready", endedAt: 90 },
  ],
  steps: [
    { seq: 1, epoch: 1 },
    { seq: 2, epoch: 2 },
  ],
  grant: { n: 1, at: 50 },
  projected: { version: 3, status: "ready" },
  clients: [
    {
      streams: [
        { after: 0, ids: [1] },
        { after: 1, ids: [] },
        { after: 1, ids: [2, 3] },
      ],
      sawEnd: true,
    },
  ],
};
const ledger: History["ledger"] = [
  { seq: 1, at: 10, event: "call", call: "SOAP Create QueryDefinition", mid: 1, keys: [key] },
  { seq: 2, at: 20, event: "perform", taskId: 7, queryKey: key, mid: 1 },
  { seq: 3, at: 30, event: "applied", taskId: 7 },
];
const history: History = { runs: [run], ledger, assets: [], callsPerMinute: 1 };
const of = (change: Partial<RunHistory>): History => ({ ...history, runs: [{ ...run, ...change }] });
const streams = (...all: { after: number; ids: number[] }[]): History =>
  of({ clients: [{ streams: all, sawEnd: true }] });
const heard = (...more: Partial<History["ledger"][number]>[]): History => ({
  ...history,
  ledger: [...ledger, ...more.map((entry) => ({ seq: 9, at: 40, event: "call" as const, ...entry }))],
});
const temp: Partial<RunHistory> = { isAppend: false, keepsTable: true };
const table = { kind: "table" as const, key, mid: 1 };
const canceled = { log: [{ version: 1, status: "canceled" as const, endedAt: 40 }], clients: [] };

test("checkHistory() finds nothing in runs that went well", () => {
  expect(checkHistory(history)).toEqual([]);
  const discarded = [...run.log, { version: 4, status: "ready" as const, endedAt: 90 }];
  expect(checkHistory(of({ log: discarded, projected: { version: 4, status: "ready" } }))).toEqual([]);
  expect(checkHistory({ ...of(temp), assets: [table] })).toEqual([]);
  expect(checkHistory({ ...history, assets: [{ ...table, key: "Customers" }] })).toEqual([]);
});

test.each<[string, History, string[]]>([
  ["without an end", of({ log: run.log.slice(0, 2), clients: [] }), [`I1 ${id} has not ended: it is running`]],
  ["that nobody knows any more", of({ log: [], clients: [] }), [`I1 ${id} has not ended: it is unknown`]],
  [
    "that Postgres lacks",
    { ...history, runs: [without("projected")] },
    [`I1 ${id} is ready, version 3, and Postgres does not know it`],
  ],
  [
    "that Postgres has an old version of",
    of({ projected: { version: 2, status: "running" } }),
    [`I1 ${id} is ready, version 3, and Postgres has running, version 2`],
  ],
  ["applied twice", heard({ event: "applied", taskId: 7 }), [`I2 ${id} was applied 2 times`]],
  [
    "performed twice by one grant",
    heard({ event: "perform", taskId: 8, queryKey: key, mid: 1 }),
    [`I2 ${id} was performed 2 times, and granted 1`],
  ],
  [
    "performed without a grant",
    { ...history, runs: [without("grant")] },
    [`I2 ${id} was performed 1 times, and granted 0`],
  ],
  ["ready and never applied", { ...history, ledger: ledger.slice(0, 2) }, [`I2 ${id} is ready, and was never applied`]],
  ["that only Marketing Cloud knows", { ...history, runs: [] }, [`I2 ${id} was performed, and nobody knows it`]],
  [
    "with a gap in its log",
    of({ log: [1, 3].map((version) => ({ ...run.log[2], version, status: "ready" })), clients: [] }),
    [`I3 ${id} has the versions 1, 3`],
  ],
  [
    "with two ends",
    of({ log: [...run.log, { version: 4, status: "failed" }], projected: { version: 4, status: "failed" } }),
    [`I3 ${id} is failed after ready`],
  ],
  [
    "with a report taken twice",
    of({ steps: [...run.steps, { seq: 2, epoch: 2 }] }),
    [`I4 ${id} took the reports 1, 2, 2`],
  ],
  ["with a report lost", of({ steps: run.steps.slice(1) }), [`I4 ${id} took the reports 2`]],
  [
    "with a report of a bridge that was replaced",
    of({ steps: [...run.steps, { seq: 3, epoch: 1 }] }),
    [`I4 ${id} took report 3 of epoch 1 after a newer one`],
  ],
  [
    "with an event lost between two streams",
    streams({ after: 0, ids: [1] }, { after: 1, ids: [3] }),
    [`I5 ${id} a stream after 1 brought 3`],
  ],
  [
    "with an event repeated on the next stream",
    streams({ after: 0, ids: [1, 2] }, { after: 2, ids: [2, 3] }),
    [`I5 ${id} a stream after 2 brought 2, 3`],
  ],
  [
    "with an event twice on one stream",
    streams({ after: 0, ids: [1, 2, 2, 3] }),
    [`I5 ${id} a stream after 0 brought 1, 2, 2, 3`],
  ],
  ["with events out of order", streams({ after: 0, ids: [2, 1, 3] }), [`I5 ${id} a stream after 0 brought 2, 1, 3`]],
  [
    "whose client came back with an older id",
    streams({ after: 0, ids: [1, 2] }, { after: 1, ids: [2, 3] }),
    [`I5 ${id} a stream after 1 followed one that came to 2`],
  ],
  [
    "with a last event lost",
    streams({ after: 0, ids: [1, 2] }),
    [`I5 ${id} a client got the end after version 2 instead of 3`],
  ],
  [
    "whose client saw no end",
    of({ clients: [{ streams: [{ after: 0, ids: [1] }], sawEnd: false }] }),
    [`I5 ${id} a client did not get the end, its last version is 1`],
  ],
  [
    "that left its query",
    { ...history, assets: [{ ...table, kind: "query" }] },
    [`I7 ${id} left the query ${key} in 1`],
  ],
  ["that left its table", { ...history, assets: [table] }, [`I7 ${id} left the table ${key} in 1`]],
  [
    "with two tables",
    { ...of(temp), assets: [table, { ...table, key: `QPP_${id}_2` }] },
    [`I7 ${id} left the table QPP_${id}_2 in 1`],
  ],
  ["without its table", of(temp), [`I7 ${id} has lost its table`]],
  [
    "with a call under another unit's token",
    { ...heard({ call: "REST rowset", mid: 2, keys: [key] }), callsPerMinute: 9 },
    [`I8 ${id} belongs to 1, and REST rowset was made for 2`],
  ],
  [
    "with one call too many",
    heard({ mid: 1, at: 60_009 }),
    ["I9 business unit 1 got 2 calls in a minute instead of 1"],
  ],
  [
    "that ended otherwise than its cancel was answered",
    of({ isCancelAcknowledged: true }),
    [`I10 ${id} is ready, although its cancel was acknowledged`],
  ],
  [
    "that was granted a Perform when it was canceled",
    { ...of({ ...canceled, projected: { version: 1, status: "canceled" } }), ledger: [] },
    [`I10 ${id} was granted Perform 1 after it was canceled`],
  ],
])("checkHistory() finds a run %s", (_title, broken, lines) => {
  expect(checkHistory(broken).map(lineOf)).toEqual(lines);
});

test("checkHistory() counts calls in any minute, and no longer", () => {
  expect(checkHistory(heard({ mid: 1, at: 60_010 }))).toEqual([]);
  expect(checkHistory(heard({ mid: 2, at: 10 }))).toEqual([]);
});

function without(member: "grant" | "projected"): RunHistory {
  const { [member]: _gone, ...rest } = run;
  return rest;
}
