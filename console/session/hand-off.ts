import { err, ok, type Result } from "#lang/result.ts";
import { sendOwn } from "./post-own.ts";

/** A sign-in of this frame that a window of its own does (D51). */
export type HandOff = {
  id: string;
  secret: string;
  /** What both windows show, for a person to compare. */
  userCode: string;
  /** Where the other window begins. */
  verificationUrl: string;
};

/** Begins one. @returns it, or why not */
export async function beginHandOff(): Promise<Result<HandOff, string>> {
  const { isOk, body, detail } = await sendOwn("/auth/handoffs", { kind: "frame" });
  // The call's own answer.
  return isOk ? ok(body as HandOff) : err(detail);
}

/** The service takes this many questions a minute; one is left for who comes back from the other window. */
const perMinute = 5;
const everyMs = 15_000;
const minuteMs = 60_000;

/**
 * Asks until the other window has decided, and at once when somebody comes back to this one.
 *
 * @param onEnd is called once; with a text when nobody is signed in
 * @returns what stops it
 */
export function followHandOff({ id, secret }: HandOff, onEnd: (why: string | undefined) => void): () => void {
  let asked: number[] = [];
  // One question at a time: the good answer comes once, and a second one would be told that all is over.
  let isAsking = false;
  let isOver = false;
  const ask = async () => {
    const now = Date.now();
    asked = asked.filter((at) => now - at < minuteMs);
    if (isAsking || asked.length >= perMinute) return;
    asked.push(now);
    isAsking = true;
    const { status, detail } = await sendOwn(`/auth/handoffs/${id}`, { secret });
    isAsking = false;
    // Denied, expired or unknown ends it; everything else, such as nobody answering, may be better the next time.
    if (isOver || (status !== 200 && status !== 404 && status !== 410)) return;
    stop();
    onEnd(status === 200 ? undefined : detail);
  };
  const onReturn = () => {
    if (!document.hidden) void ask();
  };
  const timer = setInterval(() => void ask(), everyMs);
  addEventListener("focus", onReturn);
  document.addEventListener("visibilitychange", onReturn);
  function stop(): void {
    isOver = true;
    clearInterval(timer);
    removeEventListener("focus", onReturn);
    document.removeEventListener("visibilitychange", onReturn);
  }
  return stop;
}
