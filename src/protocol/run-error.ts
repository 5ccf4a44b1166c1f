import { z } from "zod";

const RunErrorCode = z.enum([
  "QUEUE_TIMEOUT",
  "TIMEOUT",
  "QUERY_FAILED",
  "TARGET_NOT_FOUND",
  "TARGET_MISMATCH",
  "MCE_UNAVAILABLE",
  "REAUTH_REQUIRED",
  "OUTCOME_UNKNOWN",
  "INTERNAL",
]);
type RunErrorCode = z.infer<typeof RunErrorCode>;

/**
 * Why a run failed, for a person. `detail` says what happened, `fix` what to do, `mce` is MCE's own text with row
 * values already masked by the bridge (R13).
 */
export const RunError = z.strictObject({
  code: RunErrorCode,
  title: z.string().min(1).max(200),
  detail: z.string().min(1).max(4000),
  fix: z.string().max(1000).optional(),
  mce: z.string().max(4000).optional(),
});
export type RunError = z.infer<typeof RunError>;
