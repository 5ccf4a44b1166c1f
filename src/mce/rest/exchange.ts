import { z } from "zod";
import type { Answer } from "../failure.ts";
import { answered, failed, unavailable } from "../failure.ts";
import type { HttpAnswer } from "../http.ts";
import { retryAfterMs, throttled } from "../http.ts";
import type { Session } from "../session.ts";
import { readJson } from "./json.ts";

/** One REST request that changes nothing; `path` is ours and encoded. */
export type RestRequest = {
  method: "GET" | "POST";
  name: string;
  path: string;
  json?: unknown;
  maxBytes: number;
  signal?: AbortSignal;
};

/** A 2xx answer's JSON, or a 4xx with MCE's code and words; what a 4xx means only the caller knows. */
export type RestAnswer =
  | { kind: "ok"; json: unknown }
  | { kind: "refused"; status: number; code: string; message: string };

/** The error envelope of FACTS 7.2; `validationErrors` and `errors` are not needed, their texts repeat `message`. */
const Envelope = z.object({
  message: z.string().optional(),
  errorcode: z.number().optional(),
  retryAfter: z.number().nonnegative().optional(),
});

/** Rate limit exceeded, and requests temporarily blocked (FACTS 2.6). */
const throttleCodes = [50100, 50200];

/** Sends one REST request. @returns `throttled`, `forbidden`, `unauthorized` and `unavailable` as MceFailure tells */
export async function exchangeRest(session: Session, request: RestRequest): Promise<Answer<RestAnswer>> {
  const { method, name, path, json, maxBytes, signal } = request;
  const stop = signal === undefined ? {} : { signal };
  return await session.call({
    name,
    ...stop,
    request: (token) => ({
      method,
      name,
      maxBytes,
      url: `${token.rest}${path}`,
      headers: {
        authorization: `Bearer ${token.accessToken}`,
        accept: "application/json",
        ...(json === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      timeoutMs: session.readTimeoutMs,
      effect: "none",
      ...stop,
    }),
    read: (answer) => readRest(name, answer, session.now()),
  });
}

/** Pure. */
function readRest(
  name: string,
  { status, headers, text }: HttpAnswer,
  now: number,
): Answer<RestAnswer> | "token-refused" {
  const json = readJson(text);
  if (status >= 200 && status < 300) {
    return json === undefined
      ? unavailable("none", `Cannot read ${name}: the answer is not JSON`)
      : answered({ kind: "ok", json });
  }
  if (status === 401) return "token-refused";
  const parsed = Envelope.safeParse(json);
  const { message = "MCE gives no reason", errorcode, retryAfter } = parsed.success ? parsed.data : {};
  if (status === 429 || (errorcode !== undefined && throttleCodes.includes(errorcode))) {
    const asked = retryAfter === undefined ? undefined : retryAfter * 1000;
    return throttled(name, retryAfterMs(headers, now) ?? asked);
  }
  if (status === 403) return failed({ kind: "forbidden", retry: "never", message });
  if (status >= 500 || status === 408) return unavailable("none", `Cannot do ${name}: MCE answered ${status}`);
  return answered({ kind: "refused", status, code: String(errorcode ?? `HTTP ${status}`), message });
}
