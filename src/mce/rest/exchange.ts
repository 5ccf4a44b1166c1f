import { given } from "#lang/given.ts";
import { forbidden, unavailable, type Answer, type Effect } from "../failure.ts";
import { isPage } from "../html.ts";
import type { HttpAnswer } from "../http.ts";
import { noReason } from "../reason.ts";
import type { Session } from "../session.ts";
import { throttleOf } from "../throttle.ts";
import { readEnvelope } from "./envelope.ts";
import { readJson } from "#lang/json.ts";
import { ok } from "#lang/result.ts";

/** One REST request. `path` is built by us and encoded. */
export type RestRequest = {
  method: "GET" | "POST";
  name: string;
  path: string;
  json?: unknown;
  maxBytes: number;
  /** What the request may change in MCE; absent: nothing. */
  effect?: Effect;
  signal?: AbortSignal;
};

/** A 2xx answer's JSON, or a 4xx with MCE's code and words. Only the caller knows what a 4xx means. */
export type RestAnswer =
  | { kind: "ok"; json: unknown }
  | { kind: "refused"; status: number; code: string; message: string };

/** Sends one REST request. @returns also `throttled`, `forbidden`, `unauthorized` and `unavailable`, as in `MceFailure` */
export async function exchangeRest(session: Session, request: RestRequest): Promise<Answer<RestAnswer>> {
  const { method, name, path, json, maxBytes, effect = "none", signal } = request;
  const stop = given({ signal });
  const body = json === undefined ? undefined : JSON.stringify(json);
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
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...given({ body }),
      timeoutMs: effect === "none" ? session.readTimeoutMs : session.effectTimeoutMs,
      effect,
      ...stop,
    }),
    read: (answer) => readRest(name, answer, effect, session.now()),
  });
}

/** Pure. */
function readRest(name: string, answer: HttpAnswer, effect: Effect, now: number): Answer<RestAnswer> | "token-refused" {
  const { status, text } = answer;
  if (status >= 200 && status < 300) {
    const json = readJson(text);
    return json === undefined
      ? unavailable(effect, `Cannot read ${name}: the answer is not JSON`)
      : ok({ kind: "ok", json });
  }
  const throttle = throttleOf(name, answer, now);
  if (throttle !== undefined) return throttle;
  if (status === 401) return "token-refused";
  const { message = noReason, code = `HTTP ${status}` } = readEnvelope(text);
  if (status === 403) {
    // A gateway's page: MCE has not seen the call, so this is not about permissions.
    return isPage(text) ? unavailable("none", `Cannot do ${name}: a gateway answered 403`) : forbidden(name, message);
  }
  if (status >= 500 || status === 408) return unavailable(effect, `Cannot do ${name}: MCE answered ${status}`);
  return ok({ kind: "refused", status, code, message });
}
