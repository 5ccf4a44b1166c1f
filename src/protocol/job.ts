import { z } from "zod";
import { RunId } from "./ids.ts";
import { SweepCommand } from "./sweep.ts";
import { FlowName } from "./target.ts";
import { Tenancy } from "./tenancy.ts";

/**
 * What the edge puts on the intake and the bridge takes: ids and tenant context, never SQL, never a row (R1, D2).
 * `delivery` counts the times this run was put; the BullMQ job id is `<runId>-<delivery>`, because a finished id that
 * is added again is silently ignored (D7).
 */
export const RunJob = z.object({
  kind: z.literal("run"),
  runId: RunId,
  ...Tenancy.shape,
  snippetName: z.string().max(1000).optional(),
  flow: FlowName,
  delivery: z.int().positive(),
  /** A bridge has had this run before: it executes already or is over, and waits in no line (D13). */
  isClaimed: z.literal(true).optional(),
});
export type RunJob = z.infer<typeof RunJob>;

/** Everything the edge may put on the intake. */
export const IntakeCommand = z.discriminatedUnion("kind", [RunJob, SweepCommand]);
export type IntakeCommand = z.infer<typeof IntakeCommand>;

export function jobIdOf(job: Pick<RunJob, "runId" | "delivery">): string {
  return `${job.runId}-${job.delivery}`;
}
