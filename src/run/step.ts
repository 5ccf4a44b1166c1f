import { given } from "#lang/given.ts";
import type { Progress, Run } from "./run.ts";
import type { Grant } from "#protocol/grant.ts";
import { isOver, type Phase } from "#protocol/run-status.ts";
import type { LedgerNote } from "#protocol/ledger-note.ts";
import type { RunError } from "#protocol/run-error.ts";
import { stillFinishing } from "./still-finishing.ts";
import { leavePhase } from "./timings.ts";
import type { Transition } from "#protocol/transition.ts";

export type Why = "stale-epoch" | "conflict" | "gap" | "run-is-over" | "no-grant";

export type Step =
  /** `visible`: the version rose, so watchers must get it. */
  | { kind: "moved"; run: Run; visible: boolean; note?: LedgerNote }
  /** Delivered twice: accept it, change nothing. */
  | { kind: "repeat" }
  | { kind: "refused"; why: Why };

export type Circumstances = {
  /** The object's clock, epoch milliseconds. */
  now: number;
  /** Hash of this transition's body. */
  hash: string;
  /** Hash of the body first accepted under a sequence number. */
  hashOf: (seq: number) => string | undefined;
  resultTtlMs: number;
};

/** Decides what one transition of the bridge does to a run. Pure: no clock, no I/O, never throws. */
export function step(run: Run, next: Transition, at: Circumstances): Step {
  if (next.epoch !== run.epoch) return refuse("stale-epoch");
  if (next.seq <= run.seq) return at.hashOf(next.seq) === at.hash ? { kind: "repeat" } : refuse("conflict");
  if (next.seq !== run.seq + 1) return refuse("gap");
  if (next.type === "noted") return { kind: "moved", run: { ...run, seq: next.seq }, visible: false, note: next.note };
  if (run.status !== "running") return refuse("run-is-over");
  const moved = { ...run, seq: next.seq };
  switch (next.type) {
    case "planned":
      return show({ ...moved, columns: next.columns, notes: merge(run.notes, next.notes) });
    case "performed": {
      const grant = openGrant(run, next.n);
      if (grant === undefined) return refuse("no-grant");
      const taskId = given({ taskId: next.taskId });
      return show(phase({ ...moved, grant: { ...grant, ...taskId, state: "performed" } }, "executing", at.now));
    }
    case "performRejected": {
      const grant = openGrant(run, next.n);
      if (grant === undefined) return refuse("no-grant");
      // An append whose answer was lost may still be running: no later read proves that it is not (D4).
      if (next.evidence === "not-running" && run.target?.mode === "append") return refuse("no-grant");
      return { kind: "moved", run: { ...moved, grant: { ...grant, state: "rejected" } }, visible: false };
    }
    case "misfit": {
      const { grant } = run;
      const isOurs = run.flow === "run-to-temp" && run.target === undefined;
      if (grant?.n !== next.n || grant.state !== "performed" || !isOurs || run.attempt !== undefined)
        return refuse("no-grant");
      const { columns, notes } = next;
      const again = {
        attempt: 2,
        columns,
        notes: merge(run.notes, notes),
        grant: { ...grant, state: "rejected" as const },
      };
      return show(phase({ ...moved, ...again }, "preparing", at.now));
    }
    case "confirming":
      return show(phase(moved, "confirming", at.now));
    case "ready": {
      const { startedAt } = run;
      const expiresAt = expiry(run, at);
      const progress: Progress = { status: "ready", startedAt, endedAt: at.now, expiresAt, result: next.result };
      const counts = given({ rowCount: next.rowCount, truncated: next.truncated });
      const seen = { columns: next.columns, notes: merge(run.notes, next.notes) };
      return show({ ...base(moved), ...leavePhase(moved, at.now), ...seen, ...progress, ...counts });
    }
    case "failed": {
      const failed = fail(moved, next.error, at.now);
      const hasTable = next.keepsTable === true && run.target === undefined;
      return show(hasTable ? { ...failed, expiresAt: expiry(run, at) } : failed);
    }
  }
}

/** Ends a run as canceled; the same run when it is over already (R10). */
export function cancel(run: Run, now: number): Run {
  if (isOver(run.status)) return run;
  const notes =
    run.grant === undefined || run.grant.state === "rejected" ? run.notes : merge(run.notes, [stillFinishing(run)]);
  return raise({ ...base(run), ...leavePhase(run, now), ...started(run), notes, status: "canceled", endedAt: now });
}

/** Ends the life of a result, or of the table that a failed run left; the same run when there is none (any more). */
export function discard(run: Run, now: number): Run {
  const isKept = (run.status === "ready" || run.status === "failed") && (run.expiresAt ?? 0) > now;
  return isKept ? raise({ ...run, expiresAt: now }) : run;
}

/** Ends a run as failed at a deadline of the object's own; the same run when it is over already. */
export function end(run: Run, error: RunError, now: number): Run {
  return isOver(run.status) ? run : raise(fail(run, error, now));
}

/** A temp DE lives from its creation; the run's start is before that, so it is on the safe side. */
function expiry(run: Run & { status: "running" }, at: Circumstances): number {
  return run.startedAt + at.resultTtlMs;
}

function openGrant(run: Run, n: number): Grant | undefined {
  return run.grant?.n === n && run.grant.state === "open" ? run.grant : undefined;
}

function fail(run: Run, error: RunError, now: number): Run & { status: "failed" } {
  return { ...base(run), ...leavePhase(run, now), ...started(run), status: "failed", endedAt: now, error };
}

function phase(run: Run & { status: "running" }, next: Phase, now: number): Run {
  return run.phase === next ? run : { ...run, ...leavePhase(run, now), phase: next };
}

/** A run without the members that belong to its status. */
function base(run: Run) {
  const { id, tenancy, flow, createdAt, version, epoch, seq, notes } = run;
  const { snippetName, target, total, traceparent, claimId, columns, grant, attempt } = run;
  return {
    id,
    tenancy,
    flow,
    createdAt,
    version,
    epoch,
    seq,
    notes,
    ...given({ snippetName, target, total, traceparent, claimId, columns, grant, attempt }),
  };
}

function started(run: Run): { startedAt?: number } {
  return "startedAt" in run && run.startedAt !== undefined ? { startedAt: run.startedAt } : {};
}

function merge(known: readonly string[], more: readonly string[]): readonly string[] {
  return [...known, ...more.filter((note) => !known.includes(note))];
}

function raise(run: Run): Run {
  return { ...run, version: run.version + 1 };
}

function show(run: Run): Step {
  return { kind: "moved", run: raise(run), visible: true };
}

function refuse(why: Why): Step {
  return { kind: "refused", why };
}
