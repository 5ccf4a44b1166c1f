import type { Answer, MceFailure } from "./failure.ts";

/** One HTTP exchange, for timings and budgets. It never has a body. */
export type MceCall = {
  name: string;
  ms: number;
  outcome: "ok" | MceFailure["kind"];
  /** HTTP status of the answer, if there was one. */
  status?: number;
  /** How long MCE asks to wait, when it throttled the call. */
  waitMs?: number;
};

/** Takes the result of a call that was let through. */
export type Passage = (call: MceCall) => void;

/** What every call to MCE passes before it is sent, including sign-ins, retries and look-ups. */
export type Gate = {
  /**
   * Waits until the call may be sent.
   *
   * @returns the function to call with its result; or why it may not be sent now: `throttled`, with the wait that is
   *   left, or `aborted`
   */
  enter(call: { name: string; signal?: AbortSignal }): Promise<Answer<Passage>>;
};
