import { z } from "zod";
import { type Account, accounts } from "../accounts.ts";
import { json, parseJson, type Reply, type Request } from "../http.ts";
import { packageScopes } from "../tokens.ts";
import type { World } from "../world.ts";

const credentials = z.object({
  grant_type: z.string().default(""),
  client_id: z.string().default(""),
  client_secret: z.string().default(""),
  scope: z.string().optional(),
  /** A number, or its digits (FACTS 1.2). */
  account_id: z.union([z.number(), z.string().transform(Number)]).optional(),
});

/** The body of a token request, JSON or form; undefined when it is neither. */
export type TokenRequest = z.infer<typeof credentials>;

/** Reads the body of POST /v2/token. */
export function readTokenRequest(request: Request): TokenRequest | undefined {
  const isForm = (request.headers["content-type"] ?? "").includes("x-www-form-urlencoded");
  // Clients that forget the content type send JSON labelled as a form.
  const isJson = !isForm || request.body.trimStart().startsWith("{");
  const body = isJson ? parseJson(request.body) : Object.fromEntries(new URLSearchParams(request.body));
  return credentials.safeParse(body).data;
}

const documentation = "https://developer.salesforce.com/docs";

/** An OAuth error; only invalid_client's texts were captured (FACTS 1.4). */
export function oauthError(status: number, error: string, description: string): Reply {
  return json(status, { error, error_description: description, error_uri: documentation });
}

const unknownClient = oauthError(
  401,
  "invalid_client",
  "Client authentication failed. Make sure that the client ID and client secret are valid and that the package is installed and enabled.",
);

/** Answers POST /v2/token with a token of one business unit. */
export function token(world: World, asked: TokenRequest | undefined): Reply {
  if (asked === undefined)
    return oauthError(400, "invalid_request", "The request is missing a required parameter or is otherwise malformed.");
  const account = accounts.find((it) => it.clientId === asked.client_id);
  if (account === undefined || account.clientSecret !== asked.client_secret) return unknownClient;
  if (asked.grant_type === "")
    return oauthError(400, "invalid_request", "The request is missing the parameter grant_type.");
  if (asked.grant_type !== "client_credentials") {
    return oauthError(
      400,
      "unsupported_grant_type",
      "The authorization grant type is not supported by the authorization server.",
    );
  }
  const mid = asked.account_id ?? account.eid;
  if (!account.mids.includes(mid))
    return oauthError(400, "invalid_request", `The account ${mid} is not accessible for this account.`);
  const scopes = asked.scope === undefined ? packageScopes : asked.scope.split(/\s+/).filter((it) => it !== "");
  if (scopes.some((it) => !packageScopes.includes(it))) {
    return oauthError(400, "invalid_scope", "The requested scope is invalid, unknown, or malformed.");
  }
  return json(200, tokenBody(world, account, mid, scopes));
}

/** Issues an access token; all three hosts of the sandbox are its base URL. */
export function tokenBody(
  world: World,
  account: Account,
  mid: number,
  scopes: readonly string[],
): Record<string, unknown> {
  const lifeMs = world.behaviours.tokenLifeMs;
  const grant = { eid: account.eid, mid, clientId: account.clientId, scopes, expiresAt: world.clock.now() + lifeMs };
  return {
    access_token: world.tokens.issue(grant),
    token_type: "Bearer",
    expires_in: Math.floor(lifeMs / 1000),
    scope: scopes.join(" "),
    soap_instance_url: `${world.url}/`,
    rest_instance_url: `${world.url}/`,
  };
}
