import { z } from "zod";
import { RunId } from "./ids.ts";
import { SweepCommand } from "./sweep.ts";
import { FlowName } from "./target.ts";
import { Tenancy } from "./tenancy.ts";
import { Traceparent } from "./traceparent.ts";

/**
 * The command that makes a bridge work on a run: ids and tenant context, never SQL, never a row (R1, D2). `delivery`
 * counts how often the run was delivered; it is part of the BullMQ job id, because BullMQ silently ignores an id that has
 * finished (D7).
 */
export const RunJob = z.object({
  kind: z.literal("run"),
  runId: RunId,
  ...Tenancy.shape,
  snippetName: z.string().max(1000).optional(),
  flow: FlowName,
  delivery: z.int().positive(),
  /** A bridge has claimed this run before: it is executing or over, and does not wait in line (D13). */
  isClaimed: z.literal(true).optional(),
  /** The trace of the request that opened the run. */
  traceparent: Traceparent.optional().catch(undefined),
});
export type RunJob = z.infer<typeof RunJob>;

/** Everything the edge may put on the intake. */
export const IntakeCommand = z.discriminatedUnion("kind", [RunJob, SweepCommand]);
export type IntakeCommand = z.infer<typeof IntakeCommand>;

/** The BullMQ id of a run's job. */
export function jobIdOf(job: Pick<RunJob, "runId" | "delivery">): string {
  return `${job.runId}-${job.delivery}`;
}
