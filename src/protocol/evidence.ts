import { z } from "zod";

const whys = [
  "no-sign-of-the-end",
  // The query has ended, because …
  "complete-and-stopped",
  "complete-stands",
  "stopped-after-running",
  "stopped-after-processing",
  "never-seen-running",
  // It seems to have ended, but …
  "still-said-to-run",
  "may-not-have-begun",
  "not-settled",
  "not-listed-yet",
  "rowset-not-asked",
  "rowset-silent",
  "rows-not-settled",
  // It has failed, because …
  "error-status",
  "error-message",
  "never-shown",
  // A reason from a newer program.
  "other",
] as const;
const statuses = ["missing", "new", "pending", "queued", "processing", "complete", "error", "other"] as const;

/**
 * What a verdict on a query is based on (D9). Counts and words of our own: no text from MCE, no value of a row. It is for
 * people only, so a word from a newer program is read as `other`.
 */
export const Evidence = z.object({
  verdict: z.enum(["running", "unsure", "done", "failed"]),
  why: z.enum(whys).catch("other"),
  sincePerformMs: z.number().nonnegative(),
  /** The word in the status row; `missing`: MCE answered without a row; absent: MCE has not answered. */
  status: z.enum(statuses).catch("other").optional(),
  isRunning: z.boolean().optional(),
  wasRunning: z.boolean(),
  rows: z.union([z.literal("silent"), z.int().nonnegative()]).optional(),
});
export type Evidence = z.infer<typeof Evidence>;
export type StatusWord = NonNullable<Evidence["status"]>;
