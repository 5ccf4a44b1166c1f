import { z } from "zod";

export const RunStatus = z.enum(["queued", "running", "ready", "failed", "canceled"]);
export type RunStatus = z.infer<typeof RunStatus>;

/** What a running run is doing: creating its assets, waiting for its query, or checking the rows. */
export type Phase = "preparing" | "executing" | "confirming";

/** Whether the run has ended, in any way. */
export function isOver(status: RunStatus): status is "ready" | "failed" | "canceled" {
  return status === "ready" || status === "failed" || status === "canceled";
}
