import type { Err } from "#lang/result.ts";
import type { MceFailure } from "./failure.ts";
import { retryAfterMs, throttled, type HttpAnswer } from "./http.ts";
import { readEnvelope } from "./rest/envelope.ts";

/** Requests temporarily blocked (MCE 2.6): not over within seconds. */
const blockedCode = "50200";
/** Rate limit exceeded (MCE 2.6), and the block. */
const throttleCodes = ["50100", blockedCode];
const blockedMs = 60_000;

/** A Mashery gateway, which MCE had in 2019, reports an exceeded rate or quota like this, with HTTP 403. */
const overRate = /_OVER_(?:QPS|RATE)\b/i;

/**
 * Recognizes a refusal for too many calls from any of MCE's endpoints: by HTTP 429, the code in its body or the gateway's
 * header. The wait is that of the header Retry-After, else of the body's `retryAfter`. Pure.
 *
 * @returns undefined for any other answer
 */
export function throttleOf(name: string, answer: HttpAnswer, now: number): Err<MceFailure> | undefined {
  const { status, headers, text } = answer;
  if (status < 400) return undefined;
  const { code = "", waitMs } = readEnvelope(text);
  const isOverRate = overRate.test(headers.get("x-mashery-error-code") ?? "");
  if (status !== 429 && !isOverRate && !throttleCodes.includes(code)) return undefined;
  const asked = retryAfterMs(headers, now) ?? waitMs;
  return throttled(name, code === blockedCode ? Math.max(blockedMs, asked ?? 0) : asked);
}
