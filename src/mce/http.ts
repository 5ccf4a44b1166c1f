import { given } from "#lang/given.ts";
import { err, ok, type Err, type Result } from "#lang/result.ts";
import type { Platform } from "#async/platform.ts";
import { unavailable, type Answer, type Effect, type MceFailure } from "./failure.ts";

/** One request. `name` is for messages and timings. */
export type HttpRequest = {
  name: string;
  method: "GET" | "POST";
  url: string;
  headers: Record<string, string>;
  body?: string;
  timeoutMs: number;
  /** A longer answer is cut off and refused. */
  maxBytes: number;
  /** What the request may change in MCE. */
  effect: Effect;
  signal?: AbortSignal;
};

/** A whole answer, of any status except a redirect. */
export type HttpAnswer = { status: number; headers: Headers; text: string };

/**
 * Sends one request, once, and reads its whole answer. This is the only place that calls fetch.
 *
 * @returns `unavailable` without an answer in time, for a redirect (it would take the token elsewhere), and for an answer that is
 *   over `maxBytes` or no UTF-8; `aborted` when the caller's signal fired
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
      // workerd does not support "error".
      redirect: "manual",
      signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
      ...given({ body }),
    });
    if (isRedirect(response)) {
      await response.body?.cancel();
      return unavailable(effect, `Cannot do ${name}: MCE answered with a redirect, which is not followed`);
    }
    const text = await readText(response, maxBytes);
    if (!text.ok) return unavailable(effect, `Cannot read ${name}: the answer is ${text.error}`);
    return ok({ status: response.status, headers: response.headers, text: text.value });
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

/** A failure for an abort by the caller's signal. */
export function aborted(name: string): Err<MceFailure & { kind: "aborted" }> {
  return err({ kind: "aborted", retry: "never", message: `${name} was canceled` });
}

/** A function, because the compiler assumes that a property stays the same across an await. */
function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

/** Browsers give a redirect the status 0; workerd and Node show the real one. */
function isRedirect(response: Response): boolean {
  return response.status === 0 || (response.status >= 300 && response.status < 400);
}

async function readText(response: Response, maxBytes: number): Promise<Result<string, string>> {
  if (response.body === null) return ok("");
  // Else a byte that is no UTF-8 would become another character, in a row as well. The page of a gateway may be anything.
  const decoder = new TextDecoder("utf-8", { fatal: response.ok });
  // Counting costs 0.25 ms in workerd; a body with a Content-Length does not need it.
  if (lengthOf(response) <= maxBytes) return decode(decoder, await response.arrayBuffer());
  const reader = response.body.getReader();
  let bytes = 0;
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    const part = decode(decoder, value, !done);
    bytes += value?.byteLength ?? 0;
    const failure = part.ok && bytes > maxBytes ? err(`over ${maxBytes} bytes`) : part;
    if (!failure.ok) {
      await reader.cancel();
      return failure;
    }
    text += failure.value;
    if (done) return ok(text);
  }
}

function decode(decoder: TextDecoder, bytes: BufferSource | undefined, isPart = false): Result<string, string> {
  try {
    return ok(decoder.decode(bytes, { stream: isPart }));
  } catch {
    return err("not UTF-8");
  }
}

/** The most bytes a body can have: its Content-Length, unless it is compressed. */
function lengthOf({ headers }: Response): number {
  const length = headers.get("content-length") ?? "";
  return /^\d+$/.test(length) && !headers.has("content-encoding") ? Number(length) : Infinity;
}

/**
 * Whether no connection was ever made, in contrast to one that broke. Only Node shows it (`cause.syscall`); elsewhere it
 * is unknown, which is the safe side.
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

/** Reads a Retry-After header, in seconds or as an HTTP date. @returns milliseconds; undefined without a readable one */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const value = headers.get("retry-after")?.trim();
  if (value === undefined || value === "") return undefined;
  if (/^\d{1,7}$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

/** A failure for too many calls. The wait is what MCE asks for, within 1 s and 10 min. */
export function throttled(name: string, waitMs: number | undefined): Err<MceFailure> {
  const bounded = Math.min(600_000, Math.max(1000, waitMs ?? defaultThrottleMs));
  const message = `Cannot do ${name} now: MCE limits the rate of calls`;
  return err({ kind: "throttled", retry: "later", waitMs: bounded, message });
}

/** `retryAfter` of the documented sample (MCE 2.6), for refusals without a time. */
const defaultThrottleMs = 5000;
