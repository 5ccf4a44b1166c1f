import type { Result } from "#lang/result.ts";
import type { Evidence } from "#protocol/evidence.ts";
import type { RunStatus } from "#protocol/run-status.ts";
import type { RunError } from "#protocol/run-error.ts";

/** Why work on a run must stop; it is the reason of the run's abort signal. */
export type Stop =
  /** The object has ended the run (cancel, deadline), or it was already over. */
  | { kind: "over"; status: RunStatus }
  /** Another bridge has claimed the run: touch nothing (D5). */
  | { kind: "fenced" }
  /** The object does not know the run: touch nothing; no other bridge continues it. */
  | { kind: "unknown-run" }
  /** This bridge shuts down: another one continues at once. */
  | { kind: "leaving" }
  /** The edge does not answer: nothing may be done without it, and BullMQ retries. */
  | { kind: "cut-off" };

/** How one start of the processor ends. */
export type Ending =
  | Stop
  | { kind: "ready" }
  /** `keepsTable`: the query wrote its rows, and only reading them failed. */
  | { kind: "failed"; error: RunError; evidence?: Evidence; keepsTable?: true }
  /** Nothing to do for a while: the job is delayed. */
  | { kind: "later"; waitMs: number };

/** The result of one step of a run: its value, or how this start ends. */
export type Outcome<T> = Result<T, Ending>;
