import type { Run } from "#client/run.ts";
import { isOver } from "#client/run-state.ts";
import { SqeError } from "#client/sqe-error.ts";
import type { Job } from "../state/job.ts";

/** Tells a run's states until it is over. It goes on without the page, so the page never gives up for want of an answer. */
export async function watchRun(run: Run, signal: AbortSignal, tell: (news: Partial<Job>) => void): Promise<void> {
  for (;;) {
    try {
      for await (const state of run.watch({ signal, onLink: (link) => tell({ link }) }))
        tell({ run: state, ...(isOver(state) && { endedAt: Date.now() }) });
      return;
    } catch (error) {
      if (signal.aborted || !(error instanceof SqeError) || !isPassing(error)) throw error;
      tell({ link: "reconnecting" });
    }
  }
}

/** Nobody answers, or somebody says that it is a bad time; the client has already waited between its tries. */
function isPassing({ status }: SqeError): boolean {
  return status === 0 || status === 429 || status >= 502;
}
