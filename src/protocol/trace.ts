import { z } from "zod";
import { Evidence } from "./evidence.ts";
import { readable } from "./readable.ts";

/** One call to MCE as `?debug=1` shows it: its name and outcome in our own words, no text from MCE. */
export const TracedCall = z.object({
  /** When it was sent, by the run object's clock, epoch milliseconds. */
  at: z.number(),
  call: z.string().max(100),
  ms: z.number().nonnegative(),
  outcome: z.string().max(40),
});
export type TracedCall = z.infer<typeof TracedCall>;

/** The verdict of one poll on Perform `n`, even if the next poll revoked it. */
export const TracedVerdict = z.object({ at: z.number(), n: z.int().positive(), ...Evidence.shape });
export type TracedVerdict = z.infer<typeof TracedVerdict>;

/** The calls and verdicts of one start of the processor, or a part of them. */
export const Trace = z.object({
  epoch: z.int().positive(),
  calls: readable(TracedCall),
  verdicts: readable(TracedVerdict),
});
export type Trace = z.infer<typeof Trace>;
