import { expect, test } from "vitest";
import { inHandAt, openBridgeLog } from "../../bench/chaos/bridge-log.ts";
import { struckAlone } from "../../bench/chaos/lives.ts";
import { countExposures, type Life } from "../../bench/chaos/meetings.ts";
import type { Ordered } from "../../bench/chaos/person.ts";
import { stepNames, staysOf, type Course, type StepSpan } from "../../bench/chaos/stays.ts";
import type { Moments } from "../../bench/history/history.ts";

/** A look at rows that went well, step by step, in tens of milliseconds. */
const moments: Moments = {
  createdAt: 10,
  startedAt: 20,
  endedAt: 60,
  hasResult: true,
  reports: [
    { at: 21, type: "planned" },
    { at: 22, type: "noted", asset: "dataExtension created" },
    { at: 30, type: "noted", asset: "queryDefinition created" },
    { at: 40, type: "performed" },
    { at: 50, type: "confirming" },
    { at: 60, type: "ready" },
    { at: 65, type: "noted", asset: "queryDefinition deleted" },
    // By its user, long after.
    { at: 900, type: "noted", asset: "dataExtension deleted" },
  ],
};
const course: Course = { ordered: { from: 5, to: 12 }, moments, watched: [{ from: 13, to: 61 }] };
const spans = (stays: readonly StepSpan[]) => stays.map(({ step, from, to }) => `${step} ${from}–${to}`);
const inside = (change: Partial<Moments>) => spans(staysOf({ moments: { ...moments, ...change }, watched: [] }));

test("staysOf() says when a run was at which step", () => {
  expect(spans(staysOf(course))).toEqual([
    "A 5–12",
    "B 10–20",
    "C 20–30",
    "D 30–40",
    "E 40–50",
    "F 50–60",
    "G 60–65",
    "H 13–61",
  ]);
});

test("staysOf() goes back with a second table, and with a Perform that was refused", () => {
  const reports = [
    { at: 30, type: "noted", asset: "queryDefinition created" },
    { at: 31, type: "performRejected" },
    { at: 32, type: "performed" },
    { at: 33, type: "misfit" },
    { at: 34, type: "noted", asset: "queryDefinition created" },
  ];
  expect(inside({ reports })).toEqual([
    "B 10–20",
    "C 20–30",
    "D 30–31",
    "D 31–32",
    "E 32–33",
    "C 33–34",
    "D 34–60",
    "G 60–60",
  ]);
});

test("staysOf() knows runs that were never claimed, that are not over, whose reports came late, and that nobody knows", () => {
  const unclaimed: Moments = { createdAt: 10, endedAt: 60, hasResult: false, reports: [] };
  expect(spans(staysOf({ moments: unclaimed, watched: [] }))).toEqual(["B 10–60", "G 60–60"]);
  const open: Moments = { createdAt: 10, startedAt: 20, hasResult: false, reports: [{ at: 40, type: "performed" }] };
  expect(spans(staysOf({ moments: open, watched: [] }))).toEqual(["B 10–20", "C 20–40", "E 40–Infinity"]);
  expect(inside({ endedAt: 45 })).toEqual(["B 10–20", "C 20–30", "D 30–40", "E 40–45", "G 45–65"]);
  expect(staysOf({ watched: [] })).toEqual([]);
});

test("staysOf() lets a run without a result be cleaned up until its table is gone", () => {
  expect(inside({ hasResult: false }).at(-1)).toBe("G 60–900");
});

const none = Object.fromEntries(stepNames.map((step) => [step, 0]));
const lives: Life[] = [
  { id: "one", stays: staysOf(course) },
  { id: "other", stays: [{ step: "E", from: 0, to: 100 }] },
];
const finding = (runId: string) => ({ invariant: "I1" as const, what: "", runId });

test("countExposures() counts a run once for each fault and step, and the findings about it", () => {
  const struck = [
    { name: "Redis away", from: 45, to: 55 },
    { name: "Redis away", from: 47, to: 48 },
    { name: "edge killed", from: 200, to: 200 },
  ];
  expect(countExposures(lives, struck, [finding("one"), finding("one"), finding("strange")])).toEqual([
    { ...none, fault: "edge killed", findings: 0 },
    { ...none, fault: "Redis away", E: 2, F: 1, H: 1, findings: 2 },
  ]);
});

test("countExposures() leaves out runs that a fault did not strike, where the fault tells", () => {
  const only = [{ runId: "one", from: 25, to: 25 }];
  expect(countExposures(lives, [{ name: "a clock", from: 0, to: 100, only }], [finding("other")])).toEqual([
    { ...none, fault: "a clock", C: 1, H: 1, findings: 0 },
  ]);
});

const said = (event: string, facts: Record<string, string> = {}) => JSON.stringify({ event, ...facts });

test("openBridgeLog() reads from a bridge's log what it had to do with, and what it has in hand", () => {
  const bridgeLog = openBridgeLog();
  const lines = [
    "no JSON",
    said("bridge up"),
    said("command taken", { runId: "a" }),
    said("claimed", { runId: "a", task: "run" }),
    said("claimed", { runId: "b", task: "run" }),
    said("claimed", { runId: "c", task: "none" }),
    said("start ended", { runId: "b", ending: "later" }),
    said("start ended", { runId: "a", ending: "ready" }),
  ];
  for (const [at, line] of lines.entries()) bridgeLog.read(line, at);
  expect(bridgeLog.isUp()).toBe(true);
  expect(bridgeLog.touches()).toEqual([
    { runId: "a", from: 2, to: 7 },
    { runId: "b", from: 4, to: 6 },
    { runId: "c", from: 5, to: 5 },
  ]);
  expect(bridgeLog.inHand()).toEqual(["a"]);
});

test("inHandAt() finds what a bridge had in hand each time it was killed; the next one has nothing yet", () => {
  const line = (at: number, event: string, runId?: string) =>
    JSON.stringify({ at: new Date(at).toISOString(), event, task: "run", runId });
  const log = [line(1, "bridge up"), line(2, "claimed", "a"), line(8, "bridge up"), line(9, "claimed", "b")].join("\n");
  expect(inHandAt(log, [20, 5, 8])).toEqual([
    { runId: "a", from: 5, to: 5 },
    { runId: "b", from: 20, to: 20 },
  ]);
});

test("struckAlone() tells the first death of a run's bridge from the others, and when users canceled", () => {
  const death = (runId: string, at: number) => ({ runId, from: at, to: at });
  const ordered = [{ id: "a", canceled: { from: 1, to: 2 } }, { id: "b" }] as unknown as Ordered[];
  const deaths = [death("a", 3), death("b", 2), death("a", 1)];
  expect(struckAlone(ordered, deaths).map(({ name, only }) => ({ name, only }))).toEqual([
    { name: "its bridge dies", only: deaths },
    { name: "its bridge dies again", only: [death("a", 3)] },
    { name: "its user cancels", only: [{ runId: "a", from: 1, to: 2 }] },
  ]);
});
