import { z } from "zod";
import type { LedgerEntry } from "./ledger.ts";
import type { RunId } from "./ids.ts";
import type { Grant, Run, RunStatus } from "./run.ts";
import { isOver } from "./run.ts";
import type { Column } from "./column.ts";
import type { FlowName, Target } from "./target.ts";
import type { Tenancy } from "./tenancy.ts";

/**
 * `POST /bridge/runs/{id}/claim`: one start of the processor. The same claimId again gets the same answer. `delivery` is
 * the job's (D7): a job that was put in vain is told so, and takes the run from nobody.
 */
export const ClaimRequest = z.strictObject({ claimId: z.uuid(), delivery: z.int().positive().optional() });
export type ClaimRequest = z.infer<typeof ClaimRequest>;

/** What there is to do: the run itself, only its clean-up (D6), or nothing. */
export type Task = "run" | "cleanup" | "none";

export type RunSpec = {
  id: RunId;
  /** The user's SELECT; held in memory only, never logged, never in Redis (D2). */
  sql: string;
  flow: FlowName;
  snippetName?: string;
  target?: Target;
  tenancy: Tenancy;
  createdAt: number;
};

export type ClaimAnswer = {
  epoch: number;
  seq: number;
  status: RunStatus;
  task: Task;
  /** Absent unless task is `run`. */
  spec?: RunSpec;
  ledger: readonly LedgerEntry[];
  grant?: Grant;
  columns?: readonly Column[];
  /** Which shell is to be used; absent: the first. */
  attempt?: number;
  tenancy: Tenancy;
  /** The object's clock at this answer; all its times compare with this one only. */
  now: number;
};

/** `POST /bridge/runs/{id}/grant`: may Perform `n` be sent? `nonce` marks the asker, so a repeated question is no second grant. */
export const GrantRequest = z.strictObject({ epoch: z.int().positive(), n: z.int().positive(), nonce: z.uuid() });
export type GrantRequest = z.infer<typeof GrantRequest>;

export type GrantAnswer = { answer: "granted" | "already" | "refused"; status: RunStatus; grant?: Grant; now: number };

/** `POST /bridge/runs/{id}/alive`: a sign of life while the bridge works or waits in process (D7). */
export const AliveRequest = z.strictObject({ epoch: z.int().positive() });
export type AliveRequest = z.infer<typeof AliveRequest>;

export type ClaimDecision = { run: Run; visible: boolean };

/** Admits a claim: a new claimId raises the epoch, the first one ever makes the run `running` (D5). */
export function claim(run: Run, claimId: string, now: number): ClaimDecision {
  if (run.claimId === claimId) return { run, visible: false };
  const claimed = { ...run, claimId, epoch: run.epoch + 1 };
  if (claimed.status !== "queued") return { run: claimed, visible: false };
  const version = claimed.version + 1;
  return { run: { ...claimed, version, status: "running", phase: "preparing", startedAt: now }, visible: true };
}

export type GrantDecision =
  | { kind: "granted"; run: Run; grant: Grant }
  | { kind: "already"; grant: Grant }
  | { kind: "refused" };

/** Grants Perform `n` once (D4). Pure; the caller has checked the epoch. */
export function grantPerform(run: Run, ask: GrantRequest, now: number): GrantDecision {
  const last = run.grant;
  if (isOver(run.status) || run.status !== "running") return { kind: "refused" };
  if (last?.n === ask.n) {
    return last.nonce === ask.nonce ? { kind: "granted", run, grant: last } : { kind: "already", grant: last };
  }
  if (ask.n !== (last?.n ?? 0) + 1) return last === undefined ? { kind: "refused" } : { kind: "already", grant: last };
  if (last !== undefined && last.state !== "rejected") return { kind: "already", grant: last };
  const grant: Grant = { n: ask.n, nonce: ask.nonce, at: now, state: "open" };
  return { kind: "granted", run: { ...run, grant }, grant };
}
