import { describe, expect, it, vi } from "vitest";
import { drawKey } from "#protocol/key-format.ts";
import { ask, askUnchecked, bodyOf, post } from "./support/api.ts";
import { actionsOf, enroll, rowsAsOwner } from "./support/owner.ts";
import { alice, stranger, tokenOf, type Person } from "./support/people.ts";

type NewKey = { id: string; key: string; name: string; scopes: string[]; expiresAt: string };

const bearer = (credential: string) => ({ headers: { authorization: `Bearer ${credential}` } });

async function makeKey(body: object = {}, person: Person = stranger()): Promise<NewKey> {
  const answer = await post("/v1/keys", { name: "CI", ...body }, {}, person);
  expect(answer.status).toBe(201);
  return bodyOf<NewKey>(answer);
}

describe("POST /v1/keys", () => {
  it("makes a key that works as its user, with its scopes and for 90 days, and is noted", async () => {
    const person = stranger();
    const made = await makeKey({}, person);
    expect(made).toMatchObject({ name: "CI", scopes: ["runs:read", "runs:write", "tables:read"] });
    expect(made.key).toMatch(new RegExp(`^sqe_dev_${made.id}_[0-9A-Za-z]{38}$`));
    expect(Math.round((Date.parse(made.expiresAt) - Date.now()) / 86_400_000)).toBe(90);
    const me = await bodyOf<{ user: { id: string }; scopes: string[] }>(await ask("/v1/me", bearer(made.key)));
    expect([me.user.id, me.scopes]).toEqual([person.sub, made.scopes]);
    expect(await actionsOf(person)).toEqual(["key-created"]);
  });

  it("keeps no key, only its hash", async () => {
    const { key, id } = await makeKey();
    const [row] = await rowsAsOwner(
      "select key_hash, to_jsonb(k)::text as all from sqe.api_keys as k where key_id = $1",
      [id],
    );
    expect(row?.["key_hash"]).toMatch(/^[0-9a-f]{64}$/);
    expect(row?.["all"]).not.toContain(key.slice(-38));
  });

  it("gives no scope that the caller lacks", async () => {
    const headers = { authorization: `Bearer ${await tokenOf(stranger(), { claims: { scopes: ["runs:read"] } })}` };
    const refused = await post("/v1/keys", { name: "x", scopes: ["runs:write"] }, headers);
    expect([refused.status, await bodyOf(refused)]).toEqual([403, expect.objectContaining({ missing: "runs:write" })]);
    expect((await bodyOf<NewKey>(await post("/v1/keys", { name: "x" }, headers))).scopes).toEqual(["runs:read"]);
  });

  it("lets a key that a key made live no longer than that one", async () => {
    const first = await makeKey({ expiresInDays: 2 });
    const answer = await post("/v1/keys", { name: "child", expiresInDays: 300 }, bearer(first.key).headers);
    expect((await bodyOf<NewKey>(answer)).expiresAt).toBe(first.expiresAt);
  });

  it("refuses more than 50 keys of one user", async () => {
    const person = stranger();
    await rowsAsOwner(
      `insert into sqe.api_keys (id, tenant_id, user_id, mid, connection_id, key_hash, key_id)
       select gen_random_uuid(), $1, $2, 1, gen_random_uuid(), md5(random()::text), lpad(n::text, 8, $3)
       from generate_series(1, 50) as n`,
      [person.tenant, person.sub, "x"],
    );
    const refused = await post("/v1/keys", { name: "one more" }, {}, person);
    expect([refused.status, (await bodyOf(refused)).code]).toEqual([409, "TOO_MANY_KEYS"]);
    await rowsAsOwner("delete from sqe.api_keys where user_id = $1", [person.sub]);
  });

  it.each([
    { name: "" },
    { name: "x", scopes: [] },
    { name: "x", scopes: ["all"] },
    { name: "x", expiresInDays: 366 },
    {},
  ])("refuses %j", async (body) => {
    expect((await post("/v1/keys", body)).status).toBe(422);
  });
});

describe("GET /v1/keys", () => {
  it("lists a user's own keys without their secrets, newest first, with their last use", async () => {
    const person = stranger();
    const old = await makeKey({ name: "old" }, person);
    const made = await makeKey({ name: "new", scopes: ["mcp"] }, person);
    await ask("/v1/me", bearer(made.key));
    const read = async () => bodyOf<{ keys: Record<string, unknown>[] }>(await ask("/v1/keys", {}, person));
    await expect.poll(async () => (await read()).keys[0]?.["lastUsedAt"]).toBeDefined();
    const { keys } = await read();
    expect(keys).toEqual([
      expect.objectContaining({ id: made.id, name: "new", scopes: ["mcp"], expiresAt: made.expiresAt }),
      expect.objectContaining({ id: old.id, name: "old" }),
    ]);
    expect(JSON.stringify(keys)).not.toContain(made.key.slice(-38));
    expect(keys[1]).not.toHaveProperty("lastUsedAt");
  });
});

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

describe("an API key", () => {
  const refusal = async (key: string) => {
    const answer = await ask("/v1/me", bearer(key));
    return [answer.status, (await bodyOf(answer)).detail];
  };

  it("is named in the answer once it is revoked, and does nothing any more", async () => {
    const person = stranger();
    const { id, key } = await makeKey({}, person);
    expect((await ask("/v1/me", bearer(key))).status).toBe(200);
    expect((await ask(`/v1/keys/${id}`, { method: "DELETE" }, person)).status).toBe(204);
    expect(await refusal(key)).toEqual([401, expect.stringContaining(`API key ${id} was revoked`)]);
    expect((await bodyOf<{ keys: unknown[] }>(await ask("/v1/keys", {}, person))).keys).toEqual([]);
    expect(await actionsOf(person)).toEqual(["key-created", "key-revoked"]);
  });

  it("is named in the answer once it has expired", async () => {
    const { id, key } = await makeKey();
    await rowsAsOwner("update sqe.api_keys set expires_at = now() - interval '1 second' where key_id = $1", [id]);
    expect(await refusal(key)).toEqual([401, expect.stringContaining(`API key ${id} has expired`)]);
  });

  it("ends with its user", async () => {
    const person = stranger();
    const { id, key } = await makeKey({}, person);
    await enroll(person);
    await rowsAsOwner("update sqe.users set active = false where user_id = $1", [person.sub]);
    expect(await refusal(key)).toEqual([401, expect.stringContaining(`API key ${id} belongs to somebody who`)]);
  });

  it("ends with its tenant", async () => {
    const [tenant, eid] = [crypto.randomUUID(), 5_000_000_000 + Math.floor(Math.random() * 1_000_000_000)];
    await rowsAsOwner("insert into sqe.tenants (id, eid, name) values ($1, $2, 'Suspended')", [tenant, eid]);
    const { id, key } = await makeKey({}, { ...stranger(), tenant, eid, mid: eid });
    await rowsAsOwner("update sqe.tenants set active = false where id = $1", [tenant]);
    expect(await refusal(key)).toEqual([401, expect.stringContaining(`API key ${id} belongs to somebody who`)]);
  });

  it("whose secret is another's is none, although its id is known and its letters are right", async () => {
    const { id } = await makeKey();
    let draws = 0;
    // The id is drawn first.
    const fill = (bytes: Uint8Array<ArrayBuffer>) =>
      (draws += 1) === 1 ? bytes.map((_, at) => alphabet.indexOf(id[at] ?? "")) : crypto.getRandomValues(bytes);
    const forged = drawKey("sqe", "development", fill);
    expect(forged.id).toBe(id);
    expect(await refusal(forged.key)).toEqual([401, "There is no such API key"]);
  });

  it("with a typo or of another installation is refused before anything is asked", async () => {
    const { key } = await makeKey();
    const typo = `${key.slice(0, 30)}${key[30] === "a" ? "b" : "a"}${key.slice(31)}`;
    expect(await refusal(typo)).toEqual([401, expect.stringContaining("wrong")]);
    const fill = (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes);
    expect(await refusal(drawKey("sqe", "production", fill).key)).toEqual([401, expect.stringContaining("another")]);
    expect(await refusal(drawKey("sqe", "development", fill).key)).toEqual([401, "There is no such API key"]);
  });

  it("of an administrator is a member's", async () => {
    const person = stranger();
    await enroll(person, "administrator");
    const { key } = await makeKey({}, person);
    expect((await ask("/v1/members", bearer(key))).status).toBe(403);
  });

  it("is remembered for half a minute, so that Postgres is not asked each time", async () => {
    const { id, key } = await makeKey();
    await ask("/v1/me", bearer(key));
    await rowsAsOwner("update sqe.api_keys set revoked_at = now() where key_id = $1", [id]);
    expect((await ask("/v1/me", bearer(key))).status).toBe(200);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 31_000 });
    try {
      expect((await askUnchecked("/v1/me", bearer(key))).status).toBe(401);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("DELETE /v1/keys/{id}", () => {
  it("does not find another user's key, unless an administrator of the tenant asks", async () => {
    const { id } = await makeKey();
    const remove = (claims: object = {}) =>
      tokenOf(alice, { claims: { ...claims } }).then((token) =>
        ask(`/v1/keys/${id}`, { method: "DELETE", headers: { authorization: `Bearer ${token}` } }),
      );
    expect([(await remove()).status, (await remove({ role: "administrator" })).status]).toEqual([404, 204]);
    expect((await remove({ role: "administrator" })).status).toBe(404);
  });
});
