import { expect, test } from "vitest";
import { openDatabase } from "../../src/db/database.ts";
import { learnDuration, readDurations } from "../../src/db/durations.ts";
import { readConfig } from "../../src/queue-bridge/config.ts";
import { openDurations } from "../../src/queue-bridge/business-unit/durations.ts";
import { platformWith } from "../support/platform.ts";
import { aRunId } from "../support/runs.ts";
import { useWorld } from "./support/use-world.ts";
import { tenancy } from "./support/world.ts";

const world = useWorld();

const shape = "0123456789abcdef".repeat(4);
const unit = { tenantId: tenancy.tenantId, mid: 7000001 };
const database = () =>
  openDatabase({ url: "postgres://sqe_app:app@db.local/main", fetchEndpoint: world.environment.NEON_FETCH_ENDPOINT });

test("learnDuration() gathers weight, mean and variance, for this business unit only", async () => {
  const db = database();
  expect(await readDurations(db, unit, shape)).toBeUndefined();
  for (const log of [1, 2, 3]) await learnDuration(db, unit, shape, log);
  const known = await readDurations(db, unit, shape);
  // By hand: weights 0.9409, 0.97 and 1.
  expect(known?.runs).toBeCloseTo(2.9109, 4);
  expect(known?.mean).toBeCloseTo((0.9409 * 1 + 0.97 * 2 + 3) / 2.9109, 4);
  const mean = known?.mean ?? 0;
  const variance = (0.9409 * (1 - mean) ** 2 + 0.97 * (2 - mean) ** 2 + (3 - mean) ** 2) / 2.9109;
  expect(known?.variance).toBeCloseTo(variance, 4);
  expect(await readDurations(db, { ...unit, mid: 7000011 }, shape)).toBeUndefined();
  const stranger = { tenantId: "0b54f4f8-6f0b-4b43-9d63-3a5f3c5b7e99", mid: unit.mid };
  expect(await readDurations(db, stranger, shape)).toBeUndefined();
  await expect(learnDuration(db, { ...stranger, tenantId: "not-a-tenant" }, shape, 1)).rejects.toThrow();
});

test("learnDuration() forgets what nobody has run for three months", async () => {
  const db = database();
  await learnDuration(db, unit, shape, 1);
  await world.query("update sqe.query_durations set updated_at = now() - interval '91 days'");
  const other = "f".repeat(64);
  await learnDuration(db, unit, other, 1);
  expect(await readDurations(db, unit, shape)).toBeUndefined();
  expect(await readDurations(db, unit, other)).toBeDefined();
});

test("openDurations() survives a change of the bridge's secret and a new vault key, both made as documented", async () => {
  const spec = { id: aRunId, tenancy, flow: "run-to-temp", createdAt: 0 } as const;
  const sql = "SELECT CustomerKey FROM Customers";
  const [old, young] = [5, 6].map((byte) => Buffer.alloc(32, byte).toString("base64"));
  const bridgeWith = (variables: Record<string, string>) => {
    const config = readConfig({ ...world.environment, ...variables });
    return openDurations(database(), config.vaultKeys, platformWith(), () => {});
  };
  const first = { BRIDGE_SECRET: "the first secret of a bridge", VAULT_KEYS: `k1:${old}` };
  await bridgeWith(first).learn({ ...spec, sql }, 2);
  for (const later of [
    first,
    { ...first, BRIDGE_SECRET: "the second secret of a bridge" },
    { BRIDGE_SECRET: "the third secret of a bridge", VAULT_KEYS: ` k2:${young} , k1:${old} ` },
  ]) {
    expect(await bridgeWith(later).read({ ...spec, sql: "select CUSTOMERKEY\nfrom Customers" })).toMatchObject({
      runs: 1,
    });
  }
  // Somebody with Postgres but no vault key cannot test guesses of a query.
  expect(await bridgeWith({ ...first, VAULT_KEYS: `k1:${young}` }).read({ ...spec, sql })).toBeUndefined();
});

test("runs of one shape teach the schedule, and neither text nor value is stored", async () => {
  await world.ask("behaviours", { durationMs: 1600 });
  await world.startBridge({ pollMinMs: 1000, firstPollMs: 1000 });
  for (const name of ["Anna", "Olga", "Hugo"]) {
    const run = await world.over(await world.submit(`SELECT * FROM Customers WHERE FirstName = '${name}'`));
    expect(run.status).toBe("ready");
  }
  const read = () => world.rows("select shape, runs, mean from sqe.query_durations");
  // Learned in the background: ready does not wait for it.
  await expect.poll(async () => Number((await read())[0]?.["runs"])).toBeGreaterThan(2);
  const rows = await read();
  expect(rows).toEqual([
    { shape: expect.stringMatching(/^[0-9a-f]{64}$/), runs: expect.anything(), mean: expect.anything() },
  ]);
  const [row] = rows;
  expect(Number(row?.["runs"])).toBeCloseTo(2.9109, 3);
  const mean = row?.["mean"];
  // Between the poll that saw it run and the one that did not; the shortest wait is one second.
  expect(Math.exp(Number(mean))).toBeGreaterThan(1);
  expect(Math.exp(Number(mean))).toBeLessThan(4);
});

test("without Postgres the plain schedule is used, and Postgres is asked once, however often the run comes back", async () => {
  await world.ask("behaviours", { durationMs: 2500 });
  await world.query("alter table sqe.query_durations rename to query_durations_away");
  await world.startBridge({ inProcessWaitMs: 0 });
  world.logged.length = 0;
  try {
    expect((await world.over(await world.submit("SELECT * FROM Customers"))).status).toBe("ready");
    const events = world.logged.map(({ event }) => event);
    expect(events.filter((event) => event === "claimed").length).toBeGreaterThan(2);
    expect(events.filter((event) => event === "durations unreadable")).toHaveLength(1);
  } finally {
    await world.query("alter table sqe.query_durations_away rename to query_durations");
  }
});
