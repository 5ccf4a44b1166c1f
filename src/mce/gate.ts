import type { Answer, MceFailure } from "./failure.ts";

/** One exchange over HTTP, for timings and budgets; it never carries a body. */
export type MceCall = {
  name: string;
  ms: number;
  outcome: "ok" | MceFailure["kind"];
  /** HTTP status of the answer, where there was one. */
  status?: number;
  /** How long MCE asks to be left alone, when it throttled the call. */
  waitMs?: number;
};

/** A call that was let through; hears what came of it. */
export type Passage = (call: MceCall) => void;

/** Where every call to MCE passes before it is sent: sign-ins, repeats and look-ups too. */
export type Gate = {
  /**
   * Waits until the call may be sent.
   *
   * @returns whom to tell what came of it; or why it may not be sent now: `throttled`, with the wait that is left, or
   *   `aborted`
   */
  enter(call: { name: string; signal?: AbortSignal }): Promise<Answer<Passage>>;
};
