import { repeat, type Tried } from "#async/backoff.ts";
import type { Platform } from "#async/platform.ts";
import { given } from "#lang/given.ts";
import { err, ok, type Result } from "#lang/result.ts";
import type { Cancelable } from "./cancelable.ts";
import { isRepeatable, refusalOf, unreachable } from "./refusal.ts";
import type { SqeError } from "./sqe-error.ts";

/** A bearer token, or what gives one for each request. */
export type Token = string | (() => string | Promise<string>);

/** Where calls go, and how long one is tried. */
export type Api = {
  platform: Platform;
  /** Without a trailing slash. */
  url: string;
  token?: Token;
  patienceMs: number;
  /** Is told of each refusal that is waited for. */
  onRetry?: (error: SqeError) => void;
};

/** One call. All of them may be repeated: one that starts something carries an Idempotency-Key. */
export type Call = Cancelable & {
  method?: "GET" | "POST" | "PATCH" | "DELETE";
  path: string;
  query?: Readonly<Record<string, string | number | undefined>>;
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  /** For who follows a run: a server that cannot be reached is tried as long as one that is busy. */
  isPatient?: boolean;
  /** The answer has no end, so its deadline ends when it opens. */
  isStream?: boolean;
};

/** One try of a call: the server holds an answer back for 25 s at most. */
const attemptMs = 60_000;
/** A server that cannot be reached is rather a wrong address than a short outage. */
const unreachableMs = 15_000;
const delays = { retryMinMs: 250, retryMaxMs: 8000 };
/** Up to that much more, so that clients that were refused together do not come back together. */
const jitterMs = 250;

type Try<T> = Tried<Result<T, SqeError>>;

/**
 * Sends a call and reads its answer; repeats it while the server is busy or cannot be reached.
 *
 * @param read takes what it needs of an answer of 2xx or 304
 * @throws SqeError when it is refused, or the time for repeats is used up; the signal's reason when that aborts
 */
export async function send<T>(api: Api, call: Call, read: (answer: Response) => Promise<T>): Promise<T> {
  const { platform, patienceMs, onRetry } = api;
  const { signal, isPatient = false } = call;
  signal?.throwIfAborted();
  const isLost = isPatient ? () => false : after(platform, unreachableMs);
  const result = await repeat(platform, { ...delays, patienceMs, ...given({ signal }) }, async (): Promise<Try<T>> => {
    const value = await attempt(api, call, read);
    if (value.ok || signal?.aborted || !isRepeatable(value.error)) return { kind: "done", value };
    if (value.error.status === 0 && isLost()) return { kind: "done", value };
    onRetry?.(value.error);
    const { retryAfter = 0 } = value.error;
    return { kind: "again", value, waitMs: retryAfter * 1000 + platform.random() * jitterMs };
  });
  signal?.throwIfAborted();
  if (!result.ok) throw result.error;
  return result.value;
}

/** Sends a call and returns the JSON of its answer, which has the shape that the API promises. */
export function ask<T>(api: Api, call: Call): Promise<T> {
  return send(api, call, async (answer) => (await answer.json()) as T);
}

function after(platform: Platform, ms: number): () => boolean {
  const until = platform.now() + ms;
  return () => platform.now() > until;
}

/** One try, with a deadline: for a stream until it opens, else until the answer is read. */
async function attempt<T>(api: Api, call: Call, read: (answer: Response) => Promise<T>): Promise<Result<T, SqeError>> {
  const { platform, token, url } = api;
  const bearer = typeof token === "function" ? await token() : token;
  const [late, done] = [new AbortController(), new AbortController()];
  void platform.sleep(attemptMs, done.signal).then((isLate) => isLate && late.abort(tooLate()));
  const signal = call.signal === undefined ? late.signal : AbortSignal.any([call.signal, late.signal]);
  try {
    const answer = await fetchOnce(api, { ...call, signal }, bearer);
    if (call.isStream) done.abort();
    return answer.ok || answer.status === 304 ? ok(await read(answer)) : err(await refusalOf(answer));
  } catch (error) {
    return err(unreachable(url, error));
  } finally {
    done.abort();
  }
}

function tooLate(): DOMException {
  return new DOMException(`No answer for ${attemptMs / 1000} s`, "TimeoutError");
}

function fetchOnce({ platform, url }: Api, call: Call, bearer: string | undefined): Promise<Response> {
  const { method = "GET", path, query = {}, body, signal } = call;
  const headers = new Headers({ accept: "application/json", ...call.headers });
  if (bearer !== undefined) headers.set("authorization", `Bearer ${bearer}`);
  if (body !== undefined) headers.set("content-type", "application/json");
  const parts = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  const search = parts.length === 0 ? "" : `?${parts.join("&")}`;
  const text = body === undefined ? undefined : JSON.stringify(body);
  return platform.fetch(`${url}${path}${search}`, { method, headers, ...given({ body: text, signal }) });
}
