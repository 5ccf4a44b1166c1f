import { z } from "zod";

/**
 * What a probe found of one business unit (D49): where an engine starts, instead of trying and being refused. A member that
 * is absent was not settled. Unknown members are passed over: the probe may be newer than the bridge.
 */
export const Capabilities = z.object({
  eid: z.int().positive(),
  mid: z.int().positive(),
  /** Queries are taken as looks at their first rows (D44). */
  looks: z.boolean().optional(),
  /** The status list takes several TaskIDs in one IN. */
  statusTakesIn: z.boolean().optional(),
  /** Rows can be read by rowset; otherwise by SOAP only. */
  rowset: z.boolean().optional(),
  /** Assets may have letters beyond ASCII in their names. */
  otherScripts: z.boolean().optional(),
  /** Data Extensions may have a retention period. */
  retention: z.boolean().optional(),
  /** Which way of creating a query says why it is refused. */
  reasons: z.enum(["soap", "rest"]).optional(),
  /** What a rowset does with `$orderBy`. */
  orderBy: z.enum(["honour", "ignore", "refuse"]).optional(),
});
export type Capabilities = z.infer<typeof Capabilities>;
