import { given } from "#lang/given.ts";
import { z } from "zod";
import type { Platform } from "#async/platform.ts";
import { deadline } from "#async/deadline.ts";
import type { MceAccess } from "./access.ts";
import { rejected, unavailable, type Answer } from "./failure.ts";
import { checkInstanceUrl, hostsOf } from "./hosts.ts";
import { isPage } from "./html.ts";
import { exchange, type HttpAnswer } from "./http.ts";
import { readEnvelope } from "./rest/envelope.ts";
import { readJson } from "#lang/json.ts";
import { err, ok } from "#lang/result.ts";
import { throttleOf } from "./throttle.ts";

/** An access token of one business unit, and the origins it may be sent to. Times are epoch milliseconds. */
export type Token = {
  accessToken: string;
  rest: string;
  soap: string;
  /** What the token may do, by the names in `scopes.ts`; absent when MCE does not say. */
  scopes?: readonly string[];
  refreshAt: number;
  expiresAt: number;
};

type Clock = Pick<Platform, "now" | "sleep">;

/** Tokens in memory. Callers with the same key share one request. */
export type TokenCache = {
  /** Gets the token of `key`, and mints it when there is none or it is about to expire. */
  get(key: string, clock: Clock, mint: () => Promise<Answer<Token>>): Promise<Answer<Token>>;
  /** Drops a token that MCE refused, unless a newer one has replaced it. */
  drop(key: string, accessToken: string): void;
};

/** How long before its end a token is refreshed, at most; for a short-lived token it is a third of its life. */
const leadMs = 120_000;

/**
 * After this a waiting caller mints a token itself. In a Worker the request that mints may be canceled by its client, and
 * then its promise never settles.
 */
const patienceMs = 10_000;

const tokenMaxBytes = 64 * 1024;

/** Opens an empty cache: one for each process or isolate. */
export function openTokenCache(): TokenCache {
  const tokens = new Map<string, Token>();
  const flights = new Map<string, Promise<Answer<Token>>>();

  function fly(key: string, clock: Clock, mint: () => Promise<Answer<Token>>) {
    const flight = mint()
      .then((answer) => {
        if (!answer.ok) return answer;
        const now = clock.now();
        for (const [other, token] of tokens) if (token.expiresAt <= now) tokens.delete(other);
        tokens.set(key, answer.value);
        return answer;
      })
      .finally(() => {
        if (flights.get(key) === flight) flights.delete(key);
      });
    flights.set(key, flight);
    return flight;
  }

  async function get(key: string, clock: Clock, mint: () => Promise<Answer<Token>>): Promise<Answer<Token>> {
    const known = tokens.get(key);
    if (known !== undefined && clock.now() < known.refreshAt) return ok(known);
    const flight = flights.get(key);
    if (flight === undefined) return await fly(key, clock, mint);
    const shared = await deadline(clock, flight, patienceMs, () => undefined);
    if (shared !== undefined) return shared;
    // The first caller to give up takes over; the others find its request or its token.
    if (flights.get(key) === flight) flights.delete(key);
    return await get(key, clock, mint);
  }

  return {
    get,
    drop(key, accessToken) {
      if (tokens.get(key)?.accessToken === accessToken) tokens.delete(key);
    },
  };
}

/** The key of a connection and business unit. An edited connection has a new key, so it does not wait for the old token. */
export function tokenKey({ connectionId, mid, subdomain, clientId, clientSecret }: MceAccess): string {
  return JSON.stringify([connectionId, mid, subdomain, clientId, fingerprint(clientSecret)]);
}

/** Distinguishes two secrets without revealing them (FNV-1a, 32 bits). */
function fingerprint(secret: string): number {
  let hash = 0x811c9dc5;
  for (const char of secret) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}

const TokenAnswer = z.object({
  access_token: z.string().min(1).max(8192),
  expires_in: z.number().positive(),
  rest_instance_url: z.string(),
  soap_instance_url: z.string(),
  scope: z.string().optional().catch(undefined),
});

const Refusal = z.object({ error: z.string().min(1), error_description: z.string().optional().catch(undefined) });

/**
 * Asks for a token of the business unit `access.mid` (MCE 1.2, client_credentials).
 *
 * @returns `unauthorized` when MCE refuses the credentials or the business unit; `unavailable` also for any other refusal,
 *   and for an answer whose instance URLs are not the tenant's
 */
export async function mintToken(
  access: MceAccess,
  deps: { platform: Pick<Platform, "fetch" | "now" | "timeout">; readTimeoutMs: number; sandboxUrl?: string },
): Promise<Answer<Token>> {
  const name = "AUTH token";
  const hosts = hostsOf(access.subdomain, deps.sandboxUrl);
  if (hosts === undefined) return rejected("SUBDOMAIN", "The connection's sub-domain is not a tenant's sub-domain");
  const askedAt = deps.platform.now();
  const answer = await exchange(deps.platform, {
    name,
    method: "POST",
    url: `${hosts.auth}/v2/token`,
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({
      grant_type: "client_credentials",
      client_id: access.clientId,
      client_secret: access.clientSecret,
      account_id: access.mid,
    }),
    timeoutMs: deps.readTimeoutMs,
    maxBytes: tokenMaxBytes,
    effect: "none",
  });
  if (!answer.ok) return answer;
  if (answer.value.status !== 200) return refusal(name, answer.value, deps.platform.now());
  const body = TokenAnswer.safeParse(readJson(answer.value.text));
  if (!body.success) return unavailable("none", `Cannot read ${name}: the answer is not a token`);
  const rest = checkInstanceUrl(body.data.rest_instance_url, access.subdomain, deps.sandboxUrl);
  const soap = checkInstanceUrl(body.data.soap_instance_url, access.subdomain, deps.sandboxUrl);
  if (rest === undefined || soap === undefined)
    return unavailable("none", `Cannot use ${name}: its instance URLs are not the tenant's`);
  const lifeMs = body.data.expires_in * 1000;
  return ok({
    accessToken: body.data.access_token,
    rest,
    soap,
    ...given({ scopes: body.data.scope?.split(" ").filter(Boolean) }),
    refreshAt: askedAt + lifeMs - Math.min(leadMs, lifeMs / 3),
    expiresAt: askedAt + lifeMs,
  });
}

/** MCE's words for a business unit that the package may not use (MCE 1.2). */
const unitRefused = /not accessible for this account/i;

/**
 * Only OAuth's own `error`, or a bare 401, is about the credentials. The answer of a gateway in front of the endpoint, in
 * REST's envelope, as `{}` or as a page, is not (MCE 1.4).
 */
function refusal(name: string, answer: HttpAnswer, now: number): Answer<never> {
  const { status, text } = answer;
  const throttle = throttleOf(name, answer, now);
  if (throttle !== undefined) return throttle;
  if (status >= 500) return unavailable("none", `Cannot do ${name}: MCE answered ${status}`);
  const body = Refusal.safeParse(readJson(text));
  const { message } = readEnvelope(text);
  const reason = body.success ? [body.data.error, body.data.error_description].filter(Boolean).join(": ") : message;
  const quoted = reason === undefined ? "" : `: ${reason}`;
  const isBare = status === 401 && reason === undefined && !isPage(text);
  if (!body.success && !isBare && !unitRefused.test(quoted))
    return unavailable("none", `Cannot do ${name}: the token endpoint answered ${status}${quoted}`);
  const refused = `MCE refuses the connection's credentials (HTTP ${status})${quoted}`;
  return err({ kind: "unauthorized", retry: "never", message: refused });
}
