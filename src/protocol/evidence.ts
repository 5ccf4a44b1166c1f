import { z } from "zod";

/** What a verdict on a query rests on (D9). Counts and words of our own: no text of MCE, no value of a row. */
export const Evidence = z.strictObject({
  verdict: z.enum(["running", "unsure", "done", "failed"]),
  why: z.enum([
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
  ]),
  sincePerformMs: z.number().nonnegative(),
  /** The status row's word; `missing`: MCE answered without a row; absent: it has not answered at all. */
  status: z.enum(["missing", "new", "pending", "queued", "processing", "complete", "error", "other"]).optional(),
  isRunning: z.boolean().optional(),
  wasRunning: z.boolean(),
  rows: z.union([z.literal("silent"), z.int().nonnegative()]).optional(),
});
export type Evidence = z.infer<typeof Evidence>;
export type StatusWord = NonNullable<Evidence["status"]>;
