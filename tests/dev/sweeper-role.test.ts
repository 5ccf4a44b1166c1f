import { fileURLToPath } from "node:url";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "#db/database.ts";
import { assertRowLevelSecurity } from "#db/rls-check.ts";
import { listSweepUnits, readSweptRuns, recordSweep } from "#db/sweeps.ts";
import { openNeon, type Neon } from "../../dev/stand-ins/neon.ts";
import { seed, tenants } from "../../dev/stack/seed.ts";

const vaultKeys = `kid1:${Buffer.alloc(32, 7).toString("base64")}`;
const [{ id: tenantA }, { id: tenantB }] = tenants;
const runId = "0123456789abcdef0123456789abcd";
let server: Neon;

beforeAll(async () => {
  const migrationsDir = fileURLToPath(new URL("../../migrations", import.meta.url));
  server = await openNeon({ migrationsDir, users: { sqe_app: "app", sqe_system: "system", sqe_sweeper: "sweeper" } });
  await seed(server, vaultKeys);
  await server.query(
    `insert into sqe.runs (id, tenant_id, user_id, mid, version, status, created_at, expires_at, view)
     values ($1, $2, 'alice', 7000001, 1, 'ready', to_timestamp(1), to_timestamp(2.5), $3)`,
    [runId, tenantA, JSON.stringify({ target: { customerKey: "Mine" } })],
  );
});
afterAll(() => server.close());

const database = (user: string) =>
  openDatabase({ url: `postgres://${user}@db.local/postgres`, fetchEndpoint: server.url });
const sweeper = () => database("sqe_sweeper:sweeper");

test("listSweepUnits() lists every business unit of every tenant", async () => {
  expect(await listSweepUnits(sweeper())).toEqual([
    { tenantId: tenantA, mid: 7000001 },
    { tenantId: tenantA, mid: 7000011 },
    { tenantId: tenantA, mid: 7000012 },
    { tenantId: tenantB, mid: 8000001 },
  ]);
});

test("readSweptRuns() finds a tenant's runs by id and by target, in any case, and no other tenant's", async () => {
  const known = { id: runId, status: "ready", createdAt: 1000, expiresAt: 2500, targetKey: "Mine" };
  const ask = (tenantId: string, runIds: string[], targetKeys: string[]) =>
    readSweptRuns(sweeper(), tenantId, { runIds, targetKeys });
  expect(await ask(tenantA, [runId], [])).toEqual([known]);
  expect(await ask(tenantA, [], ["MINE", 'a "quoted", {odd} \\ key'])).toEqual([known]);
  expect(await ask(tenantA, [], [])).toEqual([]);
  expect(await ask(tenantB, [runId], ["mine"])).toEqual([]);
});

test("the sweeper's role passes the start's check and reads no table", async () => {
  await assertRowLevelSecurity(sweeper());
  for (const table of ["connections", "runs", "tenants", "tenant_settings", "sweeps"]) {
    const read = sweeper().execute(sql.raw(`select * from sqe.${table}`));
    await expect(read).rejects.toMatchObject({ cause: { code: "42501" } });
  }
});

test.each(["sqe_app:app", "sqe_system:system"])("%s may not ask the sweeper's questions", async (user) => {
  await expect(listSweepUnits(database(user))).rejects.toMatchObject({ cause: { code: "42501" } });
  const runs = readSweptRuns(database(user), tenantA, { runIds: [runId], targetKeys: [] });
  await expect(runs).rejects.toMatchObject({ cause: { code: "42501" } });
});

test("recordSweep() writes one row per sweep of a unit, adds up repeats, forgets after a month, and notes what it changed", async () => {
  const app = database("sqe_app:app");
  const summary = { tenantId: tenantA, mid: 7000001, sweepId: "hourly-1", found: 3, deleted: 2, failed: 1 };
  await recordSweep(app, summary);
  await recordSweep(app, { ...summary, found: 1, deleted: 1, failed: 0 });
  const rows = () => server.rows("select sweep_id, found, deleted, failed, error from sqe.sweeps order by sweep_id");
  expect(await rows()).toEqual([{ sweep_id: "hourly-1", found: 3, deleted: 3, failed: 0, error: null }]);
  await server.query("update sqe.sweeps set ended_at = now() - interval '31 days'");
  await recordSweep(app, {
    ...summary,
    sweepId: "hourly-2",
    found: 0,
    deleted: 0,
    failed: 0,
    error: "MCE_UNAVAILABLE",
  });
  const entries = await server.rows("select actor, action, mid::int, detail from sqe.audit_log order by id");
  expect(entries).toEqual([
    { actor: "system", action: "sweep", mid: 7000001, detail: { deleted: 2, failed: 1 } },
    { actor: "system", action: "sweep", mid: 7000001, detail: { deleted: 1, failed: 0 } },
  ]);
  expect(await rows()).toEqual([{ sweep_id: "hourly-2", found: 0, deleted: 0, failed: 0, error: "MCE_UNAVAILABLE" }]);
});
