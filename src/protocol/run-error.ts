import { z } from "zod";
import { displayText } from "./storable-text.ts";

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
 * Why a run failed, for a person: `detail` is what happened, `fix` what to do, `mce` is MCE's own text, in which the
 * bridge has masked row values (R13). An unknown code, from a newer program, is read as INTERNAL.
 */
export const RunError = z.object({
  code: RunErrorCode.catch("INTERNAL"),
  title: displayText(200),
  detail: displayText(4000),
  fix: displayText(1000).optional(),
  mce: displayText(4000).optional(),
});
export type RunError = z.infer<typeof RunError>;
