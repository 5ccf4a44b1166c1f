import { expect } from "vitest";
import { type Case, rest, token } from "../support/wire-case.ts";
import type { Json, Wire } from "../support/wire.ts";

const server = { grant_type: "client_credentials", client_id: "sandbox-client-a", client_secret: "sandbox-secret-a" };
const redirect_uri = "http://127.0.0.1:4321/callback";
const form = { "content-type": "application/x-www-form-urlencoded" };
const description =
  "Client authentication failed. Make sure that the client ID and client secret are valid and that the package is installed and enabled.";

/** Where the consent page sends the browser. */
async function consent(wire: Wire, more: Record<string, string> = {}): Promise<URL> {
  const query = { response_type: "code", client_id: server.client_id, redirect_uri, decision: "allow", ...more };
  const body = new URLSearchParams(query).toString();
  const answer = await fetch(`${wire.url}/v2/authorize`, { method: "POST", body, headers: form, redirect: "manual" });
  return new URL(answer.headers.get("location") ?? "about:blank");
}

async function redeemed(wire: Wire, more: Json = {}): Promise<Json> {
  const code = (await consent(wire)).searchParams.get("code");
  return token(wire, { ...server, grant_type: "authorization_code", code, redirect_uri, ...more });
}

async function refreshed(wire: Wire, refresh_token: unknown, more: Json = {}): Promise<Json> {
  return token(wire, { ...server, grant_type: "refresh_token", refresh_token, ...more });
}

const userInfo = (wire: Wire, access: unknown, query = "") =>
  wire
    .call("GET", `/v2/userinfo${query}`, undefined, { authorization: `Bearer ${String(access)}` })
    .then(({ json }) => json);

/** MCE 1: OAuth 2.0. */
export const authCases: Case[] = [
  {
    facts: "1.2",
    what: "client_credentials without account_id: the business unit of the integration",
    ask: async (wire) => userInfo(wire, (await token(wire, server))["access_token"]),
    gives: { organization: { member_id: 7000001, enterprise_id: 7000001 } },
  },
  {
    facts: "1.2",
    what: "account_id as a string of digits",
    ask: async (wire) => userInfo(wire, (await token(wire, { ...server, account_id: "7000012" }))["access_token"]),
    gives: { organization: { member_id: 7000012 } },
  },
  {
    facts: "1.2",
    what: "an empty scope gives a token without scopes",
    ask: (wire) => token(wire, { ...server, scope: "" }),
    gives: { http: 200, scope: "" },
  },
  {
    facts: "1.2",
    what: "no scope gives all of the package",
    ask: (wire) => token(wire, server),
    gives: { scope: expect.stringContaining("automations_execute") },
  },
  {
    facts: "1.2",
    what: "a form is as good as JSON",
    ask: (wire) => token(wire, new URLSearchParams(server).toString(), form),
    gives: { http: 200, token_type: "Bearer" },
  },
  {
    facts: "1.2",
    what: "a business unit of another enterprise",
    ask: (wire) => token(wire, { ...server, account_id: 8000001 }),
    gives: { http: 400, error_description: expect.stringContaining("not accessible for this account") },
  },
  {
    facts: "1.3",
    what: "members of the answer; no refresh token for a package",
    ask: async (wire) => {
      const answer = await token(wire, server);
      return { ...answer, length: String(answer["access_token"]).length <= 512, refresh: "refresh_token" in answer };
    },
    gives: {
      expires_in: 1079,
      access_token: expect.stringMatching(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/),
      soap_instance_url: expect.stringMatching(/^http:.*\/$/),
      rest_instance_url: expect.stringMatching(/^http:.*\/$/),
      length: true,
      refresh: false,
    },
  },
  {
    facts: "1.3",
    what: "the token's middle part names the enterprise",
    ask: async (wire) => {
      const [, claims = ""] = String((await token(wire, server))["access_token"]).split(".");
      return JSON.parse(Buffer.from(claims, "base64url").toString()) as unknown;
    },
    gives: { eid: 7000001 },
  },
  {
    facts: "1.3",
    what: "a user's token comes with a refresh token of at most 512 characters",
    ask: async (wire) => String((await redeemed(wire))["refresh_token"]).length,
    gives: expect.toSatisfy((length: number) => length > 20 && length <= 512),
  },
  {
    facts: "1.3",
    what: "each refresh answers a new refresh token",
    ask: async (wire) => {
      const first = (await redeemed(wire))["refresh_token"];
      const second = (await refreshed(wire, first))["refresh_token"];
      return first !== second && (await refreshed(wire, second))["http"];
    },
    gives: 200,
  },
  {
    facts: "1.3",
    what: "an old refresh token is good for five minutes of grace",
    ask: async (wire) => {
      const first = (await redeemed(wire))["refresh_token"];
      await refreshed(wire, first);
      await wire.advance(299_999);
      const withDeadline = (await refreshed(wire, first))["http"];
      await wire.advance(1);
      return [withDeadline, (await refreshed(wire, first))["error"]];
    },
    gives: [200, "invalid_grant"],
  },
  {
    facts: "1.3",
    what: "an authorization code is good once, and for five minutes",
    ask: async (wire) => {
      const code = (await consent(wire)).searchParams.get("code");
      const body = { ...server, grant_type: "authorization_code", code, redirect_uri };
      const answers = [await token(wire, body), await token(wire, body)];
      const late = (await consent(wire)).searchParams.get("code");
      await wire.advance(300_000);
      answers.push(await token(wire, { ...body, code: late }));
      return answers.map((it) => it["error"]);
    },
    gives: [undefined, "invalid_grant", "invalid_grant"],
  },
  {
    facts: "1.2",
    what: "a refresh may switch the business unit",
    ask: async (wire) => {
      const { refresh_token } = await redeemed(wire);
      return userInfo(wire, (await refreshed(wire, refresh_token, { account_id: 7000012 }))["access_token"]);
    },
    gives: { organization: { member_id: 7000012 } },
  },
  {
    facts: "1.2",
    what: "a refresh may narrow scopes and not widen them",
    ask: async (wire) => {
      const { refresh_token } = await redeemed(wire, { scope: "offline data_extensions_read" });
      const narrow = await refreshed(wire, refresh_token, { scope: "offline" });
      const wide = await refreshed(wire, refresh_token, { scope: "automations_write" });
      return [narrow["scope"], wide["error"]];
    },
    gives: ["offline", "invalid_scope"],
  },
  {
    facts: "1.4",
    what: "a wrong secret",
    ask: (wire) => token(wire, { ...server, client_secret: "no" }),
    gives: {
      http: 401,
      error: "invalid_client",
      error_description: description,
      error_uri: "https://developer.salesforce.com/docs",
    },
  },
  {
    facts: "1.4",
    what: "a grant the package's component type does not have",
    ask: (wire) =>
      token(wire, { ...server, client_id: "sandbox-server-a", grant_type: "authorization_code", code: "x" }),
    gives: {
      http: 401,
      error: "unauthorized_client",
      error_description: "The client is not authorized to request an authorization code using this method.",
    },
  },
  {
    facts: "1.4",
    what: "a public app asks for client_credentials",
    ask: (wire) => token(wire, { grant_type: "client_credentials", client_id: "sandbox-public-a" }),
    gives: { http: 401, error: "unauthorized_client" },
  },
  {
    facts: "1.4",
    what: "an unknown code",
    ask: (wire) => token(wire, { ...server, grant_type: "authorization_code", code: "no", redirect_uri }),
    gives: { http: 400, error: "invalid_grant" },
  },
  {
    facts: "1.4",
    what: "an unknown scope, an unknown grant, no JSON",
    ask: async (wire) => {
      const answers = [
        await token(wire, { ...server, scope: "everything" }),
        await token(wire, { ...server, grant_type: "password" }),
        await token(wire, "{"),
      ];
      return answers.map((it) => [it["http"], it["error"]]);
    },
    gives: [
      [400, "invalid_scope"],
      [400, "unsupported_grant_type"],
      [400, "invalid_request"],
    ],
  },
  {
    facts: "1.4",
    what: "REST with a bad token",
    ask: (wire) => wire.call("GET", "/automation/v1/queries", undefined, { authorization: "Bearer no" }),
    gives: {
      status: 401,
      json: { errorcode: 0, message: "Not Authorized", documentation: expect.stringContaining("error-handling.htm") },
    },
  },
  {
    facts: "1.4",
    what: "REST without the scope, before the key is looked up",
    ask: (wire) =>
      rest(wire, "GET", "/data/v1/customobjectdata/key/nope/rowset", undefined, { scope: "automations_read" }),
    gives: { http: 403, body: { message: "Insufficient privileges to complete this action." } },
  },
  {
    facts: "1.5",
    what: "the callback carries code, state and tssd of 28 characters",
    ask: async (wire) => Object.fromEntries((await consent(wire, { state: "s" })).searchParams),
    gives: { code: expect.any(String), state: "s", tssd: expect.stringMatching(/^mc[a-z0-9-]{26}$/) },
  },
  {
    facts: "1.5",
    what: "the page refuses to be framed",
    ask: async (wire) => {
      const query = new URLSearchParams({ response_type: "code", client_id: server.client_id, redirect_uri });
      return (await wire.call("GET", `/v2/authorize?${query.toString()}`)).headers.get("x-frame-options");
    },
    gives: "DENY",
  },
  {
    facts: "1.5",
    what: "a package for servers only cannot send users here",
    ask: async (wire) => (await consent(wire, { client_id: "sandbox-server-a" })).searchParams.get("error"),
    gives: "unauthorized_client",
  },
  {
    facts: "1.6",
    what: "userinfo is nested, both URLs lie under rest, sub is text",
    ask: async (wire) => userInfo(wire, (await redeemed(wire))["access_token"]),
    gives: {
      exp: expect.any(Number),
      iss: "https://mc.exacttarget.com",
      user: { sub: expect.stringMatching(/^\d+$/), zoneinfo: "Etc/GMT+6", timezone: { offset: -6, dst: false } },
      organization: { member_id: 7000001, enterprise_id: 7000001, account_type: "enterprise", region: "NA1" },
      rest: { rest_instance_url: expect.any(String), soap_instance_url: expect.any(String) },
      application: { appScopes: expect.arrayContaining(["offline"]), redirectUrl: expect.any(Array) },
      permissions: expect.any(Array),
    },
  },
  {
    facts: "1.6",
    what: "a package's userinfo has a synthetic name and no email",
    ask: async (wire) => userInfo(wire, (await token(wire, server))["access_token"]),
    gives: { user: { email: "", name: expect.stringContaining("API User") } },
  },
  {
    facts: "1.6",
    what: "?view=oidc makes sub a URL",
    ask: async (wire) => userInfo(wire, (await token(wire, server))["access_token"], "?view=oidc"),
    gives: { user: { sub: expect.stringMatching(/^http/) } },
  },
  {
    facts: "1.6",
    what: "tokenContext",
    ask: (wire) => rest(wire, "GET", "/platform/v1/tokenContext", undefined, { mid: 7000011 }),
    gives: {
      http: 200,
      body: { enterprise: { id: 7000001 }, organization: { id: 7000011 }, user: { id: expect.any(Number) } },
    },
  },
  {
    facts: "1.6",
    what: "endpoints",
    ask: (wire) => rest(wire, "GET", "/platform/v1/endpoints"),
    gives: {
      http: 200,
      body: { items: expect.arrayContaining([{ type: "soap", url: expect.stringMatching(/asmx$/) }]) },
    },
  },
  {
    facts: "1.6",
    what: "discovery",
    ask: (wire) => wire.call("GET", "/v2/discovery?client_id=sandbox-client-a&resource=acct:someone"),
    gives: {
      status: 200,
      json: { subject: "acct:someone", links: [{ rel: "auth_instance_url" }, { rel: "rest_instance_url" }] },
    },
  },
];
