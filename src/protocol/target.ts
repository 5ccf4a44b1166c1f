import { z } from "zod";
import { SendableText } from "./storable-text.ts";

/** The two strategies of R2; a third one needs its name here and a flow in the bridge. */
export const FlowName = z.enum(["run-to-temp", "run-to-target"]);
export type FlowName = z.infer<typeof FlowName>;

/** An existing Data Extension to write to, and how (R4). */
export const Target = z.object({
  customerKey: SendableText.trim().min(1).max(200),
  mode: z.enum(["overwrite", "append", "update"]),
});
export type Target = z.infer<typeof Target>;
