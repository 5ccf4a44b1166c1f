import type { Run } from "#client/run.ts";
import { isOver, type RunState } from "#client/run-state.ts";
import type { Context } from "./context.ts";
import { Exit, exitCodes } from "./exit-code.ts";
import { statusOf } from "./status-line.ts";
import { say } from "./terminal.ts";

/** Why a run is being canceled by this command. */
type Ended = "interrupt" | "timeout";

/**
 * Follows a run to its end and shows each status.
 *
 * The first Ctrl-C, or the end of the time, cancels the run and waits for the word; a second Ctrl-C leaves at once.
 *
 * @param submit asks for the run; its signal aborts when this command leaves
 * @throws Exit when this command ended the run
 */
export async function followToEnd(
  { terminal, status }: Context,
  submit: (signal: AbortSignal) => Promise<Run>,
  { timeoutMs }: { timeoutMs?: number } = {},
): Promise<Run> {
  const leave = new AbortController();
  const told = new AbortController();
  const submitted = submit(leave.signal);
  let why: Ended | undefined;
  const end = (reason: Ended) => {
    if (why !== undefined) return leave.abort(new Exit(exitCodes.interrupted));
    why = reason;
    status.show("canceling; Ctrl-C again leaves at once");
    return void cancel(submitted, leave.signal).then((state) => isOver(state) && told.abort(), leave.abort.bind(leave));
  };
  const stop = terminal.onInterrupt(() => end("interrupt"));
  const timer =
    timeoutMs === undefined ? undefined : setTimeout(() => end("timeout"), Math.min(timeoutMs, 2 ** 31 - 1));
  try {
    const run = await submitted;
    await show(run, AbortSignal.any([leave.signal, told.signal]), (state) => {
      if (why === undefined) status.show(statusOf(state));
    }).catch((error: unknown) => {
      if (leave.signal.aborted || !told.signal.aborted) throw error;
    });
    if (why === undefined) return run;
    status.clear();
    await say(terminal, wordsOf(run.state, why));
    throw new Exit(why === "interrupt" ? exitCodes.interrupted : exitCodes.busy);
  } finally {
    clearTimeout(timer);
    stop();
    status.clear();
  }
}

async function show(run: Run, signal: AbortSignal, onState: (state: RunState) => void): Promise<void> {
  for await (const state of run.watch({ signal })) onState(state);
}

async function cancel(submitted: Promise<Run>, signal: AbortSignal): Promise<RunState> {
  return (await submitted).cancel({ signal });
}

function wordsOf({ id, status }: RunState, why: Ended): string {
  const cause = why === "timeout" ? "The time is over" : "Interrupted";
  if (status !== "canceled") return `${cause}; run ${id} had ended before: ${status}`;
  return `${cause}; run ${id} is canceled. Marketing Cloud may still finish the query; its temporary table is removed`;
}
