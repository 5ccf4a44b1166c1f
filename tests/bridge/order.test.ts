import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openMce, openTokenCache } from "../../src/mce/client.ts";
import type { ResultHandle } from "../../src/protocol/transition.ts";
import { readPage } from "../../src/worker/result-page.ts";
import type { World } from "./support/world.ts";
import { openWorld, tenancy } from "./support/world.ts";

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.ask("reset", {});
  await world.ask("behaviours", { durationMs: 200 });
});
afterEach(() => world.stopBridges());

const pageSize = 50;
/** 3,000 rows out of 20,000 pairs, in an order that is decided for each of them. */
const pairs = `SELECT TOP 3000 a.CustomerKey + '/' + b.CustomerKey AS Pair, b.Country
  FROM Customers a JOIN Customers b ON b.CustomerKey < a.CustomerKey`;
const orderedSql = `${pairs} ORDER BY b.Country DESC, Pair`;

async function ready(sql: string) {
  await world.startBridge();
  const run = await world.over(await world.submit(sql), 30_000);
  if (run.status !== "ready") throw new Error(JSON.stringify(run));
  return run;
}

/** The first `count` pages, as the Worker reads them one by one, each snapshot over before the next page. */
async function pages(handle: ResultHandle, count: number, isEachAnew: boolean, totalRows = 3000) {
  const mce = openMce(
    {
      connectionId: "c",
      mid: tenancy.mid,
      eid: tenancy.eid,
      subdomain: "mcsandbox-enterprise-a000001",
      clientId: "sandbox-client-a",
      clientSecret: "sandbox-secret-a",
    },
    {
      fetch,
      now: Date.now,
      tokens: openTokenCache(),
      sandboxUrl: world.sandboxUrl,
      readTimeoutMs: 9000,
      effectTimeoutMs: 9000,
    },
  );
  let known = handle;
  const rows: Readonly<Record<string, string>>[] = [];
  for (let page = 1; page <= count; page += 1) {
    if (isEachAnew) known = { ...known, tokenExpiresAt: 1 };
    const read = await readPage(mce, known, { page, pageSize });
    if (!read.ok || read.value === undefined) throw new Error(`page ${page}: ${JSON.stringify(read)}`);
    expect(read.value.count).toBe(totalRows);
    known = { ...known, ...read.value.renewed };
    rows.push(...read.value.items);
  }
  return rows.map((row) => row["pair"]);
}

async function wantedPairs(count: number): Promise<string[]> {
  const { rows } = await world.ask<{ rows: string[][] }>("sql", { sql: orderedSql, mid: tenancy.mid });
  return rows.slice(0, count).flatMap(([pair]) => pair ?? []);
}

test("ORDER BY is kept over all pages, in one snapshot and in a new one for each page", async () => {
  const run = await ready(orderedSql);
  expect(run.columns?.map(({ name }) => name)).toEqual(["Pair", "Country"]);
  expect(run.result.orderBy).toBe("QPP_Order");
  const wanted = await wantedPairs(2500);
  expect(await pages(run.result, 50, false)).toEqual(wanted);
  expect(await pages(run.result, 6, true)).toEqual(wanted.slice(0, 300));
});

test("pages of a result without an order are disjoint and complete over snapshots", async () => {
  const { result } = await ready(pairs);
  const got = await pages(result, 60, true);
  expect(new Set(got).size).toBe(3000);
});

test("an order that MCE ignores is made good from the rows' numbers, where one call brings them all", async () => {
  const { result } = await ready(orderedSql.replace("TOP 3000", "TOP 120"));
  await world.ask("behaviours", { rowsetOrderBy: "ignore" });
  const { rows } = await world.ask<{ rows: string[][] }>("sql", {
    sql: orderedSql.replace("TOP 3000", "TOP 120"),
    mid: tenancy.mid,
  });
  const wanted = rows.map(([pair]) => pair);
  expect(await pages(result, 3, true, 120)).toEqual(wanted);
});

test("an order that MCE refuses costs the order, not the rows", async () => {
  await world.ask("behaviours", { durationMs: 200, rowsetOrderBy: "refuse" });
  const run = await ready(orderedSql);
  expect(run.notes).toContainEqual(expect.stringContaining("did not sort these rows"));
  expect(new Set(await pages(run.result, 60, false)).size).toBe(3000);
});

test("an order that MCE refuses is made good from the rows' numbers, too", async () => {
  await world.ask("behaviours", { durationMs: 200, rowsetOrderBy: "refuse" });
  const sql = orderedSql.replace("TOP 3000", "TOP 2500");
  const run = await ready(sql);
  expect(run.notes).not.toContainEqual(expect.stringContaining("did not sort"));
  expect(await pages(run.result, 2, true, 2500)).toEqual((await wantedPairs(2500)).slice(0, 100));
});

test("an order that MCE ignores over more rows than one call brings is said to be lost", async () => {
  await world.ask("behaviours", { durationMs: 200, rowsetOrderBy: "ignore" });
  const run = await ready(orderedSql.replace("TOP 3000", "TOP 2501"));
  expect(run.notes).toContainEqual(expect.stringContaining("did not sort these rows"));
  expect(new Set(await pages(run.result, 50, false, 2501)).size).toBe(2500);
});

test("an order outlives a queue that lost everything", async () => {
  await world.ask("behaviours", { durationMs: 2500 });
  const bridge = await world.startBridge();
  const { id, job } = world.accept(orderedSql.replace("TOP 3000", "TOP 120"));
  await world.put(job);
  await expect.poll(() => world.edge.run(id).grant?.state, { timeout: 10_000 }).toBe("performed");
  await bridge.close();
  await world.redis.flushall();
  await world.startBridge();
  await world.put({ ...job, delivery: 2 });
  expect(await world.over(id)).toMatchObject({ status: "ready", result: { orderBy: "QPP_Order" } });
});
