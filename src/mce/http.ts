import { given } from "#lang/given.ts";
import type { Platform } from "#async/platform.ts";
import { answered, failed, unavailable, type Answer, type Effect } from "./failure.ts";

/** One request; `name` is for messages and timings. */
export type HttpRequest = {
  name: string;
  method: "GET" | "POST";
  url: string;
  headers: Record<string, string>;
  body?: string;
  timeoutMs: number;
  /** Longer answers are cut off and refused. */
  maxBytes: number;
  /** What the request may change in MCE. */
  effect: Effect;
  signal?: AbortSignal;
};

/** A whole answer of any status but a redirect. */
export type HttpAnswer = { status: number; headers: Headers; text: string };

/**
 * Sends one request, once, and reads its whole answer. The only place that calls fetch.
 *
 * @returns `unavailable` without an answer in time, for a redirect (it would carry the token away) and for an answer
 *   over `maxBytes`; `aborted` when the caller's signal fired
 */
export async function exchange(
  platform: Pick<Platform, "fetch" | "timeout">,
  request: HttpRequest,
): Promise<Answer<HttpAnswer>> {
  const { name, method, url, headers, body, timeoutMs, maxBytes, effect, signal } = request;
  if (isAborted(signal)) return aborted(name);
  const deadline = platform.timeout(timeoutMs);
  try {
    const response = await platform.fetch(url, {
      method,
      headers,
      // workerd does not know "error".
      redirect: "manual",
      signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
      ...given({ body }),
    });
    if (isRedirect(response)) {
      await response.body?.cancel();
      return unavailable(effect, `Cannot do ${name}: MCE answered with a redirect, which is not followed`);
    }
    const text = await readText(response, maxBytes);
    if (text === undefined) return unavailable(effect, `Cannot read ${name}: the answer is over ${maxBytes} bytes`);
    return answered({ status: response.status, headers: response.headers, text });
  } catch (error) {
    if (isAborted(signal)) return aborted(name);
    if (deadline.aborted) return unavailable(effect, `Cannot do ${name}: no answer within ${timeoutMs} ms`);
    const never = wasNeverSent(error);
    return unavailable(
      never ? "none" : effect,
      never ? `Cannot do ${name}: MCE cannot be reached` : `Cannot do ${name}: the connection broke`,
    );
  }
}

/** The caller's signal, as an answer. */
export function aborted(name: string): { ok: false; failure: { kind: "aborted"; retry: "never"; message: string } } {
  return { ok: false, failure: { kind: "aborted", retry: "never", message: `${name} was called off` } };
}

/** A function, because the compiler takes a property read before an await for the truth after it. */
function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

/** Browsers hide a redirect's status behind 0; workerd and Node show it. */
function isRedirect(response: Response): boolean {
  return response.status === 0 || (response.status >= 300 && response.status < 400);
}

async function readText(response: Response, maxBytes: number): Promise<string | undefined> {
  if (response.body === null) return "";
  // Counting costs a quarter of a millisecond in workerd; a body that cannot outgrow its header needs none.
  if (lengthOf(response) <= maxBytes) return await response.text();
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > maxBytes) {
      await reader.cancel();
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
}

/** The most bytes a body can have: its Content-Length, unless it grows by being unpacked. */
function lengthOf({ headers }: Response): number {
  const length = headers.get("content-length") ?? "";
  return /^\d+$/.test(length) && !headers.has("content-encoding") ? Number(length) : Infinity;
}

/**
 * Tells a connection that was never made from one that broke. Only Node says so (`cause.syscall`); elsewhere it stays
 * unknown, which is the safe side.
 */
function wasNeverSent(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  const causes: unknown[] = cause instanceof AggregateError ? cause.errors : [cause];
  return causes.length > 0 && causes.every(isConnectError);
}

function isConnectError(cause: unknown): boolean {
  if (typeof cause !== "object" || cause === null) return false;
  if ("code" in cause && cause.code === "UND_ERR_CONNECT_TIMEOUT") return true;
  return "syscall" in cause && (cause.syscall === "connect" || cause.syscall === "getaddrinfo");
}

/** @returns milliseconds a Retry-After header asks for (seconds or an HTTP date); undefined without a readable one */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const value = headers.get("retry-after")?.trim();
  if (value === undefined || value === "") return undefined;
  if (/^\d{1,7}$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

/** MCE's refusal of too many calls: wait what it asks for, kept within a second and ten minutes. */
export function throttled(name: string, waitMs: number | undefined): ReturnType<typeof failed> {
  const bounded = Math.min(600_000, Math.max(1000, waitMs ?? defaultThrottleMs));
  const message = `Cannot do ${name} now: MCE limits the rate of calls`;
  return failed({ kind: "throttled", retry: "later", waitMs: bounded, message });
}

/** `retryAfter` of the documented sample (MCE 2.6), for refusals that name no time. */
const defaultThrottleMs = 5000;
