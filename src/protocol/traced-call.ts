import { z } from "zod";

/** One call to MCE as `?debug=1` shows it: its name and its outcome in our own words, nothing that MCE said. */
export const TracedCall = z.strictObject({
  /** When it was sent, by the run object's clock, epoch milliseconds. */
  at: z.number(),
  call: z.string().max(100),
  ms: z.number().nonnegative(),
  outcome: z.string().max(40),
});
export type TracedCall = z.infer<typeof TracedCall>;

/** What one start of a bridge's processor called, or a part of it. */
export const CallTrace = z.strictObject({ epoch: z.int().positive(), calls: z.array(TracedCall) });
export type CallTrace = z.infer<typeof CallTrace>;
