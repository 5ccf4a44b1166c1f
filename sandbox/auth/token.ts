import { z } from "zod";
import { type Account, homesOf, type Package, packageOf } from "../accounts.ts";
import { json, parseJson, type Reply, type Request } from "../http.ts";
import { packageScopes } from "../tokens.ts";
import type { World } from "../world.ts";
import { oauthError, unauthorizedClient, unknownClient } from "./oauth-error.ts";
import type { Consent } from "./user-grants.ts";

const credentials = z.object({
  grant_type: z.string().default(""),
  client_id: z.string().default(""),
  /** Public apps have none; the verifier identifies them. */
  client_secret: z.string().optional(),
  scope: z.string().optional(),
  /** A number, or its digits (MCE 1.2). */
  account_id: z.union([z.number(), z.string().transform(Number)]).optional(),
  code: z.string().optional(),
  redirect_uri: z.string().default(""),
  code_verifier: z.string().optional(),
  refresh_token: z.string().optional(),
});

/** The body of a token request, JSON or form. */
export type TokenRequest = z.infer<typeof credentials>;

/** Reads the body of POST /v2/token; undefined when it is neither JSON nor a form. */
export function readTokenRequest(request: Request): TokenRequest | undefined {
  const isForm = (request.headers["content-type"] ?? "").includes("x-www-form-urlencoded");
  // Clients that forget the content type send JSON labelled as a form.
  const isJson = !isForm || request.body.trimStart().startsWith("{");
  const body = isJson ? parseJson(request.body) : Object.fromEntries(new URLSearchParams(request.body));
  return credentials.safeParse(body).data;
}

const badScope = oauthError(400, "invalid_scope", "The requested scope is invalid, unknown, or malformed.");
const invalidGrant = (why: string) => oauthError(400, "invalid_grant", why);
const foreignAccount = (mid: number) =>
  oauthError(400, "invalid_request", `The account ${mid} is not accessible for this account.`);

/** Answers POST /v2/token with a token of one business unit. */
export function token(world: World, asked: TokenRequest | undefined): Reply {
  if (asked === undefined) {
    return oauthError(400, "invalid_request", "The request is missing a required parameter or is otherwise malformed.");
  }
  const asking = packageOf(world.accounts, asked.client_id);
  // The switch stands for an uninstalled package: no credentials are valid.
  if (asking === undefined || world.behaviours.invalidClient) return unknownClient;
  const isPublic =
    asked.client_secret === undefined && asked.grant_type !== "client_credentials" && asked.grant_type !== "";
  if (!isPublic && asked.client_secret !== asking.clientSecret) return unknownClient;
  switch (asked.grant_type) {
    case "client_credentials":
      return asking.grantTypes.includes("client_credentials") ? forPackage(world, asking, asked) : unauthorizedClient;
    case "authorization_code":
      return asking.grantTypes.includes("authorization_code")
        ? forCode(world, asking, asked, isPublic)
        : unauthorizedClient;
    case "refresh_token":
      return forRefreshToken(world, asking, asked);
    case "":
      return oauthError(400, "invalid_request", "The request is missing the parameter grant_type.");
    default:
      return oauthError(
        400,
        "unsupported_grant_type",
        "The authorization grant type is not supported by the authorization server.",
      );
  }
}

function forPackage(
  world: World,
  { account, clientId, scopes: has = packageScopes }: Package,
  asked: TokenRequest,
): Reply {
  const mid = asked.account_id ?? account.eid;
  if (!account.mids.includes(mid)) return foreignAccount(mid);
  const scopes = narrowed(has, asked.scope);
  return scopes === undefined ? badScope : json(200, tokenBody(world, account, { mid, clientId, scopes }));
}

function forCode(world: World, asking: Package, asked: TokenRequest, isPublic: boolean): Reply {
  if (asked.code === undefined) return oauthError(400, "invalid_request", "The request is missing the parameter code.");
  // Without a secret only the verifier identifies the client.
  if (isPublic && asked.code_verifier === undefined) return unknownClient;
  const given = { clientId: asking.clientId, redirectUri: asked.redirect_uri, verifier: asked.code_verifier };
  const redeemed = world.userGrants.redeem(asked.code, given, world.clock.now());
  return redeemed.kind === "refused" ? invalidGrant(redeemed.why) : forUser(world, asking, asked, redeemed.consent);
}

function forRefreshToken(world: World, asking: Package, asked: TokenRequest): Reply {
  const { refreshGraceMs, refreshRefused } = world.behaviours;
  if (refreshRefused) return invalidGrant("The refresh token is invalid or has expired.");
  const text = asked.refresh_token ?? "";
  // A request that is refused for its business unit does not use up the token.
  const known = world.userGrants.peek(text);
  const mid = asked.account_id;
  if (known !== undefined && mid !== undefined && !unitsOf(world, asking, known).includes(mid))
    return foreignAccount(mid);
  const used = world.userGrants.refresh(text, asking.clientId, world.clock.now(), refreshGraceMs);
  return used.kind === "refused" ? invalidGrant(used.why) : forUser(world, asking, asked, used.consent);
}

function unitsOf({ accounts }: World, asking: Package, { eid, user }: Consent): readonly number[] {
  const home = homesOf(accounts, asking).find((it) => it.eid === eid);
  return home?.users.find((it) => it.email === user)?.mids ?? [];
}

/** Each answer to a user has a new refresh token; account_id switches the business unit (MCE 1.2, 1.3). */
function forUser(world: World, asking: Package, asked: TokenRequest, consent: Consent): Reply {
  const mid = asked.account_id ?? consent.mid;
  const account = homesOf(world.accounts, asking).find((it) => it.eid === consent.eid) ?? asking.account;
  if (!unitsOf(world, asking, consent).includes(mid)) return foreignAccount(mid);
  const scopes = narrowed(consent.scopes, asked.scope);
  if (scopes === undefined) return badScope;
  const renewed = { ...consent, mid, scopes };
  const refresh_token = world.userGrants.refreshToken(renewed, world.clock.now());
  return json(200, { ...tokenBody(world, account, renewed), refresh_token });
}

/** The requested scopes, all when none are named; undefined when one was never granted. */
function narrowed(granted: readonly string[], asked: string | undefined): readonly string[] | undefined {
  if (asked === undefined) return granted;
  const scopes = asked.split(/\s+/).filter((it) => it !== "");
  return scopes.every((it) => granted.includes(it)) ? scopes : undefined;
}

/** Issues an access token; all three hosts of the sandbox are its base URL. */
function tokenBody(
  world: World,
  account: Account,
  given: { mid: number; clientId: string; scopes: readonly string[]; user?: string },
): Record<string, unknown> {
  const lifeMs = world.behaviours.tokenLifeMs;
  const { clientId, scopes, user } = given;
  const { tokenMid } = world.behaviours;
  const mid = tokenMid !== null && account.mids.includes(tokenMid) ? tokenMid : given.mid;
  const expiresAt = world.clock.now() + lifeMs;
  const grant = {
    eid: account.eid,
    mid,
    clientId,
    scopes,
    expiresAt,
    ...(user === undefined ? {} : { user }),
  };
  return {
    access_token: world.tokens.issue(grant),
    token_type: "Bearer",
    expires_in: Math.floor(lifeMs / 1000),
    scope: scopes.join(" "),
    soap_instance_url: `${world.url}/`,
    rest_instance_url: `${world.url}/`,
  };
}
