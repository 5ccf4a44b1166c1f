import { z } from "zod";
import { Evidence } from "./evidence.ts";
import { readable } from "./readable.ts";

/** One call to MCE as `?debug=1` shows it: its name and its outcome in our own words, nothing that MCE said. */
export const TracedCall = z.object({
  /** When it was sent, by the run object's clock, epoch milliseconds. */
  at: z.number(),
  call: z.string().max(100),
  ms: z.number().nonnegative(),
  outcome: z.string().max(40),
});
export type TracedCall = z.infer<typeof TracedCall>;

/** What one poll made of Perform `n`, also where the next poll took it back. */
export const TracedVerdict = z.object({ at: z.number(), n: z.int().positive(), ...Evidence.shape });
export type TracedVerdict = z.infer<typeof TracedVerdict>;

/** What one start of a bridge's processor called and judged, or a part of it. */
export const Trace = z.object({
  epoch: z.int().positive(),
  calls: readable(TracedCall),
  verdicts: readable(TracedVerdict),
});
export type Trace = z.infer<typeof Trace>;
