import { describe, expect, it } from "vitest";
import { grantPerform } from "#run/grant.ts";
import { claim } from "#run/claim.ts";
import type { Run } from "#run/run.ts";
import { cancel, end, step, type Circumstances, type Step } from "#run/step.ts";
import { aQueuedRun, aRunningRun, aTransition } from "../support/runs.ts";

const columns = [{ name: "A", type: "Text", maxLength: 50 }];
const error = { code: "QUERY_FAILED", title: "It failed", detail: "Because" } as const;
const result = { customerKey: "QPP_0123456789abcdef0123456789abcd_1" };
const nonce = "3f0f7a1e-7a55-4a3f-8a30-93e3a8f0e7c1";
const grant = { n: 1, nonce, at: 2_500, state: "open" } as const;

function circumstances(overrides: Partial<Circumstances> = {}): Circumstances {
  return { now: 9_000, hash: "h", hashOf: () => undefined, resultTtlMs: 1_000_000, ...overrides };
}

function moved(next: Step): Run {
  if (next.kind !== "moved") throw new Error(`not moved but ${JSON.stringify(next)}`);
  return next.run;
}

describe("step()", () => {
  it("calls a transition delivered twice a repeat", () => {
    const run = aRunningRun({ seq: 1 });
    const again = aTransition(aRunningRun(), { type: "confirming" });
    expect(step(run, again, circumstances({ hashOf: () => "h" }))).toEqual({ kind: "repeat" });
  });

  it("calls another body under a known number a conflict", () => {
    const run = aRunningRun({ seq: 1 });
    const other = aTransition(aRunningRun(), { type: "confirming" });
    expect(step(run, other, circumstances({ hashOf: () => "another" }))).toEqual({ kind: "refused", why: "conflict" });
  });

  it("refuses a number that leaves a gap", () => {
    const run = aRunningRun();
    const next = { ...aTransition(run, { type: "confirming" }), seq: 2 };
    expect(step(run, next, circumstances())).toEqual({ kind: "refused", why: "gap" });
  });

  it("refuses a bridge whose epoch is over, and one from the future", () => {
    const run = aRunningRun({ epoch: 2 });
    for (const epoch of [1, 3]) {
      const next = { ...aTransition(run, { type: "confirming" }), epoch };
      expect(step(run, next, circumstances())).toEqual({ kind: "refused", why: "stale-epoch" });
    }
  });

  it("moves to executing when Perform was taken, under the open grant only", () => {
    const run = aRunningRun({ grant });
    const next = step(run, aTransition(run, { type: "performed", n: 1, taskId: "77" }), circumstances());
    expect(moved(next)).toMatchObject({
      phase: "executing",
      version: 3,
      seq: 1,
      grant: { state: "performed", taskId: "77" },
    });
    const without = aRunningRun();
    const refused = step(without, aTransition(without, { type: "performed", n: 1 }), circumstances());
    expect(refused).toEqual({ kind: "refused", why: "no-grant" });
  });

  it.each([
    ["an open grant of another number", { ...grant, n: 2 }],
    ["a Perform that was taken", { ...grant, state: "performed" as const }],
    ["a Perform that was refused", { ...grant, state: "rejected" as const }],
  ])("accepts no transition about Perform 1 under %s", (_, known) => {
    const run = aRunningRun({ grant: known });
    for (const said of [
      { type: "performed", n: 1, taskId: "78" },
      { type: "performRejected", n: 1, evidence: "refused" },
      { type: "performRejected", n: 1, evidence: "not-running" },
    ] as const) {
      expect(step(run, aTransition(run, said), circumstances())).toEqual({ kind: "refused", why: "no-grant" });
    }
  });

  it("frees the next Perform after a definite refusal in every mode, by reading for all but an append", () => {
    const rejected = { type: "performRejected", n: 1 } as const;
    for (const mode of ["overwrite", "update", "append"] as const) {
      const run = aRunningRun({ grant, target: { customerKey: "T", mode } });
      const refused = step(run, aTransition(run, { ...rejected, evidence: "refused" }), circumstances());
      expect(moved(refused).grant?.state).toBe("rejected");
      const read = step(run, aTransition(run, { ...rejected, evidence: "not-running" }), circumstances());
      expect(read.kind).toBe(mode === "append" ? "refused" : "moved");
    }
  });

  it("keeps the table of a failed run as long as a result, only where the bridge asks for it", () => {
    const run = aRunningRun();
    const failed = { type: "failed", error } as const;
    expect(moved(step(run, aTransition(run, failed), circumstances()))).not.toHaveProperty("expiresAt");
    const kept = moved(step(run, aTransition(run, { ...failed, keepsTable: true }), circumstances()));
    expect(kept).toMatchObject({ status: "failed", error, endedAt: 9_000, expiresAt: 2_000 + 1_000_000 });
  });

  it("keeps no table of a run into a target, which has none", () => {
    const run = aRunningRun({ flow: "run-to-target", target: { customerKey: "T", mode: "append" } });
    const said = aTransition(run, { type: "failed", error, keepsTable: true });
    expect(moved(step(run, said, circumstances()))).not.toHaveProperty("expiresAt");
  });

  it("begins a second shell when the result did not fit our own table, once", () => {
    const run = aRunningRun({ grant: { ...grant, state: "performed" } });
    const misfit = { type: "misfit", n: 1, columns, notes: ["again"] } as const;
    const second = moved(step(run, aTransition(run, misfit), circumstances()));
    expect(second).toMatchObject({
      attempt: 2,
      phase: "preparing",
      columns,
      notes: ["again"],
      version: run.version + 1,
    });
    expect(grantPerform(second, { epoch: second.epoch, n: 2, nonce: "y" }, 5).kind).toBe("granted");
    const again = { ...second, grant: { ...grant, n: 2, state: "performed" as const } };
    expect(step(again, aTransition(again, { ...misfit, n: 2 }), circumstances())).toEqual({
      kind: "refused",
      why: "no-grant",
    });
  });

  it("begins no second shell for a target, nor before Perform was taken", () => {
    const misfit = { type: "misfit", n: 1, columns, notes: [] } as const;
    const performed = { ...grant, state: "performed" as const };
    const target = { customerKey: "K", mode: "append" as const };
    for (const run of [
      aRunningRun({ grant: performed, flow: "run-to-target", target }),
      aRunningRun({ grant }),
      aRunningRun(),
    ]) {
      expect(step(run, aTransition(run, misfit), circumstances())).toEqual({ kind: "refused", why: "no-grant" });
    }
  });

  it("ends ready with an expiry counted from the run's start", () => {
    const run = aRunningRun({ startedAt: 2_000 });
    const next = step(
      run,
      aTransition(run, { type: "ready", result, rowCount: 3, columns, notes: ["n"] }),
      circumstances(),
    );
    expect(moved(next)).toMatchObject({
      status: "ready",
      endedAt: 9_000,
      expiresAt: 1_002_000,
      rowCount: 3,
      columns,
      notes: ["n"],
    });
    expect("phase" in moved(next)).toBe(false);
  });

  it("accepts ledger notes after the end, without a version, and nothing else", () => {
    const over = moved(step(aRunningRun(), aTransition(aRunningRun(), { type: "failed", error }), circumstances()));
    const note = { state: "deleted", asset: "dataExtension", attempt: 1, customerKey: "K" } as const;
    const noted = step(over, aTransition(over, { type: "noted", note }), circumstances());
    expect(noted).toMatchObject({
      kind: "moved",
      visible: false,
      note,
      run: { version: over.version, seq: over.seq + 1 },
    });
    const late = step(over, aTransition(over, { type: "ready", result, columns, notes: [] }), circumstances());
    expect(late).toEqual({ kind: "refused", why: "run-is-over" });
  });
});

describe("claim()", () => {
  it("makes a queued run running with the first claim, and is idempotent by claimId", () => {
    const first = claim(aQueuedRun(), "c1", 2_000);
    expect(first).toMatchObject({
      visible: true,
      run: { status: "running", phase: "preparing", epoch: 1, version: 2 },
    });
    expect(claim(first.run, "c1", 3_000)).toEqual({ run: first.run, visible: false });
    expect(claim(first.run, "c2", 3_000)).toMatchObject({ visible: false, run: { epoch: 2, version: 2 } });
  });
});

describe("grantPerform()", () => {
  const ask = { epoch: 1, n: 1, nonce };

  it("grants once: the same nonce again, another never", () => {
    const first = grantPerform(aRunningRun(), ask, 5);
    if (first.kind !== "granted") throw new Error(first.kind);
    expect(grantPerform(first.run, ask, 6)).toMatchObject({ kind: "granted", grant: first.grant });
    const other = { ...ask, nonce: "6a0f7a1e-7a55-4a3f-8a30-93e3a8f0e7c1" };
    expect(grantPerform(first.run, other, 6)).toEqual({ kind: "already", grant: first.grant });
    expect(grantPerform(first.run, { ...other, n: 2 }, 6)).toEqual({ kind: "already", grant: first.grant });
  });

  it("grants the next number only after the last was rejected", () => {
    const run = aRunningRun({ grant: { ...grant, state: "rejected" } });
    expect(grantPerform(run, { ...ask, n: 2 }, 6)).toMatchObject({ kind: "granted", grant: { n: 2, state: "open" } });
    expect(grantPerform(run, { ...ask, n: 3 }, 6)).toMatchObject({ kind: "already" });
  });

  it("refuses a run that is not running", () => {
    expect(grantPerform(aQueuedRun(), ask, 6)).toEqual({ kind: "refused" });
    expect(grantPerform(cancel(aRunningRun(), 5), ask, 6)).toEqual({ kind: "refused" });
  });
});

describe("cancel()", () => {
  it("says that MCE may still be finishing once Perform was granted", () => {
    expect(cancel(aRunningRun({ grant }), 5)).toMatchObject({
      status: "canceled",
      endedAt: 5,
      notes: [expect.stringMatching(/cannot abort .* discarded/)],
    });
    const target = { customerKey: "T", mode: "append" } as const;
    const canceled = cancel(aRunningRun({ grant, flow: "run-to-target", target }), 5);
    expect(canceled.notes).toEqual([expect.stringMatching(/cannot abort .* may still reach "T"/)]);
    expect(cancel(aRunningRun(), 5).notes).toEqual([]);
  });

  it("changes nothing after the end", () => {
    const over = end(aRunningRun(), error, 4);
    expect(cancel(over, 5)).toBe(over);
  });
});
