import { z } from "zod";
import { SweepCommand, SweepId, SweepUnit } from "#protocol/sweep.ts";

/** The sweep of one business unit, as a BullMQ job. */
const UnitSweep = z.object({
  kind: z.literal("sweep-unit"),
  ...SweepUnit.shape,
  sweepId: SweepId,
  isDryRun: z.boolean(),
});
export type UnitSweep = z.infer<typeof UnitSweep>;

/** The sweeper's jobs, in the queue of runs: a queue of their own would cost Redis commands all day for one minute's work an hour. */
export const SweepJob = z.discriminatedUnion("kind", [SweepCommand, UnitSweep]);
export type SweepJob = z.infer<typeof SweepJob>;

/** The BullMQ id: the same sweep of the same business unit is queued once, no matter how often it is requested (R12). */
export function sweepJobId(job: SweepJob): string {
  return job.kind === "sweep" ? `sweep-${job.sweepId}` : `sweep-${job.sweepId}-${job.tenantId}-${job.mid}`;
}
