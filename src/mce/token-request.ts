import { given } from "#lang/given.ts";
import { readJson } from "#lang/json.ts";
import { err, ok } from "#lang/result.ts";
import { z } from "zod";
import type { Platform } from "#async/platform.ts";
import type { MceAccess } from "./access.ts";
import { rejected, unavailable, type Answer } from "./failure.ts";
import { checkInstanceUrl, hostsOf } from "./hosts.ts";
import { isPage } from "./html.ts";
import { exchange, type HttpAnswer } from "./http.ts";
import { readEnvelope } from "./rest/envelope.ts";
import { throttleOf } from "./throttle.ts";
import type { Token } from "./token.ts";

/** What the token endpoint gave: for a person also the refresh token that replaces the one sent (MCE 1.3). */
export type Granted = { token: Token; refreshToken?: string };

/** How long before its end a token is refreshed, at most; for a short-lived token it is a third of its life. */
const leadMs = 120_000;

/** An answer of the token endpoint has about 2 KB. */
export const tokenMaxBytes = 64 * 1024;

const TokenAnswer = z.object({
  access_token: z.string().min(1).max(8192),
  expires_in: z.number().positive(),
  rest_instance_url: z.string(),
  soap_instance_url: z.string(),
  scope: z.string().optional().catch(undefined),
  refresh_token: z.string().min(1).max(8192).optional().catch(undefined),
});

const Refusal = z.object({ error: z.string().min(1), error_description: z.string().optional().catch(undefined) });

/**
 * Asks for a token of the business unit `access.mid` (MCE 1.2): with the package's own credentials, or for the person whose
 * refresh token is given.
 *
 * @returns `unauthorized` when MCE refuses the credentials or the business unit; `unavailable` also for any other refusal,
 *   and for an answer whose instance URLs are not the tenant's
 */
export async function requestToken(
  access: MceAccess,
  deps: { platform: Pick<Platform, "fetch" | "now" | "timeout">; readTimeoutMs: number; sandboxUrl?: string },
  refreshToken?: string,
): Promise<Answer<Granted>> {
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
      ...(refreshToken === undefined
        ? { grant_type: "client_credentials" }
        : { grant_type: "refresh_token", refresh_token: refreshToken }),
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
  return readGranted(answer.value.text, access.subdomain, askedAt, deps.sandboxUrl);
}

/**
 * Reads an answer of the token endpoint.
 *
 * @param askedAt epoch milliseconds: the token's life is counted from then
 */
export function readGranted(
  text: string,
  subdomain: string,
  askedAt: number,
  sandboxUrl: string | undefined,
): Answer<Granted> {
  const name = "AUTH token";
  const body = TokenAnswer.safeParse(readJson(text));
  if (!body.success) return unavailable("none", `Cannot read ${name}: the answer is not a token`);
  const rest = checkInstanceUrl(body.data.rest_instance_url, subdomain, sandboxUrl);
  const soap = checkInstanceUrl(body.data.soap_instance_url, subdomain, sandboxUrl);
  if (rest === undefined || soap === undefined)
    return unavailable("none", `Cannot use ${name}: its instance URLs are not the tenant's`);
  const lifeMs = body.data.expires_in * 1000;
  const token: Token = {
    accessToken: body.data.access_token,
    rest,
    soap,
    ...given({ scopes: body.data.scope?.split(" ").filter(Boolean) }),
    refreshAt: askedAt + lifeMs - Math.min(leadMs, lifeMs / 3),
    expiresAt: askedAt + lifeMs,
  };
  return ok({ token, ...given({ refreshToken: body.data.refresh_token }) });
}

/** Asks for a token with the package's own credentials. @returns as `requestToken` */
export async function mintToken(access: MceAccess, deps: Parameters<typeof requestToken>[1]): Promise<Answer<Token>> {
  const granted = await requestToken(access, deps);
  return granted.ok ? ok(granted.value.token) : granted;
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
  return err({ kind: "unauthorized", retry: "never", message: refused, ...given({ oauth: body.data?.error }) });
}
