import { z } from "zod";
import type { Column } from "./column.ts";
import type { RunId } from "./ids.ts";
import type { RunError } from "./run-error.ts";
import type { FlowName, Target } from "./target.ts";
import type { Tenancy } from "./tenancy.ts";
import type { ResultHandle } from "./transition.ts";

export type Phase = "preparing" | "executing" | "confirming";

/** A Perform that was granted (D4): `n` counts them, `open` until MCE's answer to it is known. */
export const Grant = z.object({
  n: z.int().positive(),
  nonce: z.string(),
  at: z.number(),
  state: z.enum(["open", "performed", "rejected"]),
  taskId: z.string().exactOptional(),
});
export type Grant = z.infer<typeof Grant>;

type Facts = {
  id: RunId;
  tenancy: Tenancy;
  flow: FlowName;
  snippetName?: string;
  target?: Target;
  createdAt: number;
  /** Counts visible changes from any source, from 1, without gaps; it is the SSE event id and the ETag. */
  version: number;
  /** Rises with each new claim; 0 = never claimed. */
  epoch: number;
  claimId?: string;
  /** The bridge's transitions so far, over all epochs. */
  seq: number;
  columns?: readonly Column[];
  notes: readonly string[];
  grant?: Grant;
  /** Which shell the run is in: absent in the first one, 2 after its result did not fit or a deadlock (D19, D24). */
  attempt?: number;
};

export type Progress =
  | { status: "queued" }
  | { status: "running"; phase: Phase; startedAt: number }
  | { status: "ready"; startedAt: number; endedAt: number; expiresAt: number; rowCount?: number; result: ResultHandle }
  /** `expiresAt`: the result table is there and stays until then, though its rows could not be read. */
  | { status: "failed"; startedAt?: number; endedAt: number; error: RunError; expiresAt?: number }
  | { status: "canceled"; startedAt?: number; endedAt: number };

/** One run as the run object keeps it. All times are epoch milliseconds of the object's clock. */
export type Run = Facts & Progress;
export type RunStatus = Run["status"];
export const RunStatus: z.ZodType<RunStatus> = z.enum(["queued", "running", "ready", "failed", "canceled"]);

export function isOver(status: RunStatus): status is "ready" | "failed" | "canceled" {
  return status === "ready" || status === "failed" || status === "canceled";
}

/** Whether a failed run has a table that stays until it expires. */
export function keepsTable(run: Run): boolean {
  return run.status === "failed" && run.expiresAt !== undefined;
}

/** The first state of a run: accepted, not yet claimed. */
export function newRun(facts: Omit<Facts, "version" | "epoch" | "seq" | "notes"> & { notes?: readonly string[] }): Run {
  return { notes: [], ...facts, version: 1, epoch: 0, seq: 0, status: "queued" };
}
