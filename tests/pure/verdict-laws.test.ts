import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { look, type Question, type Poll, type Seen } from "../../src/queue-bridge/verdict/signals.ts";
import { nextQuestion } from "../../src/queue-bridge/verdict/questions.ts";
import { judge, type Verdict } from "../../src/queue-bridge/verdict/verdict.ts";
import {
  answersOf,
  marketingClouds,
  readyAt,
  rowsetOf,
  termsOf,
  waits,
  type MarketingCloud,
} from "./support/marketing-clouds.ts";

/** One poll: how long after the last one, which answers are lost, and whether the job has forgotten the polls before. */
type Step = { after: number; loses: "nothing" | "row" | "isRunning" | "both" | "rowset"; forgets: boolean };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    after: fc.integer({ min: waits.settleMs, max: 6000 }),
    loses: fc.constantFrom("nothing", "nothing", "nothing", "row", "isRunning", "both", "rowset"),
    forgets: fc.constantFrom(false, false, false, false, true),
  }),
  { minLength: 1, maxLength: 60 },
);
/** For a while the status row cannot be read. */
const rowless: fc.Arbitrary<Step[]> = fc
  .nat({ max: 30 })
  .map((length) => Array.from({ length }, () => ({ after: 3000, loses: "row", forgets: false }) as const));
/** After them all, answers that arrive: the query has ended long ago. */
const patient: Step[] = Array.from({ length: 60 }, () => ({ after: 6000, loses: "nothing", forgets: false }));

/** Polls as the bridge does until the verdict is final; the last one, and when it was. */
function followed(cloud: MarketingCloud, story: readonly Step[]): { at: number; verdict: Verdict; seen: Seen } {
  const terms = Object.freeze(termsOf(cloud));
  let seen: Seen = { n: 1 };
  let at = 0;
  let verdict: Verdict = { kind: "running" };
  for (const { after, loses, forgets } of story) {
    at += after;
    if (forgets) seen = { n: 1 };
    const heard: Poll = { sinceMs: at };
    const asked = new Set<Question>();
    const before = seen;
    for (;;) {
      const question = nextQuestion(seen, heard, asked, terms);
      if (question === undefined) break;
      asked.add(question);
      const { row, isRunning } = answersOf(cloud, at);
      if (question === "row" && row !== undefined && loses !== "row" && loses !== "both") heard.row = row;
      if (question === "isRunning" && isRunning !== undefined && loses !== "isRunning" && loses !== "both")
        heard.isRunning = isRunning;
      seen = Object.freeze(look(before, heard));
    }
    verdict = judge(seen, Object.freeze(heard), terms);
    if (verdict.kind === "unsure" && verdict.wantsRows && loses !== "rowset") {
      const withRows: Poll = { ...heard, rowset: rowsetOf(cloud, at) };
      seen = Object.freeze(look(seen, withRows));
      verdict = judge(seen, Object.freeze(withRows), terms);
    }
    if (verdict.kind === "done" || verdict.kind === "failed") break;
  }
  return { at, verdict, seen };
}

const runs = { numRuns: 4000 };
const hasFailed = ({ error, status, taskIdLost }: MarketingCloud) =>
  error !== "none" && status !== "missing" && !taskIdLost;

describe("judge(), whatever Marketing Cloud does and whatever the job forgets", () => {
  it("never says done before the query has ended and its rows are whole", () => {
    fc.assert(
      fc.property(marketingClouds, steps, (cloud, story) => {
        const { at, verdict, seen } = followed(cloud, [...story, ...patient]);
        if (verdict.kind !== "done") return;
        expect(at).toBeGreaterThanOrEqual(readyAt(cloud));
        if (!cloud.isTarget) expect(seen.rows?.count).toBe(cloud.error === "none" ? cloud.rows : 0);
      }),
      runs,
    );
  });

  it("never says failed before the end, nor without a reason", () => {
    fc.assert(
      fc.property(marketingClouds, steps, (cloud, story) => {
        const { at, verdict } = followed(cloud, [...story, ...patient]);
        if (verdict.kind !== "failed") return;
        expect(at).toBeGreaterThanOrEqual(cloud.endsAt);
        if (verdict.why === "never-shown") expect(cloud.taskIdLost || cloud.status === "missing").toBe(true);
        else expect(hasFailed(cloud)).toBe(true);
      }),
      runs,
    );
  });

  it("never says done of a query whose status row shows that it failed", () => {
    fc.assert(
      fc.property(marketingClouds.filter(hasFailed), steps, rowless, (cloud, story, silence) => {
        expect(followed(cloud, [...story, ...silence, ...patient]).verdict.kind).toBe("failed");
      }),
      runs,
    );
  });

  it("concludes nothing from a status row that could not be read yet", () => {
    const cloud: MarketingCloud = {
      endsAt: 100,
      error: "none",
      status: "stuck-queued",
      statusLateMs: 0,
      sleepsMs: 0,
      taskIdLost: false,
      isTarget: false,
      rows: 0,
      rowset: "late",
      rowsLateMs: 0,
    };
    const unread: Step = { after: 21_000, loses: "row", forgets: false };
    expect(followed(cloud, [unread, unread, unread, unread]).verdict).toMatchObject({ why: "not-listed-yet" });
    expect(followed(cloud, [unread, unread, unread, ...patient]).verdict.kind).toBe("done");
  });

  it("comes to an end; without a TaskID only rows prove success", () => {
    fc.assert(
      fc.property(marketingClouds, steps, (cloud, story) => {
        const { verdict } = followed(cloud, [...story, ...patient]);
        expect(["done", "failed"]).toContain(verdict.kind);
        if (cloud.taskIdLost && (cloud.isTarget || cloud.rows === 0)) expect(verdict.kind).toBe("failed");
      }),
      runs,
    );
  });

  it("says no more on one poll alone than is true", () => {
    fc.assert(
      fc.property(marketingClouds, fc.integer({ min: 0, max: 200_000 }), (cloud, at) => {
        const { verdict } = followed(cloud, [{ after: at, loses: "nothing", forgets: true }]);
        if (verdict.kind === "done") expect(at).toBeGreaterThanOrEqual(readyAt(cloud));
        if (verdict.kind === "failed") expect(at).toBeGreaterThanOrEqual(cloud.endsAt);
      }),
      runs,
    );
  });
});
