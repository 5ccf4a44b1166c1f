import { beforeAll, beforeEach, expect, test } from "vitest";
import { createFolder } from "#mce/soap/folder.ts";
import { deleteQueryDefinition } from "#mce/soap/query-definition.ts";
import { folderName } from "#run/names.ts";
import { sweepAnswers } from "#protocol/redis-keys.ts";
import { aRunId, keyOf, openAttic, shellOf, valueOf, type Attic } from "./support/attic.ts";
import { soon } from "./support/soon.ts";
import { signIn } from "./support/sign-in.ts";
import { useWorld } from "./support/use-world.ts";
import { tenancy } from "./support/world.ts";

const hour = 60 * 60 * 1000;
const { tenantId, mid } = tenancy;
const other = {
  tenantId: "9d1a2c3b-0000-4000-8000-00000000000b",
  connectionId: "9d1a2c3b-0000-4000-8000-0000000000c1",
};

const world = useWorld();
let attic: Attic;

beforeAll(() => {
  attic = openAttic(world);
});
beforeEach(() => world.query("delete from sqe.tenants where id <> $1", [tenantId]));

test("a sweep deletes queries and tables older than a day and records what it did", async () => {
  const [old, young] = [await attic.leftover(), await attic.leftover(aRunId(), 23)];
  await world.startBridge();
  expect(await attic.summary(await attic.command())).toEqual({ found: 2, deleted: 2, failed: 0, error: null });
  const left = await attic.present();
  expect(shellOf(old).filter((key) => left.has(key))).toEqual([]);
  expect(shellOf(young).filter((key) => left.has(key))).toHaveLength(2);
});

test("a bridge that starts sweeps nothing without a command", async () => {
  const old = await attic.leftover();
  await world.startBridge();
  // A run through this bridge shows that it is at work.
  await world.over(await world.submit("SELECT * FROM Customers"));
  expect([...(await attic.present())].filter((key) => shellOf(old).includes(key))).toHaveLength(2);
  expect(await world.rows("select 1 from sqe.sweeps")).toEqual([]);
});

test("a command from before this bridge's time is dropped: the next hour brings another", async () => {
  await attic.leftover();
  await attic.command({ at: Date.now() - 2 * hour });
  await world.startBridge();
  await soon(() => expect(world.logged.map(({ event }) => event)).toContain("sweep too old"));
  expect(await world.rows("select 1 from sqe.sweeps")).toEqual([]);
});

test("the assets of live runs and of results that have not expired are spared, the others are deleted", async () => {
  const running = await attic.leftover();
  const promised = await attic.leftover();
  const expired = await attic.leftover();
  const stale = await attic.leftover(aRunId(), 40);
  await attic.run(running, "running");
  await attic.run(promised, "ready", { expiresAt: Date.now() + hour });
  await attic.run(expired, "ready", { expiresAt: Date.now() - 1000 });
  await attic.run(stale, "running", { hoursAgo: 40 });
  await world.startBridge();
  expect(await attic.summary(await attic.command())).toMatchObject({ found: 4, deleted: 4 });
  const left = await attic.present();
  expect([running, promised].flatMap(shellOf).every((key) => left.has(key))).toBe(true);
  expect([expired, stale].flatMap(shellOf).some((key) => left.has(key))).toBe(false);
});

test("queries that MCE shows as Inactive are not deleted again", async () => {
  const queries = await attic.folder("queryactivity");
  const key = keyOf(aRunId());
  const objectId = await attic.inThePast(25, () => attic.query(key, "QPP_Results_gone", queries));
  valueOf(await deleteQueryDefinition(attic.mce, { objectId }));
  await world.startBridge();
  expect(await attic.summary(await attic.command())).toMatchObject({ found: 0, deleted: 0 });
});

test("a folder of our name that is not below the root is somebody else's", async () => {
  const [parentId, name, contentType] = [await attic.folder("dataextension", "Mine"), folderName, "dataextension"];
  const theirs = valueOf(await createFolder(attic.mce, { name, description: "x", contentType, parentId }));
  await attic.inThePast(25, () => attic.table(keyOf(aRunId()), "QPP_Results_theirs", theirs.id));
  await world.startBridge();
  expect(await attic.summary(await attic.command())).toMatchObject({ found: 0, deleted: 0 });
});

test("one hour's sweep runs once, however often and by however many bridges it is taken", async () => {
  const sweepId = "hourly-2026-11-25T12";
  await world.startBridge();
  await world.startBridge();
  for (let n = 0; n < 3; n += 1) await attic.command({ sweepId });
  await attic.summary(sweepId);
  await soon(() => expect(world.logged.filter(({ event }) => event === "command taken")).toHaveLength(3));
  await attic.leftover();
  await attic.command({ sweepId });
  await soon(() => expect(world.logged.filter(({ event }) => event === "command taken")).toHaveLength(4));
  expect(world.logged.filter(({ event }) => event === "business unit swept")).toHaveLength(1);
});

test("two sweeps at once delete everything once and neither counts a failure", async () => {
  const left = [];
  for (let n = 0; n < 5; n += 1) left.push(await attic.leftover());
  await world.startBridge();
  await world.startBridge();
  const [one, two] = [await attic.command(), await attic.command()];
  const summaries = [await attic.summary(one), await attic.summary(two)];
  expect(summaries.map(({ failed }) => failed)).toEqual([0, 0]);
  const still = await attic.present();
  expect(left.flatMap(shellOf).filter((key) => still.has(key))).toEqual([]);
});

test("what cannot be deleted counts as failed and does not keep the rest", async () => {
  const ids = [await attic.leftover(), await attic.leftover()];
  await world.ask("faults", [{ call: "SOAP Delete DataExtension", status: 500, body: "", times: 1 }]);
  await world.startBridge();
  expect(await attic.summary(await attic.command())).toMatchObject({ found: 4, deleted: 3, failed: 1 });
  const left = await attic.present();
  expect(ids.flatMap(shellOf).filter((key) => left.has(key))).toHaveLength(1);
  // The next sweep deletes it.
  expect(await attic.summary(await attic.command())).toMatchObject({ found: 1, deleted: 1, failed: 0 });
});

test("a tenant whose credentials are refused is recorded as such and stops nobody else", async () => {
  await world.seedConnection({ ...other, eid: 8000001, mids: [8000001], account: "b", clientSecret: "wrong" });
  await attic.leftover();
  await world.startBridge();
  const sweepId = await attic.command();
  expect(await attic.summary(sweepId)).toMatchObject({ deleted: 2 });
  expect(await attic.summary(sweepId, other.tenantId)).toMatchObject({ found: 0, error: "NO_WORKING_CONNECTION" });
});

test("any of a tenant's connections that works will do", async () => {
  const broken = "5ab1a6ac-0000-4000-8000-2d9c1a3c9b22";
  const seeded = {
    tenantId,
    connectionId: broken,
    eid: 7000001,
    mids: [mid],
    account: "a",
    clientSecret: "wrong",
  } as const;
  await world.seedConnection(seeded);
  await attic.leftover();
  await world.startBridge();
  const swept = await attic.summary(await attic.command());
  await world.query("delete from sqe.connections where id = $1", [broken]);
  expect(swept).toMatchObject({ deleted: 2, error: null });
});

test("each business unit of each tenant is swept as itself", async () => {
  await world.seedConnection({ ...other, eid: 8000001, mids: [8000001], account: "b" });
  const theirs = signIn(world, { account: "b", mid: 8000001 });
  const id = aRunId();
  const tables = await attic.folder("dataextension", folderName, theirs);
  await attic.inThePast(25, () => attic.table(keyOf(id), "QPP_Results_b", tables, theirs));
  await world.startBridge();
  const sweepId = await attic.command();
  expect(await attic.summary(sweepId, other.tenantId)).toMatchObject({ deleted: 1 });
  expect(await attic.summary(sweepId)).toMatchObject({ found: 0 });
});

test("a dry run answers what would be deleted, per business unit, and deletes nothing", async () => {
  await world.seedConnection({ ...other, eid: 8000001, mids: [8000001], account: "b", clientSecret: "wrong" });
  const old = await attic.leftover();
  await world.startBridge();
  const sweepId = await attic.command({ isDryRun: true });
  const answers = await soon(async () => {
    const all = await world.redis.hgetall(sweepAnswers(sweepId));
    expect(Object.keys(all)).toHaveLength(3);
    return Object.fromEntries(Object.entries(all).map(([field, text]): [string, unknown] => [field, JSON.parse(text)]));
  });
  const name = `QPP_Results_${old.slice(0, 8)}`;
  expect(answers).toEqual({
    units: [
      { tenantId, mid },
      { tenantId: other.tenantId, mid: 8000001 },
    ],
    [`${tenantId}/${mid}`]: {
      tenantId,
      mid,
      wouldDelete: ["queryDefinition", "dataExtension"].map((asset) => {
        return { asset, customerKey: keyOf(old), name, createdAt: expect.stringMatching(/^20.*Z$/) };
      }),
    },
    [`${other.tenantId}/8000001`]: {
      tenantId: other.tenantId,
      mid: 8000001,
      wouldDelete: [],
      error: "NO_WORKING_CONNECTION",
    },
  });
  expect(await world.redis.ttl(sweepAnswers(sweepId))).toBeGreaterThan(0);
  const left = await attic.present();
  expect(shellOf(old).every((key) => left.has(key))).toBe(true);
  expect(await world.rows("select 1 from sqe.sweeps")).toEqual([]);
});
