import { expect, test } from "vitest";
import { nextQuestion } from "../../src/queue-bridge/verdict/questions.ts";
import { look, noteFailures, type Poll, type Seen } from "../../src/queue-bridge/verdict/signals.ts";
import { slowedBy } from "../../src/queue-bridge/query/waiting.ts";

const terms = { graceMs: 20_000, isTaskKnown: true };
const first = (seen: Seen) => nextQuestion(seen, { sinceMs: 5000 }, new Set(), terms);

test.each([
  ["Complete", "complete"],
  ["Completed", "complete"],
  ["COMPLETED", "complete"],
  ["Completed with Errors", "error"],
  ["FatalError", "error"],
  ["Incomplete", "other"],
])("look() reads the status %s as %s", (status, word) => {
  expect(look({ n: 1 }, { sinceMs: 0, row: { status, errorMsg: "" } }).status).toBe(word);
});

test.each<[string, Seen, Poll, Partial<Seen>]>([
  [
    "counts isrunning that could not answer",
    { n: 1 },
    { sinceMs: 1, failed: ["isRunning"], isRunningAway: true },
    { silent: "isRunning", runningFailures: 1 },
  ],
  [
    "goes on counting",
    { n: 1, runningFailures: 2 },
    { sinceMs: 1, failed: ["isRunning"], isRunningAway: true },
    { silent: "isRunning", runningFailures: 3 },
  ],
  [
    "does not count a wish for patience",
    { n: 1 },
    { sinceMs: 1, failed: ["isRunning", "row"] },
    { silent: "isRunning" },
  ],
  [
    "keeps both while it is not asked",
    { n: 1, silent: "isRunning", runningFailures: 2 },
    { sinceMs: 1, row: "missing" },
    { silent: "isRunning", runningFailures: 2 },
  ],
  ["gives a row its turn back with any answer", { n: 1, silent: "row" }, { sinceMs: 1, isRunning: true }, {}],
  [
    "forgets both when it answers",
    { n: 1, silent: "isRunning", runningFailures: 2 },
    { sinceMs: 1, isRunning: true },
    {},
  ],
  [
    "turns to what failed first now",
    { n: 1, silent: "isRunning" },
    { sinceMs: 1, failed: ["row"], isRunning: false },
    { silent: "row" },
  ],
])("noteFailures() %s", (_, seen, poll, expected) => {
  expect(noteFailures(seen, poll)).toEqual({ n: 1, ...expected });
});

test("nextQuestion() asks last what failed last", () => {
  expect(first({ n: 1 })).toBe("isRunning");
  expect(first({ n: 1, silent: "isRunning" })).toBe("row");
  expect(first({ n: 1, wasRunning: true })).toBe("row");
  expect(first({ n: 1, wasRunning: true, silent: "row" })).toBe("isRunning");
});

test("nextQuestion() stops asking isrunning once a Complete has stood for a grace", () => {
  const seen: Seen = { n: 1, status: "complete", completeSinceMs: 1000 };
  const row = { status: "Complete", errorMsg: "" };
  expect(nextQuestion(seen, { sinceMs: 20_999, row }, new Set(["row"]), terms)).toBe("isRunning");
  expect(nextQuestion(seen, { sinceMs: 21_000, row }, new Set(["row"]), terms)).toBeUndefined();
});

test.each([
  [0, undefined],
  [1, undefined],
  [2, 4000],
  [3, 8000],
  [6, 30_000],
])("slowedBy() %i failures in a row leaves %s ms between two polls", (failures, slowedMs) => {
  expect(slowedBy(failures, { retryMinMs: 1000, retryMaxMs: 30_000 }).slowedMs).toBe(slowedMs);
});
