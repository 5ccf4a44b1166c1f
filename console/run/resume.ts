import { store } from "../state/state.ts";
import { openRun } from "./start.ts";

/** Follows the runs again from which the end of a session has cut the page. */
export function resumeRuns(): void {
  for (const { id, job } of store.get().tabs)
    if (job?.refusal?.status === 401 && job.run !== undefined) void openRun(id, job.run.id);
}
