import { createHash, randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openNeon, type Neon } from "../../dev/stand-ins/neon.ts";
import { seed, tenants } from "../../dev/stack/seed.ts";

const vaultKeys = `kid1:${Buffer.alloc(32, 7).toString("base64")}`;
const [{ id: tenantA }] = tenants;
const hash = (text: string) => createHash("sha256").update(text).digest("hex");
let server: Neon;

beforeAll(async () => {
  const migrationsDir = fileURLToPath(new URL("../../migrations", import.meta.url));
  server = await openNeon({ migrationsDir, users: { sqe_app: "app", sqe_system: "system" } });
  await seed(server, vaultKeys);
});
afterAll(() => server.close());

type Coming = { eid?: number; user?: string; isOpen?: boolean; invitation?: { id: string; hash: string } };

async function admit({ eid = 5, user = "u1", isOpen = false, invitation }: Coming): Promise<unknown[]> {
  const rows = await server.rows(
    "select verdict, role from sqe.admit($1, 'Name', $2, $3, 'Ann', 'ann@example.com', $4, $5, $6)",
    [eid, `mcsomewhere-${eid}`, user, isOpen, invitation?.id ?? null, invitation?.hash ?? null],
  );
  return rows.flatMap(({ verdict, role }) => [verdict, role]);
}

async function invite(more: { eid?: number; expires?: string; admin?: boolean } = {}) {
  const id = randomUUID();
  await server.query(
    `insert into sqe.invitations (id, secret_hash, eid, tenant_name, makes_administrator, created_by, expires_at)
     values ($1, $2, $3, 'Invited', $4, 'op', now() + $5::interval)`,
    [id, hash(id), more.eid ?? null, more.admin ?? true, more.expires ?? "1 hour"],
  );
  return { id, hash: hash(id) };
}

describe("sqe.admit()", () => {
  beforeEach(async () => {
    await server.query("delete from sqe.tenants where eid = 5");
    await server.query("delete from sqe.allowed_enterprises");
  });

  test("keeps an unknown enterprise out, and lets it in when its EID is allowed or the service is open", async () => {
    expect(await admit({})).toEqual(["unknown", null]);
    expect(await server.rows("select from sqe.tenants where eid = 5")).toEqual([]);
    expect(await admit({ isOpen: true })).toEqual(["admitted", "member"]);
    await server.query("delete from sqe.tenants where eid = 5");
    await server.query("insert into sqe.allowed_enterprises (eid) values (5)");
    expect(await admit({})).toEqual(["admitted", "member"]);
  });

  test("takes an invitation once, and makes its user the administrator", async () => {
    const invitation = await invite();
    expect(await admit({ invitation })).toEqual(["admitted", "administrator"]);
    expect(await admit({ invitation, user: "u2" })).toEqual(["admitted", "member"]);
    expect(await admit({ invitation, eid: 6 })).toEqual(["invitation", null]);
    expect(await server.rows("select name from sqe.tenants where eid = 5")).toEqual([{ name: "Invited" }]);
  });

  test("takes no invitation that has expired, is another enterprise's, or whose secret is wrong", async () => {
    expect(await admit({ invitation: await invite({ expires: "-1 second" }) })).toEqual(["invitation", null]);
    expect(await admit({ invitation: await invite({ eid: 6 }) })).toEqual(["invitation", null]);
    expect(await admit({ invitation: { ...(await invite()), hash: hash("x") } })).toEqual(["invitation", null]);
  });

  test("keeps an administrator's role, and keeps out people and tenants that were switched off", async () => {
    const invitation = await invite();
    await admit({ invitation });
    expect(await admit({})).toEqual(["admitted", "administrator"]);
    await server.query("update sqe.users set active = false where user_id = 'u1'");
    expect(await admit({})).toEqual(["inactive", null]);
    await server.query("update sqe.tenants set active = false where eid = 5");
    const late = await invite();
    expect(await admit({ user: "u3", invitation: late })).toEqual(["suspended", null]);
    expect(await server.rows("select from sqe.invitations where id = $1 and used_at is null", [late.id])).toHaveLength(
      1,
    );
  });
});

describe("sqe.find_sign_in()", () => {
  const find = async (slug: string | null, subdomain: string | null) =>
    server.rows("select client_id from sqe.find_sign_in($1, $2)", [slug, subdomain]);

  test("knows a tenant by slug and sub-domain until it is suspended, and its package there alone", async () => {
    const id = randomUUID();
    await server.query(
      "insert into sqe.tenants (id, eid, name, slug, subdomain) values ($1, 77, 'N', 'north', 'mcnorth')",
      [id],
    );
    await server.query(
      `insert into sqe.packages (id, tenant_id, subdomain, client_id, client_secret)
       values (gen_random_uuid(), $1, 'mcelsewhere', 'caught', 'v1.x')`,
      [id],
    );
    for (const [slug, subdomain] of [
      ["north", null],
      [null, "mcnorth"],
    ] as const)
      expect(await find(slug, subdomain)).toEqual([{ client_id: null }]);
    expect(await find(null, "mcelsewhere")).toEqual([]);
    await server.query("update sqe.tenants set active = false where id = $1", [id]);
    expect([await find("north", null), await find(null, "mcnorth")]).toEqual([[], []]);
  });
});

describe("sqe.poll_handoff()", () => {
  const open = async () => {
    const id = randomUUID();
    await server.query("select sqe.open_handoff($1, 'h', 'KX-42', 'frame', now() + interval '10 minutes')", [id]);
    return id;
  };
  const poll = async (id: string, secret = "h") =>
    (await server.rows("select outcome, user_id from sqe.poll_handoff($1, $2)", [id, secret]))[0];
  const decide = async (id: string, user: string | null) =>
    (
      await server.rows("select sqe.decide_handoff($1, $2, $3, 7000001, 7000011, null) as done", [id, tenantA, user])
    )[0];

  test("says who confirmed, once, and only to the holder of the secret", async () => {
    const id = await open();
    expect(await poll(id)).toEqual({ outcome: "pending", user_id: null });
    expect(await decide(id, "u1")).toEqual({ done: true });
    expect(await decide(id, "u2")).toEqual({ done: false });
    expect(await poll(id, "wrong")).toMatchObject({ outcome: "unknown" });
    expect(await poll(id)).toEqual({ outcome: "confirmed", user_id: "u1" });
    expect(await poll(id)).toEqual({ outcome: "expired", user_id: null });
  });

  test("is slow at the sixth question of a minute, denied when denied, and expired after its time", async () => {
    const id = await open();
    for (let n = 0; n < 5; n += 1) expect(await poll(id)).toMatchObject({ outcome: "pending" });
    expect(await poll(id)).toMatchObject({ outcome: "slow" });
    await server.query("update sqe.handoffs set polls_from = polls_from - interval '61 seconds' where id = $1", [id]);
    await decide(id, null);
    expect(await poll(id)).toMatchObject({ outcome: "denied" });
    const late = await open();
    await server.query("update sqe.handoffs set expires_at = now() where id = $1", [late]);
    expect(await decide(late, "u1")).toEqual({ done: false });
    expect(await poll(late)).toMatchObject({ outcome: "expired" });
  });
});
