import { z } from "zod";
import { Mid, TenantId } from "./ids.ts";
import { AssetKind } from "./ledger-note.ts";

/** Id of one sweep over all tenants; a second sweep with the same id does nothing. */
export const SweepId = z.string().regex(/^[A-Za-z0-9-]{1,64}$/);

/** The command to sweep every business unit (R12). */
export const SweepCommand = z.object({
  kind: z.literal("sweep"),
  sweepId: SweepId,
  /** When it was requested, epoch milliseconds. */
  at: z.int().positive(),
  /** Deletes nothing; the answers go to `sweepAnswers(sweepId)`. */
  isDryRun: z.boolean(),
});
export type SweepCommand = z.infer<typeof SweepCommand>;

/** One business unit to sweep. */
export const SweepUnit = z.object({ tenantId: TenantId, mid: Mid });
export type SweepUnit = z.infer<typeof SweepUnit>;

/** The id of an hour's sweep, so that a Cron Trigger that fires twice starts one sweep (R12). */
export function hourlySweepId(at: number): string {
  return `hourly-${new Date(at).toISOString().slice(0, 13)}`;
}

/** An asset that a sweep would delete. */
const ExpiredAsset = z.object({
  asset: AssetKind,
  customerKey: z.string(),
  name: z.string(),
  createdAt: z.iso.datetime(),
});

/** Why a business unit could not be swept. */
export const SweepFailure = z.enum(["NO_WORKING_CONNECTION", "MCE_UNAVAILABLE", "MCE_REFUSED"]);
export type SweepFailure = z.infer<typeof SweepFailure>;

/** A business unit's answer to a dry run. */
export const SweepPreview = z.object({
  ...SweepUnit.shape,
  wouldDelete: z.array(ExpiredAsset),
  error: SweepFailure.optional(),
});
export type SweepPreview = z.infer<typeof SweepPreview>;
