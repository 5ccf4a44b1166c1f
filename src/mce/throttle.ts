import type { Answer } from "./failure.ts";
import { retryAfterMs, throttled, type HttpAnswer } from "./http.ts";
import { readEnvelope } from "./rest/envelope.ts";

/** Requests temporarily blocked (MCE 2.6): no matter of seconds. */
const blockedCode = "50200";
/** Rate limit exceeded (MCE 2.6), and the block. */
const throttleCodes = ["50100", blockedCode];
const blockedMs = 60_000;

/** The gateway of 2019 was a Mashery one; that is how those tell a rate or quota that is spent, with HTTP 403. */
const overRate = /_OVER_(?:QPS|RATE)\b/i;

/**
 * Tells an answer that refuses for too many calls, of any of MCE's endpoints: by HTTP 429, by the code in its body or by
 * the gateway's header. The wait is what the header Retry-After or else the body's `retryAfter` asks for. Pure.
 *
 * @returns undefined for any other answer
 */
export function throttleOf(name: string, answer: HttpAnswer, now: number): (Answer<never> & { ok: false }) | undefined {
  const { status, headers, text } = answer;
  if (status < 400) return undefined;
  const { code = "", waitMs } = readEnvelope(text);
  const isOverRate = overRate.test(headers.get("x-mashery-error-code") ?? "");
  if (status !== 429 && !isOverRate && !throttleCodes.includes(code)) return undefined;
  const asked = retryAfterMs(headers, now) ?? waitMs;
  return throttled(name, code === blockedCode ? Math.max(blockedMs, asked ?? 0) : asked);
}
