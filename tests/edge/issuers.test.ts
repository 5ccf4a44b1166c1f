import { importJWK, SignJWT, type JWK } from "jose";
import { describe, expect, it, vi } from "vitest";
import { app } from "../../src/worker/app.ts";
import { ask, askUnchecked, bodyOf, post } from "./support/api.ts";
import { rowsAsOwner } from "./support/owner.ts";
import { alice, bindings, carol, tokenOf, type Person } from "./support/people.ts";

const issuer = JSON.parse(bindings["TEST_ISSUER"] ?? "{}") as { jwksUrl: string; rsa: JWK; elliptic: JWK };

/** Makes a tenant trust the issuer, under a name of its own, because an isolate remembers issuers for a minute. */
async function trust(path = "", { tenant } = alice): Promise<string> {
  // A tenant of its own: what is remembered is remembered by tenant.
  const name = `https://ide.example/${crypto.randomUUID()}`;
  await rowsAsOwner(
    "insert into sqe.issuers (id, tenant_id, issuer, audience, jwks_url) values (gen_random_uuid(), $1, $2, 'sqe', $3)",
    [tenant, name, new URL(path || "/keys", issuer.jwksUrl).href],
  );
  return name;
}

/** A person of a tenant that no other test has asked for; it has no connection, so that there is nothing to sweep. */
async function newcomer(): Promise<Person> {
  const tenant = crypto.randomUUID();
  const eid = 2_000_000_000 + Math.floor(Math.random() * 1_000_000_000);
  await rowsAsOwner("insert into sqe.tenants (id, eid, name) values ($1, $2, 'IDE')", [tenant, eid]);
  return { sub: crypto.randomUUID(), tenant, mid: eid, eid, connection: crypto.randomUUID() };
}

type Spoil = { key?: JWK; alg?: string; claims?: Record<string, unknown>; kid?: string };

async function signed(person: Person, iss: string, { key = issuer.rsa, claims, ...head }: Spoil = {}): Promise<string> {
  const alg = head.alg ?? key.alg ?? "RS256";
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ ...person, iss, aud: "sqe", iat: now, exp: now + 600, ...claims })
    .setProtectedHeader({ alg, kid: head.kid ?? key.kid ?? "" })
    .sign(await importJWK(key, alg));
}

async function askWith(token: string, path = "/v1/tenant"): Promise<Response> {
  return ask(path, { headers: { authorization: `Bearer ${token}` } });
}

describe("a token of a trusted issuer", () => {
  it("stands for a user of the tenant, signed with RS256 or ES256", async () => {
    const person = await newcomer();
    const iss = await trust("", person);
    for (const key of [issuer.rsa, issuer.elliptic]) {
      const answer = await askWith(await signed(person, iss, { key }));
      expect([answer.status, await bodyOf(answer)]).toMatchObject([200, { id: person.tenant }]);
    }
  });

  it("may have fewer scopes, and is never an administrator's", async () => {
    const person = await newcomer();
    const iss = await trust("", person);
    const token = await signed(person, iss, { claims: { scopes: ["runs:read"], role: "administrator" } });
    const headers = { authorization: `Bearer ${token}` };
    const { id, scopes } = await bodyOf<{ id: string; scopes: string[] }>(
      await post("/v1/keys", { name: "x" }, headers),
    );
    const [row] = await rowsAsOwner("select user_id from sqe.api_keys where key_id = $1", [id]);
    expect([scopes, row?.["user_id"]]).toEqual([["runs:read"], person.sub]);
    expect((await askWith(token, "/v1/members")).status).toBe(403);
  });

  it.each<[string, Spoil]>([
    ["that has expired", { claims: { exp: 1 } }],
    ["that expired a minute ago", { claims: { exp: Math.floor(Date.now() / 1000) - 60 } }],
    ["that is not valid yet", { claims: { nbf: Math.floor(Date.now() / 1000) + 300 } }],
    ["without an end", { claims: { exp: undefined } }],
    ["for another audience", { claims: { aud: "other" } }],
    ["of another issuer", { claims: { iss: "https://evil.example" } }],
    ["of a tenant that trusts nobody", { claims: { tenant: carol.tenant } }],
    ["without a user", { claims: { sub: undefined } }],
    ["without a connection", { claims: { connection: undefined } }],
    ["whose key nobody has", { kid: "unknown" }],
    ["with PS256", { alg: "PS256" }],
  ])("%s is refused", async (_, spoil) => {
    const person = await newcomer();
    const iss = await trust("", person);
    expect((await askWith(await signed(person, iss, spoil))).status).toBe(401);
  });

  it("signed by HMAC with the public key is refused", async () => {
    const person = await newcomer();
    const iss = await trust("", person);
    const { n = "" } = issuer.rsa;
    const now = Math.floor(Date.now() / 1000);
    const token = await new SignJWT({ ...person, iss, aud: "sqe", exp: now + 60 })
      .setProtectedHeader({ alg: "HS256", kid: "rsa" })
      .sign(new TextEncoder().encode(n));
    expect((await askWith(token)).status).toBe(401);
  });

  it("makes its person a member, whom administrators see and shut out", async () => {
    const person = await newcomer();
    const token = await signed(person, await trust("", person));
    expect((await askWith(token)).status).toBe(200);
    const claims = { role: "administrator", sub: "the administrator" };
    const headers = { authorization: `Bearer ${await tokenOf(person, { claims })}` };
    const { members } = await bodyOf<{ members: { id: string; active: boolean }[] }>(
      await ask("/v1/members", { headers }),
    );
    expect(members).toMatchObject([{ id: person.sub, active: true, role: "member" }]);
    const change = (active: boolean) =>
      ask(`/v1/members/${person.sub}`, { method: "PATCH", headers, body: JSON.stringify({ active }) });
    expect((await change(false)).status).toBe(200);
    const refused = await askWith(token);
    expect([refused.status, (await bodyOf(refused)).detail]).toEqual([401, expect.stringContaining("may no longer")]);
    await change(true);
    expect((await askWith(token)).status).toBe(200);
  });

  it("ends within half a minute with a person who was switched off by another isolate", async () => {
    const person = await newcomer();
    const token = await signed(person, await trust("", person));
    expect((await askWith(token)).status).toBe(200);
    await rowsAsOwner("update sqe.users set active = false where user_id = $1", [person.sub]);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 31_000 });
    try {
      expect((await askUnchecked("/v1/tenant", { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
    } finally {
      vi.useRealTimers();
    }
  });

  it.each(["x\0", "\ud800"])("for %j is refused: no store can keep that name", async (sub) => {
    const person = await newcomer();
    const iss = await trust("", person);
    expect((await askWith(await signed({ ...person, sub }, iss))).status).toBe(401);
  });

  it("of a suspended tenant is refused", async () => {
    const person = await newcomer();
    const iss = await trust("", person);
    await rowsAsOwner("update sqe.tenants set active = false where id = $1", [person.tenant]);
    expect((await askWith(await signed(person, iss))).status).toBe(401);
  });

  it.each(["/broken", "/large", "/moved", "/nowhere"])(
    "is UNAVAILABLE while the issuer's keys cannot be read (%s)",
    async (path) => {
      const person = await newcomer();
      const iss = await trust(path, person);
      const answer = await askWith(await signed(person, iss));
      expect([answer.status, (await bodyOf(answer)).code]).toEqual([503, "UNAVAILABLE"]);
    },
  );
});

it("a token of the development secret counts in development alone", async () => {
  const headers = { authorization: `Bearer ${await tokenOf(alice)}` };
  const as = (SQE_ENV: string) => app.request("https://edge.example/v1/me", { headers }, { ...bindings, SQE_ENV });
  expect([(await as("development")).status, (await as("rehearsal")).status]).toEqual([200, 401]);
});
