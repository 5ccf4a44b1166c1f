import type { RunState } from "#client/run-state.ts";
import type { ResultPage } from "#client/result-page.ts";
import type { Job, Refusal, Retry } from "../state/job.ts";

/** What the result pane shows, of a run in any state. */
export type ResultState =
  | { kind: "nothing" }
  | { kind: "sending"; retry?: Retry }
  | { kind: "waiting"; run: RunState }
  | { kind: "running"; run: RunState }
  | { kind: "loading"; run: RunState }
  | { kind: "rows"; run: RunState; page: ResultPage }
  | { kind: "into-target"; run: RunState }
  | { kind: "failed"; run: RunState }
  | { kind: "unknown"; run: RunState }
  | { kind: "stopped"; run: RunState }
  | { kind: "rejected"; refusal: Refusal }
  | { kind: "discarded" }
  | { kind: "expired"; expiresAt?: string }
  | { kind: "refused"; refusal: Refusal };

/** Finds what to show of a tab's run. Pure. */
export function resultState(job: Job | undefined): ResultState {
  if (job === undefined) return { kind: "nothing" };
  const { refusal, run, retry } = job;
  // Of a session that has ended the sign-in speaks; the run is as it was, and is followed again afterwards.
  if (refusal !== undefined && !(refusal.status === 401 && run !== undefined)) return refused(refusal);
  if (run === undefined) return { kind: "sending", ...(retry !== undefined && { retry }) };
  switch (run.status) {
    case "queued":
      return { kind: "waiting", run };
    case "running":
      return { kind: "running", run };
    case "canceled":
      return { kind: "stopped", run };
    case "failed":
      return { kind: run.error?.code === "OUTCOME_UNKNOWN" ? "unknown" : "failed", run };
    case "ready":
      return ready(run, job);
  }
}

function ready(run: RunState, { page, pageRefusal, isDiscarded }: Job): ResultState {
  if (isDiscarded === true) return { kind: "discarded" };
  if (run.flow === "run-to-target") return { kind: "into-target", run };
  if (pageRefusal !== undefined && page === undefined) return refused(pageRefusal);
  if (pageRefusal?.code === "RESULT_EXPIRED") return refused(pageRefusal);
  return page === undefined ? { kind: "loading", run } : { kind: "rows", run, page };
}

function refused(refusal: Refusal): ResultState {
  const { code, diagnostics, expiresAt } = refusal;
  if (code === "RESULT_EXPIRED") return { kind: "expired", ...(expiresAt !== undefined && { expiresAt }) };
  if (code === "SQL_REJECTED" && diagnostics !== undefined) return { kind: "rejected", refusal };
  return { kind: "refused", refusal };
}
