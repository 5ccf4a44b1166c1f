import * as oauth from "oauth4webapi";
import { err, type Result } from "#lang/result.ts";
import type { Platform } from "#async/platform.ts";
import type { AppPackage } from "#db/connections.ts";
import { hostsOf } from "#mce/hosts.ts";
import { exchange as send } from "#mce/http.ts";
import { readGranted, tokenMaxBytes, type Granted } from "#mce/token-request.ts";
import { innerCode } from "./inner-code.ts";

/** Where a person signs in, and as which package. */
export type Door = { subdomain: string; app: AppPackage; redirectUri: string; sandboxUrl?: string };

/** What has to be remembered until the person comes back. */
export type Begun = { state: string; verifier: string };

/** Why nobody is signed in. `denied`: the person or Marketing Cloud said no. */
export type SignInFailure = { kind: "denied" | "expired" | "refused" | "unreachable" };

/** `offline` keeps the consent when the person signs out of Marketing Cloud (MCE 1.3). */
const scope =
  "offline data_extensions_read data_extensions_write automations_read automations_write automations_execute";

const patienceMs = 15_000;

/** Begins a sign-in. @returns the address to send the browser to; undefined for a text that is not a tenant's sub-domain */
export async function beginSignIn(door: Door): Promise<(Begun & { url: string }) | undefined> {
  const hosts = hostsOf(door.subdomain, door.sandboxUrl);
  if (hosts === undefined) return undefined;
  const state = oauth.generateRandomState();
  const verifier = oauth.generateRandomCodeVerifier();
  const url = new URL(`${hosts.auth}/v2/authorize`);
  url.search = new URLSearchParams({
    response_type: "code",
    client_id: door.app.clientId,
    redirect_uri: door.redirectUri,
    scope,
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
  }).toString();
  return { state, verifier, url: url.href };
}

/**
 * Ends a sign-in: takes the code of the callback to the token endpoint of the sub-domain that was asked.
 *
 * @param back the callback's address
 */
export async function finishSignIn(
  door: Door,
  begun: Begun,
  back: URL,
  platform: Pick<Platform, "fetch" | "now" | "timeout">,
): Promise<Result<Granted, SignInFailure>> {
  const hosts = hostsOf(door.subdomain, door.sandboxUrl);
  const named = back.searchParams.get("tssd");
  // The callback may name another tenant's hosts; nothing of ours is ever sent there.
  if (hosts === undefined || (named !== null && named !== door.subdomain)) return err({ kind: "refused" });
  const code = back.searchParams.get("code");
  const inner = code === null ? undefined : innerCode(code);
  const tried = inner === undefined ? undefined : await exchange(door, begun, withCode(back, inner), platform);
  // Only a code that MCE does not know says that it was not wrapped.
  if (tried !== undefined && (tried.ok || tried.error.kind !== "expired")) return tried;
  return exchange(door, begun, back, platform);
}

function withCode(back: URL, code: string): URL {
  const url = new URL(back);
  url.searchParams.set("code", code);
  return url;
}

async function exchange(
  { subdomain, app, redirectUri, sandboxUrl }: Door,
  { state, verifier }: Begun,
  back: URL,
  platform: Pick<Platform, "fetch" | "now" | "timeout">,
): Promise<Result<Granted, SignInFailure>> {
  const { auth } = hostsOf(subdomain, sandboxUrl) ?? { auth: "" };
  const server = { issuer: auth, token_endpoint: `${auth}/v2/token` };
  const client = { client_id: app.clientId };
  const options = {
    [oauth.customFetch]: (url: string, init: oauth.CustomFetchOptions<"POST", URLSearchParams>) =>
      post(platform, url, init),
    [oauth.allowInsecureRequests]: sandboxUrl !== undefined,
  };
  const askedAt = platform.now();
  try {
    const shown = oauth.validateAuthResponse(server, client, back, state);
    const secret = oauth.ClientSecretPost(app.clientSecret);
    const answer = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      secret,
      shown,
      redirectUri,
      verifier,
      options,
    );
    const given = await oauth.processAuthorizationCodeResponse(server, client, answer);
    const granted = readGranted(JSON.stringify(given), subdomain, askedAt, sandboxUrl);
    return granted.ok ? granted : err({ kind: "refused" });
  } catch (error) {
    return err({ kind: kindOf(error) });
  }
}

/** Posts as every call to Marketing Cloud is sent: no redirect, a size, a time. @throws without a whole answer */
async function post(
  platform: Pick<Platform, "fetch" | "timeout">,
  url: string,
  { headers, body }: oauth.CustomFetchOptions<"POST", URLSearchParams>,
): Promise<Response> {
  const bounds = { timeoutMs: patienceMs, maxBytes: tokenMaxBytes, effect: "unknown" as const };
  const answer = await send(platform, {
    name: "AUTH code",
    method: "POST",
    url,
    headers,
    body: body.toString(),
    ...bounds,
  });
  if (!answer.ok) throw new Error(answer.error.message);
  const { status, text, headers: answered } = answer.value;
  return new Response(text, { status, headers: { "content-type": answered.get("content-type") ?? "" } });
}

function kindOf(error: unknown): SignInFailure["kind"] {
  if (error instanceof oauth.AuthorizationResponseError) return "denied";
  if (error instanceof oauth.ResponseBodyError) return error.error === "invalid_grant" ? "expired" : "refused";
  // The library's own refusals: another state, no code, an answer that is not OAuth's.
  return error instanceof oauth.OperationProcessingError ? "refused" : "unreachable";
}
