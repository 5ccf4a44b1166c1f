import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openDatabase } from "#db/database.ts";
import { deleteOldRuns } from "#db/old-runs.ts";
import { countRuns, readLastSweeps } from "#db/service-status.ts";
import { openNeon, type Neon } from "../../dev/stand-ins/neon.ts";
import { seed, tenants } from "../../dev/stack/seed.ts";
import { readConfig } from "../../src/worker/config.ts";
import { forgetOldRuns } from "../../src/worker/cron/old-runs.ts";

const vaultKeys = `kid1:${Buffer.alloc(32, 7).toString("base64")}`;
const dayMs = 24 * 60 * 60 * 1000;
let server: Neon;

beforeAll(async () => {
  const migrationsDir = fileURLToPath(new URL("../../migrations", import.meta.url));
  server = await openNeon({ migrationsDir, users: { sqe_app: "app", sqe_system: "system", sqe_sweeper: "sweeper" } });
  await seed(server, vaultKeys);
});
afterAll(() => server.close());
beforeEach(() => server.query("delete from sqe.runs"));

const database = (user: string) =>
  openDatabase({ url: `postgres://${user}@db.local/postgres`, fetchEndpoint: server.url });
const system = () => database("sqe_system:system");

async function aRun(digit: string, status: string, daysAgo: number): Promise<string> {
  const id = digit.repeat(30);
  await server.query(
    `insert into sqe.runs (id, tenant_id, user_id, mid, version, status, created_at, view)
     values ($1, $2, 'alice', 7000001, 1, $3, now() - make_interval(hours => $4), '{}')`,
    [id, tenants[0].id, status, Math.round(daysAgo * 24)],
  );
  return id;
}

const left = async () => (await server.rows("select id from sqe.runs order by id")).map(({ id }) => String(id)[0]);

describe("deleteOldRuns()", () => {
  test("deletes the oldest that are over, at most so many, and no live one", async () => {
    await aRun("1", "ready", 100);
    await aRun("2", "failed", 99);
    await aRun("3", "canceled", 98);
    await aRun("4", "running", 200);
    await aRun("5", "ready", 89);
    const before = Date.now() - 90 * dayMs;
    expect(await deleteOldRuns(system(), before, 2)).toBe(2);
    expect(await left()).toEqual(["3", "4", "5"]);
    expect(await deleteOldRuns(system(), before, 2)).toBe(1);
    expect(await deleteOldRuns(system(), before, 2)).toBe(0);
    expect(await left()).toEqual(["4", "5"]);
  });

  test("deletes none of the last three days, whatever is asked", async () => {
    await aRun("1", "ready", 2.9);
    await aRun("2", "ready", 3.1);
    expect(await deleteOldRuns(system(), Date.now() + dayMs, 9)).toBe(1);
    expect(await left()).toEqual(["1"]);
  });
});

describe("forgetOldRuns()", () => {
  const deps = (days: string) => {
    const { SQE_RUNS_KEPT_DAYS } = readConfig({ ...variables, SQE_RUNS_KEPT_DAYS: days });
    return { systemDatabase: system(), config: { SQE_RUNS_KEPT_DAYS } } as Parameters<typeof forgetOldRuns>[0];
  };
  const secret = "a secret of 16 characters";
  const variables = {
    DATABASE_URL: "x",
    DATABASE_SYSTEM_URL: "x",
    UPSTASH_REDIS_REST_URL: "https://redis.example",
    UPSTASH_REDIS_REST_TOKEN: "x",
    VAULT_KEYS: "x",
    JWT_SECRET: secret,
    JWT_ISSUER: "x",
    JWT_AUDIENCE: "x",
    BRIDGE_SECRET: secret,
    RUN_ID_SECRET: secret,
  };

  test("deletes in several batches", async () => {
    await server.query(
      `insert into sqe.runs (id, tenant_id, user_id, mid, version, status, created_at, view)
       select lpad(to_hex(n), 30, '0'), $1, 'alice', 7000001, 1, 'ready', now() - interval '91 days', '{}'
       from generate_series(1, 2500) as n`,
      [tenants[0].id],
    );
    expect(await forgetOldRuns(deps("90"), Date.now())).toBe(2500);
  });

  test("keeps all for ever when the setting is 0, and the setting takes no 1 or 2", async () => {
    await aRun("1", "ready", 4000);
    expect(await forgetOldRuns(deps("0"), Date.now())).toBe(0);
    expect(await left()).toEqual(["1"]);
    for (const days of ["1", "2", "-1", "3.5", "many"]) expect(() => deps(days)).toThrow("SQE_RUNS_KEPT_DAYS");
    expect(await forgetOldRuns(deps("3"), Date.now())).toBe(1);
  });
});

test("countRuns() counts all live runs, and those of the last day that are over", async () => {
  await aRun("1", "queued", 0.1);
  await aRun("2", "queued", 40);
  await aRun("3", "running", 40);
  await aRun("4", "ready", 0.5);
  await aRun("5", "ready", 2);
  const counts = await countRuns(system());
  const runs = Object.fromEntries(counts.map(({ status, runs }) => [status, runs]));
  expect(runs).toEqual({ queued: 2, ready: 1, running: 1 });
  const { oldest = 0 } = counts.find(({ status }) => status === "queued") ?? {};
  expect(Math.round((Date.now() - oldest) / dayMs)).toBe(40);
});

test("readLastSweeps() tells of each business unit its newest sweep, and how many units there are beyond the list", async () => {
  const [{ id: tenantA }] = tenants;
  const sweep = (id: string, hours: number, found: number, error: string | null) =>
    server.query(
      `insert into sqe.sweeps (tenant_id, mid, sweep_id, ended_at, found, deleted, failed, error)
       values ($1, 7000011, $2, now() - make_interval(hours => $3), $4, 0, 0, $5)`,
      [tenantA, id, hours, found, error],
    );
  await sweep("older", 5, 1, null);
  await sweep("newer", 1, 2, "MCE_UNAVAILABLE");
  const all = await readLastSweeps(system(), Date.now() - 2 * 60 * 60 * 1000, 10);
  expect([all.units, all.overdue, all.list.length]).toEqual([4, 3, 4]);
  expect(all.list.at(-1)).toMatchObject({ tenantId: tenantA, mid: 7000011, found: 2, error: "MCE_UNAVAILABLE" });
  const { units, overdue, list } = await readLastSweeps(system(), Date.now(), 1);
  expect([units, overdue, list]).toEqual([4, 4, [{ tenantId: tenantA, mid: 7000001 }]]);
});

test.each(["sqe_app:app", "sqe_sweeper:sweeper"])(
  "%s may neither delete runs nor count those of others",
  async (user) => {
    const refused = { cause: { code: "42501" } };
    await expect(deleteOldRuns(database(user), 0, 1)).rejects.toMatchObject(refused);
    await expect(countRuns(database(user))).rejects.toMatchObject(refused);
    await expect(readLastSweeps(database(user), 0, 1)).rejects.toMatchObject(refused);
  },
);

test("sqe_system itself reads and deletes no row", async () => {
  for (const statement of ["select * from sqe.runs", "delete from sqe.runs", "select * from sqe.sweeps"]) {
    await expect(system().execute(statement)).rejects.toMatchObject({ cause: { code: "42501" } });
  }
});
