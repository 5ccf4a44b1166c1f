import { exports } from "cloudflare:workers";
import { importJWK, SignJWT, type JWK } from "jose";
import { vi } from "vitest";
import { drawKey } from "#protocol/key-format.ts";
import { scopes as allScopes, type Scope } from "#protocol/scope.ts";
import { sha256 } from "#protocol/signature.ts";
import { bodyOf, post } from "../api.ts";
import { ann, Browser } from "../browser.ts";
import { oldSessionOf } from "../old-session.ts";
import { enroll, rowsAsOwner } from "../owner.ts";
import { bindings, carol, tokenOf, type Person } from "../people.ts";
import type { Owners } from "./things.ts";

/** Somebody who calls: what is true of the person, and what comes with each request. */
export type Caller = {
  name: string;
  /** Whose credential it is; `nobody`: none that counts. */
  is: "me" | "ann" | "foreigner" | "operator" | "nobody";
  scopes: ReadonlySet<Scope>;
  isAdministrator: boolean;
  /** A token of `POST /v1/tokens`. */
  isShortLived: boolean;
  /** The token is for the run of `me` alone. */
  isForOneRun: boolean;
  /** The connection is the tenant's, and allows the business unit. */
  isConnected: boolean;
  /** The page that a session's request comes from. */
  page?: "own" | "other";
  headers: Readonly<Record<string, string>>;
};

const ownPage = { origin: "http://127.0.0.1", "sec-fetch-site": "same-origin" };
/** Of a page that is none of ours. */
export const otherOrigin = "https://evil.example";
const otherPage = { origin: otherOrigin, "sec-fetch-site": "cross-site" };
const nothing = { isAdministrator: false, isShortLived: false, isForOneRun: false, isConnected: true };
const all = new Set(allScopes);

const bearer = (credential: string) => ({ authorization: `Bearer ${credential}` });
const fill = (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes);

/** Makes every kind of caller. @param owners the people whom they stand for, and the run that one token is for */
export async function makeCallers(
  { me, foreigner }: Pick<Owners, "me" | "foreigner">,
  runOfMe: string,
): Promise<Caller[]> {
  const nobody = (name: string, credential: string | undefined): Caller => ({
    name,
    is: "nobody",
    scopes: new Set(),
    ...nothing,
    headers: credential === undefined ? {} : bearer(credential),
  });
  const user = (name: string, credential: string, facts: Partial<Caller> = {}): Caller => ({
    name,
    is: "me",
    scopes: all,
    ...nothing,
    headers: bearer(credential),
    ...facts,
  });
  const claim = (claims: object, person: Person = me) => tokenOf(person, { claims: { ...claims } });
  const gone = { ...me, sub: await newMember(me) };
  const stillShort = await shortLived(await makeKey(gone, allScopes), {});
  const signedOut = await signedOutSessionOf(me);
  await rowsAsOwner("update sqe.users set active = false where user_id = $1", [gone.sub]);
  const [full, bare, revoked, expired, inactive] = await Promise.all([
    makeKey(me, allScopes),
    makeKey(me, []),
    makeKey(me, allScopes, "revoked_at = now()"),
    makeKey(me, allScopes, "expires_at = now() - interval '1 second'"),
    makeKey(gone, allScopes),
  ]);
  const scoped = await Promise.all(allScopes.map(async (scope) => ({ scope, key: await makeKey(me, [scope]) })));
  const [session, trusted, trustedGone] = [await cookieOf(), await issued(me, me), await issued(gone, me)];
  await lookAnew(trusted, trustedGone, stillShort);
  const isAnn = { is: "ann", page: "own" } as const;
  const administrator = { isAdministrator: true };
  return [
    nobody("signed out", undefined),
    nobody("expired token", await claim({ exp: 1 })),
    nobody("forged key", drawKey("sqe", "development", fill).key),
    nobody("key of production", drawKey("sqe", "production", fill).key),
    nobody("revoked key", revoked),
    nobody("expired key", expired),
    nobody("key of somebody switched off", inactive),
    nobody("trusted issuer of somebody switched off", trustedGone),
    nobody("short-lived token of somebody switched off", stillShort),
    nobody("expired short-lived token", await expiredShortLived(full)),
    { ...nobody("session of somebody switched off", undefined), headers: { cookie: await oldSessionOf(gone) } },
    { ...nobody("signed-out session", undefined), headers: { cookie: signedOut, ...ownPage } },
    nobody("foreign issuer", await issued(me, undefined)),
    nobody("another tenant's issuer", await issued(me, carol)),
    nobody("revoked operator's key", await operatorKey("revoked_at = now()")),
    user("key without scopes", bare, { scopes: new Set() }),
    ...scoped.map(({ scope, key }) => user(`key for ${scope}`, key, { scopes: new Set([scope]) })),
    user("key of every scope", full),
    user("member", await claim({})),
    user("administrator", await claim({ role: "administrator" }), administrator),
    user("trusted issuer", trusted),
    user("short-lived token", await shortLived(full, {}), { isShortLived: true }),
    user("token for one run", await shortLived(full, { scopes: allScopes, runId: runOfMe }), {
      isShortLived: true,
      isForOneRun: true,
    }),
    user("wrong business unit", await claim({ mid: 99 }), { isConnected: false }),
    user("another tenant's connection", await claim({ connection: carol.connection }), { isConnected: false }),
    user("session", "", { ...isAnn, headers: { cookie: session, ...ownPage } }),
    user("session without page", "", { ...isAnn, page: "other", headers: { cookie: session } }),
    user("session of another page", "", { ...isAnn, page: "other", headers: { cookie: session, ...otherPage } }),
    user("other tenant", await claim({}, foreigner), { is: "foreigner" }),
    user("other tenant's administrator", await claim({ role: "administrator" }, foreigner), {
      is: "foreigner",
      ...administrator,
    }),
    { ...user("operator", await operatorKey("name = 'x'")), is: "operator" },
  ];
}

/** Headers that a page of ours would send with a credential, so that it is the credential which is refused. */
export function asFromOwnPage({ page, headers }: Caller): Record<string, string> {
  return page === undefined ? { ...headers, ...ownPage } : { ...headers };
}

/** The cookie of a new session of Ann's. */
export async function cookieOf(): Promise<string> {
  const browser = new Browser();
  await browser.signIn(ann);
  return `__Host-sqe=${browser.cookies.get("__Host-sqe")}`;
}

async function makeKey(person: Person, scopes: readonly Scope[], change?: string): Promise<string> {
  const { id, key } = drawKey("sqe", "development", fill);
  await rowsAsOwner(
    `insert into sqe.api_keys (id, tenant_id, user_id, mid, connection_id, key_hash, key_id, name, scopes)
     values (gen_random_uuid(), $1, $2, $3, $4, $5, $6, 'access', $7)`,
    [person.tenant, person.sub, person.mid, person.connection, await sha256(key), id, `{${scopes.join(",")}}`],
  );
  if (change !== undefined) await rowsAsOwner(`update sqe.api_keys set ${change} where key_id = $1`, [id]);
  return key;
}

async function newMember({ tenant }: Person): Promise<string> {
  const sub = `gone-${crypto.randomUUID()}`;
  await enroll({ tenant, sub });
  return sub;
}

async function operatorKey(change: string): Promise<string> {
  const { id, key } = drawKey("sqeop", "development", fill);
  await rowsAsOwner("insert into sqe.operator_keys (id, key_hash, name) values ($1, $2, 'o')", [id, await sha256(key)]);
  await rowsAsOwner(`update sqe.operator_keys set ${change} where id = $1`, [id]);
  return key;
}

async function shortLived(key: string, body: object): Promise<string> {
  return (await bodyOf<{ token: string }>(await post("/v1/tokens", body, bearer(key)))).token;
}

/** A token that ended five minutes ago: it lasts a quarter of an hour. */
async function expiredShortLived(key: string): Promise<string> {
  return atTime(Date.now() - 20 * 60_000, () => shortLived(key, {}));
}

/** A cookie that somebody kept from before they signed out, and that is too old to be believed without a look (D88). */
async function signedOutSessionOf(person: Person): Promise<string> {
  const cookie = await oldSessionOf(person);
  const headers = { cookie, ...ownPage, "content-type": "application/json" };
  const init = { method: "POST", headers, body: "{}" };
  const answer = await exports.default.fetch(new Request("http://127.0.0.1/auth/logout", init));
  await answer.body?.cancel();
  return cookie;
}

/** A token of an issuer that a tenant trusts, or nobody. It names a person of any tenant, and calls everybody an administrator. */
async function issued(person: Person, trusting: Person | undefined): Promise<string> {
  const { jwksUrl, rsa } = JSON.parse(bindings["TEST_ISSUER"] ?? "{}") as { jwksUrl: string; rsa: JWK };
  const iss = `https://ide.example/${crypto.randomUUID()}`;
  if (trusting !== undefined)
    await rowsAsOwner(
      "insert into sqe.issuers (id, tenant_id, issuer, audience, jwks_url) values (gen_random_uuid(), $1, $2, 'sqe', $3)",
      [trusting.tenant, iss, jwksUrl],
    );
  const exp = Math.floor(Date.now() / 1000) + 600;
  return new SignJWT({ ...person, iss, aud: "sqe", exp, role: "administrator" })
    .setProtectedHeader({ alg: "RS256", kid: "rsa" })
    .sign(await importJWK(rsa, "RS256"));
}

/** The latest time at which this isolate was made to look. */
let lookedAt = 0;

/** An isolate remembers issuers and people for a minute at most: it looks again when its clock is one later than at the last time. */
async function lookAnew(...tokens: string[]): Promise<void> {
  lookedAt = Math.max(Date.now(), lookedAt) + 61_000;
  await atTime(lookedAt, async () => {
    for (const token of tokens) {
      const answer = await exports.default.fetch(new Request("http://127.0.0.1/v1/tenant", { headers: bearer(token) }));
      await answer.body?.cancel();
    }
  });
}

/** Does something while the Worker's clock stands at a time, in epoch milliseconds. */
async function atTime<T>(now: number, does: () => Promise<T>): Promise<T> {
  vi.useFakeTimers({ toFake: ["Date"], now });
  try {
    return await does();
  } finally {
    vi.useRealTimers();
  }
}
