import { expect, test } from "vitest";
import { look, type Poll, type Seen } from "../../src/queue-bridge/verdict/signals.ts";
import { evidenceOf, judge, type Terms, type Verdict } from "../../src/queue-bridge/verdict/verdict.ts";
import { readSettings } from "#protocol/settings.ts";
import { complete, missing, patterns, queued, row, target, temp, type Moment } from "./support/end-patterns.ts";
import { lostPatterns } from "./support/lost-patterns.ts";
import { targetPatterns } from "./support/target-patterns.ts";

/** Polls as the bridge does: the rowset is only read when the verdict asks for it. */
function verdictsOf(terms: Terms, moments: readonly Moment[], from: Seen = { n: 1 }): Verdict[] {
  let seen = from;
  return moments.map(([second, status, isRunning, rows]) => {
    const poll: Poll = {
      sinceMs: second * 1000,
      ...(status === null ? {} : { row: status }),
      ...(isRunning === null ? {} : { isRunning }),
    };
    seen = look(seen, poll);
    const verdict = judge(seen, poll, terms);
    if (verdict.kind !== "unsure" || !verdict.wantsRows || rows === undefined) return verdict;
    const asked: Poll = { ...poll, rowset: rowsetOf(rows) };
    seen = look(seen, asked);
    return judge(seen, asked, terms);
  });
}
function rowsetOf(rows: NonNullable<Moment[3]>): NonNullable<Poll["rowset"]> {
  if (rows === "silent") return { kind: "silent" };
  return rows === "uncounted" ? { kind: "answers" } : { kind: "answers", count: rows };
}
const short = (verdict: Verdict) => (verdict.kind === "running" ? "running" : `${verdict.kind}: ${verdict.why}`);
const judged = (terms: Terms, moments: readonly Moment[]) => verdictsOf(terms, moments).map(short);

test.each([...patterns, ...lostPatterns])("judge(): %s", (_name, terms, story) => {
  const moments = story.map(([moment]) => moment);
  expect(judged(terms, moments)).toEqual(story.map(([, expected]) => expected));
});

test.each(targetPatterns)("judge() of a run into a target: %s", (_name, story) => {
  const moments = story.map(([moment]) => moment);
  expect(judged(target, moments)).toEqual(story.map(([, expected]) => expected));
});

test.each(["Skipped", "Stopped", "TimedOut", "Timed out", "Killed", "Expired"])(
  "judge() reads %s as a failure",
  (word) => {
    expect(judged(target, [[5, row(word), false]])).toEqual(["failed: error-status"]);
  },
);

test("with the default settings, an error that shows some seconds after the end still counts", () => {
  const { notRunningGraceMs: graceMs, settleMs, stoppedAloneMs } = readSettings({});
  const terms = { ...target, graceMs, settleMs, stoppedAloneMs };
  const seconds = [110, 113, 116];
  for (const stale of [queued, missing]) {
    const stopped = seconds.map((second): Moment => [second, stale, false, "uncounted"]);
    expect(judged(terms, [[100, stale, true], ...stopped]).join()).not.toContain("done");
    expect(judged(terms, [[100, stale, true], ...stopped, [124, stale, false, "uncounted"]]).join()).toContain("done");
  }
});

test("judge() says when the same signals would decide", () => {
  expect(verdictsOf(temp, [[1, queued, false]])).toEqual([{ kind: "running", decisiveAtMs: 20_000 }]);
  expect(verdictsOf(temp, [[2, complete, false, "silent"]])).toMatchObject([{ kind: "unsure", decisiveAtMs: 2900 }]);
});

test("judge() asks for a target's rows only when its query has ended", () => {
  expect(verdictsOf(target, [[1, complete, false]])).toMatchObject([{ kind: "unsure", wantsRows: false }]);
  expect(verdictsOf(temp, [[1, complete, false]])).toMatchObject([{ kind: "unsure", wantsRows: true }]);
});

test("judge() passes on MCE's own words", () => {
  expect(verdictsOf(temp, [[2, row("Error", "Divide by zero"), false]])).toEqual([
    { kind: "failed", why: "error-status", message: "Divide by zero" },
  ]);
});

test("evidenceOf() describes what a verdict rests on in our own words", () => {
  const poll: Poll = { sinceMs: 4000.4, row: row("Secret words"), isRunning: false, rowset: { kind: "silent" } };
  const seen = look({ n: 1, wasRunning: true }, poll);
  expect(evidenceOf({ kind: "done", why: "complete-and-stopped" }, seen, poll)).toEqual({
    verdict: "done",
    why: "complete-and-stopped",
    sincePerformMs: 4000,
    status: "other",
    isRunning: false,
    wasRunning: true,
    rows: "silent",
  });
});
