import type { Column } from "#protocol/column.ts";
import type { RunId } from "#protocol/ids.ts";
import type { RunError } from "#protocol/run-error.ts";
import type { FlowName, Target } from "#protocol/target.ts";
import type { Tenancy } from "#protocol/tenancy.ts";
import type { Traceparent } from "#protocol/traceparent.ts";
import type { ResultHandle } from "#protocol/transition.ts";
import type { Grant } from "#protocol/grant.ts";
import type { Phase } from "#protocol/run-status.ts";
import type { Spent } from "./spent.ts";

type Facts = {
  id: RunId;
  tenancy: Tenancy;
  flow: FlowName;
  snippetName?: string;
  target?: Target;
  /** All rows are to be counted. */
  total?: true;
  createdAt: number;
  /** The trace of the request that opened it, for log lines only. */
  traceparent?: Traceparent;
  /** Counts visible changes from 1, without gaps; it is the SSE event id and the ETag. */
  version: number;
  /** Rises with each new claim; 0 = never claimed. */
  epoch: number;
  claimId?: string;
  /** Transitions accepted so far, over all epochs. */
  seq: number;
  columns?: readonly Column[];
  notes: readonly string[];
  grant?: Grant;
  /** Which shell the run is in: absent in the first one, 2 after its result did not fit or a deadlock (D19, D24). */
  attempt?: number;
  /** How long its phases took; absent while it is queued, and for a run of a version before. */
  spent?: Spent;
};

export type Progress =
  | { status: "queued" }
  | { status: "running"; phase: Phase; startedAt: number }
  /** `truncated`: the table holds the first rows only, or not; absent where it holds all. */
  | {
      status: "ready";
      startedAt: number;
      endedAt: number;
      expiresAt: number;
      rowCount?: number;
      truncated?: boolean;
      result: ResultHandle;
    }
  /** `expiresAt`: the result table stays until then, although its rows could not be read. */
  | { status: "failed"; startedAt?: number; endedAt: number; error: RunError; expiresAt?: number }
  | { status: "canceled"; startedAt?: number; endedAt: number };

/** One run as the run object keeps it. All times are epoch milliseconds of the object's clock. */
export type Run = Facts & Progress;

/** Whether a failed run has a table that stays until it expires. */
export function keepsTable(run: Run): boolean {
  return run.status === "failed" && run.expiresAt !== undefined;
}

/** The first state of a run: accepted, not yet claimed. */
export function newRun(facts: Omit<Facts, "version" | "epoch" | "seq" | "notes"> & { notes?: readonly string[] }): Run {
  return { notes: [], ...facts, version: 1, epoch: 0, seq: 0, status: "queued" };
}
