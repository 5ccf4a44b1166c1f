import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "#db/database.ts";
import { deleteEndedSignIns } from "#db/sessions.ts";
import { openNeon, type Neon } from "../../dev/stand-ins/neon.ts";
import { seed, tenants } from "../../dev/stack/seed.ts";
import { forgetOldAudit } from "../../src/worker/cron/old-audit.ts";

const vaultKeys = `kid1:${Buffer.alloc(32, 7).toString("base64")}`;
const [{ id: tenant }] = tenants;
const grant = "c0000000-0000-4000-8000-000000000001";
let server: Neon;

beforeAll(async () => {
  const migrationsDir = fileURLToPath(new URL("../../migrations", import.meta.url));
  server = await openNeon({ migrationsDir, users: { sqe_system: "system" } });
  await seed(server, vaultKeys);
  await server.query("insert into sqe.users (tenant_id, user_id) values ($1, 'ann')", [tenant]);
  await server.query(
    `insert into sqe.grants (id, tenant_id, user_id, eid, mids, subdomain, client_id, refresh_token)
     values ($1, $2, 'ann', 7000001, '{7000001}', 'mc-a', 'app', 'v1.x')`,
    [grant, tenant],
  );
});
afterAll(() => server.close());

const system = () => openDatabase({ url: "postgres://sqe_system:system@db.local/postgres", fetchEndpoint: server.url });
const namesIn = async (query: string) => (await server.rows(query)).map(({ name }) => name);

test("forgetOldAudit() deletes entries after 400 days, in several batches, and no younger one", async () => {
  await server.query(
    `insert into sqe.audit_log (tenant_id, user_id, action, actor, at)
     select $1, 'ann', 'run', 'user', now() - make_interval(days => days)
     from (select 401 as days from generate_series(1, 1200) union all values (399), (0)) as entries`,
    [tenant],
  );
  expect(await forgetOldAudit({ systemDatabase: system() }, Date.now())).toBe(1200);
  expect(await namesIn("select count(*)::int as name from sqe.audit_log")).toEqual([2]);
});

test("deleteEndedSignIns() deletes sessions, hand-offs and tokens a day after their end, and the grant stays", async () => {
  for (const [digit, hours] of [
    ["1", 49],
    ["2", 47],
  ] as const) {
    await server.query(
      `insert into sqe.sessions (id, tenant_id, user_id, eid, mid, grant_id, created_at)
       values ($1, $2, 'ann', 7000001, 7000001, $3, now() - make_interval(hours => $4))`,
      [`d0000000-0000-4000-8000-00000000000${digit}`, tenant, grant, hours],
    );
    await server.query(
      `insert into sqe.handoffs (id, secret_hash, user_code, kind, expires_at)
       values ($1, 'x', 'x', 'cli', now() - make_interval(hours => $2))`,
      [`e0000000-0000-4000-8000-00000000000${digit}`, hours - 24],
    );
    await server.query(
      `insert into sqe.grant_tokens (grant_id, tenant_id, mid, token, refresh_at, expires_at)
       values ($1, $2, $3, 'v1.x', now(), now() - make_interval(hours => $4))`,
      [grant, tenant, Number(digit), hours - 24],
    );
  }
  await deleteEndedSignIns(system());
  expect(await namesIn("select right(id::text, 1) as name from sqe.sessions")).toEqual(["2"]);
  expect(await namesIn("select right(id::text, 1) as name from sqe.handoffs")).toEqual(["2"]);
  expect(await namesIn("select mid::text as name from sqe.grant_tokens")).toEqual(["2"]);
  expect(await namesIn("select user_id as name from sqe.grants")).toEqual(["ann"]);
});
