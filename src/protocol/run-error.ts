import { z } from "zod";
import { toldText } from "./storable-text.ts";

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
 * values already masked by the bridge (R13). A code that only a newer program knows is read as INTERNAL.
 */
export const RunError = z.object({
  code: RunErrorCode.catch("INTERNAL"),
  title: toldText(200),
  detail: toldText(4000),
  fix: toldText(1000).optional(),
  mce: toldText(4000).optional(),
});
export type RunError = z.infer<typeof RunError>;
