import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Json, openWire, type Wire } from "./support/wire.ts";

let wire: Wire;
beforeAll(async () => {
  wire = await openWire();
});
afterAll(() => wire.close());

const app = { client_id: "sandbox-client-a", client_secret: "sandbox-secret-a" };
const redirect_uri = "http://127.0.0.1:4321/app/callback";
const verifier = "v".repeat(43);
const code_challenge = createHash("sha256").update(verifier).digest("base64url");
const query = (more: Record<string, string> = {}) =>
  new URLSearchParams({
    response_type: "code",
    client_id: app.client_id,
    redirect_uri,
    state: "s 1",
    ...more,
  }).toString();

/** Decides on the consent page; answers where the browser is sent. */
async function consent(
  more: Record<string, string> = {},
): Promise<{ status: number; to: URL | undefined; text: string }> {
  const body = query({ decision: "allow", mid: "7000011", ...more });
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const response = await fetch(`${wire.url}/v2/authorize`, { method: "POST", body, headers, redirect: "manual" });
  const location = response.headers.get("location");
  return {
    status: response.status,
    to: location === null ? undefined : new URL(location),
    text: await response.text(),
  };
}
const code = async (more: Record<string, string> = {}) => String((await consent(more)).to?.searchParams.get("code"));
const token = async (body: Json) => wire.call("POST", "/v2/token", body);
const redeem = (text: string, more: Json = {}) =>
  token({ grant_type: "authorization_code", ...app, code: text, redirect_uri, ...more });
const refresh = (text: unknown, more: Json = {}) =>
  token({ grant_type: "refresh_token", ...app, refresh_token: text, ...more });
const info = async (answer: Json) =>
  (await wire.call("GET", "/v2/userinfo", undefined, { authorization: `Bearer ${String(answer["access_token"])}` }))
    .json;

describe("GET /v2/authorize, MCE 1.5", () => {
  test("shows a page that names the app and refuses framing", async () => {
    const answer = await wire.call("GET", `/v2/authorize?${query()}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("x-frame-options")).toBe("DENY");
    expect(answer.text).toContain("sandbox-client-a");
  });

  test("sends the browser back with code, state and tssd", async () => {
    const { status, to } = await consent();
    expect(status).toBe(302);
    expect(to?.href.startsWith(`${redirect_uri}?`)).toBe(true);
    expect([to?.searchParams.get("state"), to?.searchParams.get("tssd")]).toEqual([
      "s 1",
      "mcsandbox-enterprise-a000001",
    ]);
    expect(to?.searchParams.get("code")?.length).toBeLessThanOrEqual(512);
  });

  test.each([
    ["denied", { decision: "deny" }, "access_denied"],
    ["an unknown scope", { scope: "everything" }, "invalid_scope"],
    ["another response type", { response_type: "token" }, "unsupported_response_type"],
    ["a plain challenge", { code_challenge: "x", code_challenge_method: "plain" }, "invalid_request"],
  ])("%s comes back as an error", async (_, more, error) => {
    expect((await consent(more)).to?.searchParams.get("error")).toBe(error);
  });

  test.each([
    ["an unknown client", { client_id: "no" }],
    ["a foreign redirect_uri", { redirect_uri: "https://evil.example.com/" }],
  ])("%s stays on the page, HTTP 400", async (_, more) => {
    const { status, to } = await consent(more);
    expect([status, to]).toEqual([400, undefined]);
  });
});

describe("authorization_code, MCE 1.2 to 1.4", () => {
  test("answers an access and a refresh token for the business unit chosen", async () => {
    const { status, json } = await redeem(await code());
    expect(status).toBe(200);
    expect(json).toMatchObject({ token_type: "Bearer", expires_in: 1079, refresh_token: expect.any(String) });
    expect(await info(json)).toMatchObject({ organization: { member_id: 7000011, enterprise_id: 7000001 } });
  });

  test("PKCE: a public app sends its verifier and no secret", async () => {
    const pkce = { code_challenge, code_challenge_method: "S256" };
    const bare = { client_secret: undefined };
    expect((await redeem(await code(pkce), { ...bare, code_verifier: verifier })).status).toBe(200);
    expect((await redeem(await code(pkce), { ...bare, code_verifier: "w".repeat(43) })).json["error"]).toBe(
      "invalid_grant",
    );
    expect((await redeem(await code(pkce), bare)).json["error"]).toBe("invalid_client");
  });

  test("a code is good once, for five minutes, for one redirect_uri", async () => {
    const used = await code();
    await redeem(used);
    const other = await redeem(await code(), { redirect_uri: `${redirect_uri}/` });
    const old = await code();
    await wire.advance(300_000);
    const answers = [await redeem(used), other, await redeem(old), await redeem("nonsense")];
    expect(answers.map((it) => [it.status, it.json["error"]])).toEqual(answers.map(() => [400, "invalid_grant"]));
  });
});

describe("refresh_token, MCE 1.2, 1.3", () => {
  test("answers a new pair; the old token is good for a grace of five minutes", async () => {
    const first = (await redeem(await code())).json;
    const second = (await refresh(first["refresh_token"])).json;
    expect(second["refresh_token"]).not.toBe(first["refresh_token"]);
    await wire.advance(299_999);
    expect((await refresh(first["refresh_token"])).status).toBe(200);
    await wire.advance(1);
    expect(await refresh(first["refresh_token"])).toMatchObject({ status: 400, json: { error: "invalid_grant" } });
    expect((await refresh(second["refresh_token"])).status).toBe(200);
  });

  test("12.1, rotation race: without grace the loser of two gets invalid_grant", async () => {
    await wire.call("POST", "/sandbox/behaviours", { refreshGraceMs: 0 });
    const { refresh_token } = (await redeem(await code())).json;
    const answers = await Promise.all([refresh(refresh_token), refresh(refresh_token)]);
    expect(new Set(answers.map((it) => it.status))).toEqual(new Set([200, 400]));
  });

  test("account_id switches the business unit; scope narrows and never widens", async () => {
    const { refresh_token } = (await redeem(await code({ scope: "offline data_extensions_read" }))).json;
    const switched = (await refresh(refresh_token, { account_id: 7000012, scope: "data_extensions_read" })).json;
    expect(await info(switched)).toMatchObject({
      organization: { member_id: 7000012 },
      application: { appScopes: ["data_extensions_read"] },
    });
    const wider = await refresh(switched["refresh_token"], { scope: "automations_read" });
    expect(wider).toMatchObject({ status: 400, json: { error: "invalid_scope" } });
  });

  test("dies after 30 days, and when the package is revoked", async () => {
    const old = (await redeem(await code())).json["refresh_token"];
    await wire.advance(30 * 86_400_000);
    expect((await refresh(old)).json["error"]).toBe("invalid_grant");
    const fresh = (await redeem(await code())).json;
    await wire.call("POST", "/sandbox/tokens", { action: "revoke", clientId: app.client_id });
    expect((await refresh(fresh["refresh_token"])).json["error"]).toBe("invalid_grant");
    expect(await info(fresh)).toMatchObject({ message: "Not Authorized" });
  });
});

describe("who am I, MCE 1.6", () => {
  test("userinfo is nested; a package has a synthetic user without email", async () => {
    const { json } = await token({ grant_type: "client_credentials", ...app });
    expect(await info(json)).toMatchObject({
      exp: expect.any(Number),
      iss: "https://mc.exacttarget.com",
      user: {
        sub: expect.stringMatching(/^\d+$/),
        email: "",
        zoneinfo: "Etc/GMT+6",
        timezone: { shortName: "CST", offset: -6, dst: false },
      },
      organization: { member_id: 7000001, enterprise_id: 7000001, account_type: "enterprise" },
      rest: { rest_instance_url: `${wire.url}/`, soap_instance_url: `${wire.url}/` },
      application: { appScopes: expect.arrayContaining(["data_extensions_read"]) },
      permissions: [],
    });
  });

  test("discovery names the hosts, tokenContext the ids", async () => {
    const found = await wire.call("GET", `/v2/discovery?client_id=${app.client_id}&resource=acct:me`);
    expect(found.json).toEqual({
      subject: "acct:me",
      links: [
        { rel: "auth_instance_url", href: `${wire.url}/` },
        { rel: "rest_instance_url", href: `${wire.url}/` },
      ],
    });
    const { json } = await token({ grant_type: "client_credentials", ...app, account_id: 7000012 });
    const context = await wire.call("GET", "/platform/v1/tokenContext", undefined, {
      authorization: `Bearer ${String(json["access_token"])}`,
    });
    expect(context.json).toEqual({
      enterprise: { id: 7000001 },
      organization: { id: 7000012 },
      user: { id: expect.any(Number) },
    });
  });
});

describe("people and packages", () => {
  const shared = { client_id: "sandbox-app", client_secret: "sandbox-app-secret" };
  const asPerson = async (user: string, mid: string) => {
    const text = await code({ ...shared, user, mid });
    return redeem(text, shared);
  };

  test("a service's package signs in people of both enterprises, each in units of their own", async () => {
    const cleo = await asPerson("cleo@enterprise-b.example.com", "8000001");
    expect(await info(cleo.json)).toMatchObject({
      user: { sub: "8000091", name: "Cleo Chen" },
      organization: { member_id: 8000001, enterprise_id: 8000001 },
    });
    expect((await consent({ ...shared, user: "ben@enterprise-a.example.com", mid: "7000001" })).status).toBe(400);
    expect((await token({ grant_type: "client_credentials", ...shared })).status).toBe(401);
  });

  test("a refresh for a unit that is not the person's is refused, and does not use up the token", async () => {
    const { json } = await asPerson("ben@enterprise-a.example.com", "7000011");
    const elsewhere = await refresh(json["refresh_token"], { ...shared, account_id: 7000012 });
    expect([elsewhere.status, elsewhere.json["error_description"]]).toEqual([
      400,
      "The account 7000012 is not accessible for this account.",
    ]);
    expect((await refresh(json["refresh_token"], shared)).status).toBe(200);
  });

  test("a package without all scopes grants what it has", async () => {
    const narrow = { client_id: "sandbox-narrow-a", client_secret: "sandbox-secret-a" };
    const text = await code({ ...narrow, scope: "offline automations_read automations_execute" });
    expect((await redeem(text, narrow)).json["scope"]).toBe("offline automations_read");
  });
});
