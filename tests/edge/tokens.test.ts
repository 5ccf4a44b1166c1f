import { describe, expect, it, vi } from "vitest";
import { drawKey } from "#protocol/key-format.ts";
import { sha256 } from "#protocol/signature.ts";
import { ask, askUnchecked, bodyOf, post, submit } from "./support/api.ts";
import { enroll, rowsAsOwner } from "./support/owner.ts";
import { alice, carol, stranger, tokenOf } from "./support/people.ts";

type Token = { token: string; scopes: string[]; expiresAt: string; runId?: string };

const bearer = (credential: string) => ({ headers: { authorization: `Bearer ${credential}` } });

async function makeToken(body: object = {}, headers: Record<string, string> = {}): Promise<Token> {
  const answer = await post("/v1/tokens", body, headers);
  expect(answer.status).toBe(201);
  return bodyOf<Token>(answer);
}

describe("POST /v1/tokens", () => {
  it("makes a token of 15 minutes that works as its user and says nothing to who holds it", async () => {
    const { token, expiresAt } = await makeToken();
    expect(Math.round((Date.parse(expiresAt) - Date.now()) / 60_000)).toBe(15);
    expect(await bodyOf(await ask("/v1/me", bearer(token)))).toMatchObject({ user: { id: alice.sub }, isAdmin: false });
    expect(atob(token.split(".")[0]?.replaceAll("-", "+").replaceAll("_", "/") ?? "")).not.toContain(alice.tenant);
  });

  it("is never wider than its caller, in scopes, role and time", async () => {
    const soon = Math.floor(Date.now() / 1000) + 120;
    const claims = { scopes: ["runs:read", "mcp"], role: "administrator", exp: soon };
    const authorization = { authorization: `Bearer ${await tokenOf(alice, { claims })}` };
    const { token, scopes, expiresAt } = await makeToken({}, authorization);
    expect([scopes, expiresAt]).toEqual([["runs:read", "mcp"], new Date(soon * 1000).toISOString()]);
    const refused = await post("/v1/tokens", { scopes: ["runs:write"] }, authorization);
    expect([refused.status, await bodyOf(refused)]).toEqual([403, expect.objectContaining({ missing: "runs:write" })]);
    expect((await ask("/v1/members", bearer(token))).status).toBe(403);
    expect((await post("/v1/keys", { name: "x" }, bearer(token).headers)).status).toBe(403);
    expect((await ask("/v1/keys", bearer(token))).status).toBe(403);
    expect((await ask("/v1/keys/x", { method: "DELETE", ...bearer(token) })).status).toBe(403);
  });

  it("may be for one run alone", async () => {
    const [mine, other] = [await submit(), await submit()];
    const { token, scopes, runId } = await makeToken({ runId: mine.id });
    expect([scopes, runId]).toEqual([["runs:read"], mine.id]);
    const asked = async (path: string) => (await ask(path, bearer(token))).status;
    expect(await asked(`/v1/runs/${mine.id}`)).toBe(200);
    expect(await asked(`/v1/runs/${mine.id}/results`)).toBe(409);
    for (const path of [`/v1/runs/${other.id}`, "/v1/runs", "/v1/me"])
      expect([path, await asked(path)]).toEqual([path, 403]);
    expect((await post("/v1/tokens", {}, bearer(token).headers)).status).toBe(403);
    expect((await ask(`/v1/runs/${mine.id}/cancel`, { method: "POST", ...bearer(token) })).status).toBe(403);
  });

  it("makes one that is refused after its end, and when a letter of it is changed", async () => {
    const { token } = await makeToken();
    const at = token.length - 30;
    const changed = `${token.slice(0, at)}${token[at] === "a" ? "b" : "a"}${token.slice(at + 1)}`;
    expect((await ask("/v1/me", bearer(changed))).status).toBe(401);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 15 * 60_000 + 1000 });
    try {
      expect((await askUnchecked("/v1/me", bearer(token))).status).toBe(401);
    } finally {
      vi.useRealTimers();
    }
  });

  it.each([
    ["switched off", "update sqe.users set active = false where user_id = $1"],
    ["removed", "delete from sqe.users where user_id = $1"],
  ])("makes one that ends within half a minute when its person is %s", async (_, change) => {
    const person = stranger();
    await enroll(person);
    const { token } = await makeToken({}, { authorization: `Bearer ${await tokenOf(person)}` });
    expect((await ask("/v1/me", bearer(token))).status).toBe(200);
    await rowsAsOwner(change, [person.sub]);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 31_000 });
    try {
      expect((await askUnchecked("/v1/me", bearer(token))).status).toBe(401);
    } finally {
      vi.useRealTimers();
    }
  });

  it("makes one that ends with its tenant", async () => {
    const [tenant, eid] = [crypto.randomUUID(), 3_000_000_000 + Math.floor(Math.random() * 1_000_000_000)];
    await rowsAsOwner("insert into sqe.tenants (id, eid, name) values ($1, $2, 'Short')", [tenant, eid]);
    const person = { ...stranger(), tenant, eid, mid: eid };
    const { token } = await makeToken({}, { authorization: `Bearer ${await tokenOf(person)}` });
    await rowsAsOwner("update sqe.tenants set active = false where id = $1", [tenant]);
    expect((await ask("/v1/tenant", bearer(token))).status).toBe(401);
  });

  it.each([{ scopes: [] }, { scopes: ["all"] }, { runId: "x" }, { more: 1 }])("refuses %j", async (body) => {
    expect((await post("/v1/tokens", body)).status).toBe(422);
  });
});

describe("an operator's key", () => {
  async function makeOperatorKey(environment: "development" | "production" = "development") {
    const made = drawKey("sqeop", environment, (bytes) => crypto.getRandomValues(bytes));
    await rowsAsOwner("insert into sqe.operator_keys (id, key_hash, name) values ($1, $2, 'ops')", [
      made.id,
      await sha256(made.key),
    ]);
    return made;
  }

  it("works for /v1/admin and nothing else, until it is revoked, and its use is noted", async () => {
    const { id, key } = await makeOperatorKey();
    expect((await ask("/v1/admin/status", bearer(key))).status).toBe(200);
    expect((await ask("/v1/runs", bearer(key))).status).toBe(403);
    const [row] = await rowsAsOwner("select last_used_at from sqe.operator_keys where id = $1", [id]);
    expect(row?.["last_used_at"]).toBeTruthy();
    await rowsAsOwner("update sqe.operator_keys set revoked_at = now() where id = $1", [id]);
    const answer = await ask("/v1/admin/status", bearer(key));
    expect([answer.status, (await bodyOf(answer)).detail]).toEqual([401, `Operator's key ${id} was revoked`]);
  });

  it("of another installation, unknown or with a typo is refused", async () => {
    const { key } = await makeOperatorKey("production");
    const forged = drawKey("sqeop", "development", (bytes) => crypto.getRandomValues(bytes));
    const unknown = forged.key;
    // Its id is another key's.
    await rowsAsOwner("insert into sqe.operator_keys (id, key_hash, name) values ($1, $2, 'ops')", [
      forged.id,
      await sha256("another"),
    ]);
    for (const one of [key, unknown, `${unknown.slice(0, -1)}!`, `${unknown.slice(0, -1)}x`])
      expect((await ask("/v1/admin/status", bearer(one))).status).toBe(401);
  });
});

it("a token for one tenant does not show another's runs", async () => {
  const { id } = await submit();
  const authorization = { authorization: `Bearer ${await tokenOf(carol)}` };
  const { token } = await makeToken({ runId: id }, authorization);
  expect((await ask(`/v1/runs/${id}`, bearer(token))).status).toBe(404);
});
