import { describe, expect, it } from "vitest";
import { claim } from "#run/claim.ts";
import { cancel, discard, step } from "#run/step.ts";
import { timingsOf } from "#run/timings.ts";
import { viewOf } from "#run/view.ts";
import type { Run } from "#run/run.ts";
import { aQueuedRun, aRunningRun, aTransition } from "../support/runs.ts";

const columns = [{ name: "A", type: "Number" as const }];
const result = { customerKey: "k" };

/** Folds a transition at a time. */
function after(run: Run, now: number, rest: Parameters<typeof aTransition>[1]): Run {
  const next = step(run, aTransition(run, rest), { now, hash: "h", hashOf: () => undefined, resultTtlMs: 1000 });
  if (next.kind !== "moved") throw new Error(`not moved: ${JSON.stringify(next)}`);
  return next.run;
}

const performing = (run: Run, at: number): Run => ({ ...run, grant: { n: 1, nonce: "n", at, state: "open" } });

describe("timings of a run", () => {
  it("tell each part once it is over, and do not change within a version", () => {
    const queued = aQueuedRun({ createdAt: 1000 });
    expect(timingsOf(queued)).toBeUndefined();
    const preparing = claim(queued, "c1", 1300).run;
    expect(timingsOf(preparing)).toEqual({ queuedMs: 300 });
    const executing = after(performing(preparing, 1400), 1500, { type: "performed", n: 1 });
    expect(timingsOf(executing)).toEqual({ queuedMs: 300, preparingMs: 200 });
    const confirming = after(executing, 3500, { type: "confirming" });
    const ready = after(confirming, 4000, { type: "ready", result, columns, notes: [] });
    expect(viewOf(ready).timings).toEqual({
      queuedMs: 300,
      preparingMs: 200,
      executingMs: 2000,
      confirmingMs: 500,
      totalMs: 3000,
    });
  });

  it("add up when a run goes through a phase twice", () => {
    const preparing = claim(aQueuedRun({ createdAt: 0 }), "c1", 0).run;
    const executing = after(performing(preparing, 0), 100, { type: "performed", n: 1 });
    const again = after(executing, 300, { type: "misfit", n: 1, columns, notes: [] });
    const second = after({ ...again, grant: { n: 2, nonce: "n", at: 350, state: "open" } }, 400, {
      type: "performed",
      n: 2,
    });
    expect(timingsOf(second)).toEqual({ queuedMs: 0, preparingMs: 200, executingMs: 200 });
  });

  it("have the whole time of one that was canceled in line, and what is known of one that an older version stored", () => {
    expect(timingsOf(cancel(aQueuedRun({ createdAt: 1000 }), 1200))).toEqual({ queuedMs: 200, totalMs: 200 });
    expect(timingsOf(cancel(aRunningRun(), 5000))).toEqual({ queuedMs: 1000, totalMs: 4000 });
  });
});

describe("discard()", () => {
  const ready = after(aRunningRun(), 5000, { type: "ready", result, columns, notes: [] });

  it("ends a result at once, as a new version, and only once", () => {
    const ended = discard({ ...ready, expiresAt: 9000 } as Run, 6000);
    expect(ended).toMatchObject({ expiresAt: 6000, version: ready.version + 1 });
    expect(discard(ended, 7000)).toBe(ended);
  });

  it("changes nothing of a run without a result", () => {
    for (const run of [aQueuedRun(), aRunningRun(), cancel(aRunningRun(), 5)]) expect(discard(run, 6000)).toBe(run);
  });
});
