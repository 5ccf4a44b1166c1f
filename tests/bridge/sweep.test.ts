import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { Mce } from "#mce/client.ts";
import { openMce, openTokenCache } from "#mce/client.ts";
import type { Answer } from "#mce/failure.ts";
import { createDataExtension } from "#mce/soap/data-extension.ts";
import { createFolder, findFolders } from "#mce/soap/folder.ts";
import { createQueryDefinition, deleteQueryDefinition } from "#mce/soap/query-definition.ts";
import { RunId, runIdOf } from "#protocol/ids.ts";
import { customerKeyOf, folderName } from "#protocol/names.ts";
import { intakeField, intakeStream, sweepAnswers } from "#protocol/redis-keys.ts";
import type { World } from "./support/world.ts";
import { openWorld, tenancy } from "./support/world.ts";

const hour = 60 * 60 * 1000;
const { tenantId, mid } = tenancy;
const other = {
  tenantId: "9d1a2c3b-0000-4000-8000-00000000000b",
  connectionId: "9d1a2c3b-0000-4000-8000-0000000000c1",
};

let world: World;
let mce: Mce;

beforeAll(async () => {
  world = await openWorld();
  mce = mceOf("a", 7000001);
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.ask("reset", {});
  await world.redis.flushall();
  await world.query("delete from sqe.sweeps");
  await world.query("delete from sqe.runs");
  await world.query("delete from sqe.tenants where id <> $1", [tenantId]);
  world.logged.length = 0;
});
afterEach(() => world.stopBridges());

function mceOf(account: "a" | "b", unit: number): Mce {
  return openMce(
    {
      connectionId: `test-${account}`,
      eid: account === "a" ? 7000001 : 8000001,
      mid: unit,
      subdomain: `mcsandbox-enterprise-${account}000001`,
      clientId: `sandbox-client-${account}`,
      clientSecret: `sandbox-secret-${account}`,
    },
    {
      fetch,
      now: Date.now,
      tokens: openTokenCache(),
      sandboxUrl: world.sandboxUrl,
      readTimeoutMs: 5000,
      effectTimeoutMs: 5000,
    },
  );
}

function valueOf<T>(answer: Answer<T>): T {
  if (!answer.ok) throw new Error(`${answer.failure.kind}: ${answer.failure.message}`);
  return answer.value;
}

/** Makes a folder under the root of its kind; the sandbox's clock stands `hoursAgo` in the past while `make` works. */
async function inThePast<T>(hoursAgo: number, make: () => Promise<T>): Promise<T> {
  await world.ask("clock", { offsetMs: -hoursAgo * hour });
  const made = await make();
  await world.ask("clock", { offsetMs: 0 });
  return made;
}
async function folder(contentType: "dataextension" | "queryactivity", name = folderName, by = mce): Promise<number> {
  const all = valueOf(await findFolders(by, { contentType }));
  const root = all.find(({ parentId }) => parentId === 0)?.id ?? 0;
  const known = all.find((known) => known.name === name && known.parentId === root)?.id;
  if (known !== undefined) return known;
  return valueOf(await createFolder(by, { name, description: name, contentType, parentId: root })).id;
}
const fields = [{ name: "Id", fieldType: "Number" }] as const;
async function table(customerKey: string, name: string, folderId: number, by = mce): Promise<string> {
  return valueOf(await createDataExtension(by, { customerKey, name, folderId, fields })).objectId;
}
async function query(customerKey: string, name: string, folderId: number): Promise<string> {
  const target = { customerKey: "Scratch", name: "Scratch" };
  // Refused when it is there already.
  await createDataExtension(mce, { ...target, folderId: await folder("dataextension", "Mine"), fields });
  const sql = "SELECT 1 AS Id FROM Customers";
  const draft = { customerKey, name, folderId, sql, target, updateType: "Overwrite" } as const;
  return valueOf(await createQueryDefinition(mce, draft)).objectId;
}
const aRunId = () => runIdOf(randomBytes(15));
const keyOf = (id: string) => customerKeyOf(RunId.parse(id), 1);

/** A shell that a run left behind a day ago. */
async function leftover(id = aRunId(), hoursAgo = 25): Promise<string> {
  const [tables, queries] = [await folder("dataextension"), await folder("queryactivity")];
  return inThePast(hoursAgo, async () => {
    const key = keyOf(id);
    await table(key, `QPP_Results_${id.slice(0, 8)}`, tables);
    await query(key, `QPP_Results_${id.slice(0, 8)}`, queries);
    return id;
  });
}

type State = {
  dataExtensions: { key: string; mid: number }[];
  queries: { key: string; status: string; mid: number }[];
};
/** Keys of what is there, as `kind:key`. */
async function present(): Promise<Set<string>> {
  const { dataExtensions, queries } = await world.ask<State>("state");
  const active = queries.filter(({ status }) => status === "Active");
  return new Set([...dataExtensions.map(({ key }) => `de:${key}`), ...active.map(({ key }) => `qd:${key}`)]);
}
const both = (id: string) => [`de:${keyOf(id)}`, `qd:${keyOf(id)}`];

async function command(overrides: { sweepId?: string; at?: number; isDryRun?: boolean } = {}): Promise<string> {
  const sweep = {
    kind: "sweep",
    sweepId: `manual-${randomBytes(4).toString("hex")}`,
    at: Date.now(),
    isDryRun: false,
    ...overrides,
  };
  await world.redis.xadd(intakeStream, "*", intakeField, JSON.stringify(sweep));
  return sweep.sweepId;
}
const soon = <T>(check: () => T | Promise<T>) => vi.waitFor(check, { timeout: 15_000, interval: 20 });

const summary = (sweepId: string, tenant: string = tenantId) =>
  soon(async () => {
    const [row] = await world.rows(
      "select found, deleted, failed, error from sqe.sweeps where sweep_id = $1 and tenant_id = $2",
      [sweepId, tenant],
    );
    if (row === undefined) throw new Error(`no summary of ${sweepId}; ${JSON.stringify(world.logged.slice(-5))}`);
    return row;
  });
async function run(
  id: string,
  status: string,
  facts: { expiresAt?: number; targetKey?: string; hoursAgo?: number } = {},
) {
  const view = facts.targetKey === undefined ? {} : { target: { customerKey: facts.targetKey } };
  await world.query(
    `insert into sqe.runs (id, tenant_id, user_id, mid, version, status, created_at, expires_at, view)
     values ($1, $2, 'somebody', $3, 1, $4, $5, $6, $7)`,
    [id, tenantId, mid, status, new Date(Date.now() - (facts.hoursAgo ?? 25) * hour).toISOString(), facts.expiresAt === undefined ? null : new Date(facts.expiresAt).toISOString(), JSON.stringify(view)],
  ); // prettier-ignore
}

test("a sweep deletes queries and tables older than a day and records what it did", async () => {
  const [old, young] = [await leftover(), await leftover(aRunId(), 23)];
  await world.startBridge();
  expect(await summary(await command())).toEqual({ found: 2, deleted: 2, failed: 0, error: null });
  const left = await present();
  expect(both(old).filter((key) => left.has(key))).toEqual([]);
  expect(both(young).filter((key) => left.has(key))).toHaveLength(2);
});

test("a bridge that starts sweeps nothing by itself", async () => {
  const old = await leftover();
  await world.startBridge();
  // A run through this bridge shows that it is at work.
  await world.over(await world.submit("SELECT * FROM Customers"));
  expect([...(await present())].filter((key) => both(old).includes(key))).toHaveLength(2);
  expect(await world.rows("select 1 from sqe.sweeps")).toEqual([]);
});

test("a command from before this bridge's time is dropped: the next hour brings another", async () => {
  await leftover();
  await command({ at: Date.now() - 2 * hour });
  await world.startBridge();
  await soon(() => expect(world.logged.map(({ event }) => event)).toContain("sweep is too old"));
  expect(await world.rows("select 1 from sqe.sweeps")).toEqual([]);
});

test("the assets of runs that live or whose rows are promised are spared, those of the others go", async () => {
  const running = await leftover();
  const promised = await leftover();
  const expired = await leftover();
  const stale = await leftover(aRunId(), 40);
  await run(running, "running");
  await run(promised, "ready", { expiresAt: Date.now() + hour });
  await run(expired, "ready", { expiresAt: Date.now() - 1000 });
  await run(stale, "running", { hoursAgo: 40 });
  await world.startBridge();
  expect(await summary(await command())).toMatchObject({ found: 4, deleted: 4 });
  const left = await present();
  expect([running, promised].flatMap(both).every((key) => left.has(key))).toBe(true);
  expect([expired, stale].flatMap(both).some((key) => left.has(key))).toBe(false);
});

test("queries that MCE shows as Inactive are not deleted again", async () => {
  const queries = await folder("queryactivity");
  const key = keyOf(aRunId());
  const objectId = await inThePast(25, () => query(key, "QPP_Results_gone", queries));
  valueOf(await deleteQueryDefinition(mce, { objectId }));
  await world.startBridge();
  expect(await summary(await command())).toMatchObject({ found: 0, deleted: 0 });
});

test("one hour's sweep runs once, however often and by however many bridges it is taken", async () => {
  const sweepId = "hourly-2026-11-25T12";
  await world.startBridge();
  await world.startBridge();
  for (let n = 0; n < 3; n += 1) await command({ sweepId });
  await summary(sweepId);
  await soon(() => expect(world.logged.filter(({ event }) => event === "command taken")).toHaveLength(3));
  await leftover();
  await command({ sweepId });
  await soon(() => expect(world.logged.filter(({ event }) => event === "command taken")).toHaveLength(4));
  expect(world.logged.filter(({ event }) => event === "business unit swept")).toHaveLength(1);
});

test("two sweeps at once delete everything once and neither counts a failure", async () => {
  const left = [];
  for (let n = 0; n < 5; n += 1) left.push(await leftover());
  await world.startBridge();
  await world.startBridge();
  const [one, two] = [await command(), await command()];
  const summaries = [await summary(one), await summary(two)];
  expect(summaries.map(({ failed }) => failed)).toEqual([0, 0]);
  const still = await present();
  expect(left.flatMap(both).filter((key) => still.has(key))).toEqual([]);
});

test("what cannot be deleted counts as failed and does not keep the rest", async () => {
  const ids = [await leftover(), await leftover()];
  await world.ask("faults", [{ call: "SOAP Delete DataExtension", status: 500, body: "", times: 1 }]);
  await world.startBridge();
  expect(await summary(await command())).toMatchObject({ found: 4, deleted: 3, failed: 1 });
  const left = await present();
  expect(ids.flatMap(both).filter((key) => left.has(key))).toHaveLength(1);
  // The next one brings it to an end.
  expect(await summary(await command())).toMatchObject({ found: 1, deleted: 1, failed: 0 });
});

test("a tenant whose credentials are refused is recorded as such and stops nobody else", async () => {
  await world.seedConnection({ ...other, eid: 8000001, mids: [8000001], account: "b", clientSecret: "wrong" });
  await leftover();
  await world.startBridge();
  const sweepId = await command();
  expect(await summary(sweepId)).toMatchObject({ deleted: 2 });
  expect(await summary(sweepId, other.tenantId)).toMatchObject({ found: 0, error: "NO_WORKING_CONNECTION" });
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
  await leftover();
  await world.startBridge();
  const swept = await summary(await command());
  await world.query("delete from sqe.connections where id = $1", [broken]);
  expect(swept).toMatchObject({ deleted: 2, error: null });
});

test("each business unit of each tenant is swept as itself", async () => {
  await world.seedConnection({ ...other, eid: 8000001, mids: [8000001], account: "b" });
  const theirs = mceOf("b", 8000001);
  const id = aRunId();
  const tables = await folder("dataextension", folderName, theirs);
  await inThePast(25, () => table(keyOf(id), "QPP_Results_b", tables, theirs));
  await world.startBridge();
  const sweepId = await command();
  expect(await summary(sweepId, other.tenantId)).toMatchObject({ deleted: 1 });
  expect(await summary(sweepId)).toMatchObject({ found: 0 });
});

test("a dry run answers what would go, per business unit, and deletes nothing", async () => {
  await world.seedConnection({ ...other, eid: 8000001, mids: [8000001], account: "b", clientSecret: "wrong" });
  const old = await leftover();
  await world.startBridge();
  const sweepId = await command({ isDryRun: true });
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
  const left = await present();
  expect(both(old).every((key) => left.has(key))).toBe(true);
  expect(await world.rows("select 1 from sqe.sweeps")).toEqual([]);
});

/** What users may have done in and around our folders; each makes one asset that no sweep may ever touch. */
const decoys = {
  "our prefix without our key form": async (n: string) => {
    const key = `QPP_MyCustomers_${n.slice(0, 8)}`;
    await table(key, `QPP_Results_${n.slice(0, 12)}`, await folder("dataextension"));
    return `de:${key}`;
  },
  "our key form in another folder": async (n: string) => {
    await table(keyOf(n), `QPP_Results_${n.slice(0, 12)}`, await folder("dataextension", "Mine"));
    return `de:${keyOf(n)}`;
  },
  "our key form in a folder below ours": async (n: string) => {
    const ours = await folder("dataextension");
    const below = await createFolder(mce, {
      name: `Sub ${n}`,
      description: "x",
      contentType: "dataextension",
      parentId: ours,
    });
    await table(keyOf(n), `QPP_Results_${n.slice(0, 12)}`, valueOf(below).id);
    return `de:${keyOf(n)}`;
  },
  "a table of a user, moved into our folder": async (n: string) => {
    await table(`Customers_${n}`.slice(0, 36), `Customers ${n}`, await folder("dataextension"));
    return `de:${`Customers_${n}`.slice(0, 36)}`;
  },
  "a result that a user has given a name of his own": async (n: string) => {
    await table(keyOf(n), `Keep ${n}`, await folder("dataextension"));
    return `de:${keyOf(n)}`;
  },
  "a target of a run, even one that was a result once": async (n: string) => {
    await table(keyOf(n), `QPP_Results_${n.slice(0, 12)}`, await folder("dataextension"));
    await run(aRunId(), "ready", { expiresAt: Date.now() - hour, targetKey: keyOf(n) });
    return `de:${keyOf(n)}`;
  },
  "a key that only looks like ours": async (n: string) => {
    const key = `QPP_${n.slice(0, 29).toUpperCase()}_1`;
    await table(key, `QPP_Results_${n.slice(0, 12)}`, await folder("dataextension"));
    return `de:${key}`;
  },
  "a query of a user in our folder": async (n: string) => {
    await query(`Mine_${n.slice(0, 20)}`, `QPP_Mine_${n.slice(0, 12)}`, await folder("queryactivity"));
    return `qd:Mine_${n.slice(0, 20)}`;
  },
  "a query with our key form in another folder": async (n: string) => {
    await query(keyOf(n), `QPP_Results_${n.slice(0, 12)}`, await folder("queryactivity", "Mine"));
    return `qd:${keyOf(n)}`;
  },
} satisfies Record<string, (n: string) => Promise<string>>;

test("no sweep ever deletes a user's asset, whatever lies in and around our folders", async () => {
  await world.startBridge();
  const kinds = Object.keys(decoys) as (keyof typeof decoys)[];
  const some = fc.subarray([...kinds, "ours" as const], { minLength: 3 });
  await fc.assert(
    fc.asyncProperty(some, fc.integer({ min: 25, max: 24 * 400 }), async (chosen, hoursAgo) => {
      await world.ask("reset", {});
      await world.query("delete from sqe.runs");
      await Promise.all([folder("dataextension"), folder("queryactivity")]);
      const [kept, ours]: [string[], string[]] = [[], []];
      await inThePast(hoursAgo, async () => {
        for (const kind of chosen) if (kind !== "ours") kept.push(await decoys[kind](aRunId()));
      });
      if (chosen.includes("ours")) ours.push(...both(await leftover()));
      const before = await present();
      await summary(await command());
      const after = await present();
      expect(kept.filter((key) => !after.has(key))).toEqual([]);
      // Exactly ours, and nothing else, has gone.
      expect([...before].filter((key) => !after.has(key)).toSorted()).toEqual(ours.toSorted());
    }),
    { numRuns: 12, seed: 20261125 },
  );
}, 120_000);
