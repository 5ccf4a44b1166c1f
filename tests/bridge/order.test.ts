import { expect, test } from "vitest";
import type { ResultHandle } from "../../src/protocol/transition.ts";
import type { Target } from "../../src/protocol/target.ts";
import { readPage } from "../../src/worker/results/result-page.ts";
import { signIn } from "./support/sign-in.ts";
import { makeTarget } from "./support/targets.ts";
import { useWorld } from "./support/use-world.ts";
import { tenancy } from "./support/world.ts";

const world = useWorld({ behaviours: { durationMs: 200 } });

const pageSize = 50;
/** 3,000 rows out of 20,000 pairs, in an order that is decided for each of them: a look shows 2,500. */
const pairs = `SELECT TOP 3000 a.CustomerKey + '/' + b.CustomerKey AS Pair, b.Country
  FROM Customers a JOIN Customers b ON b.CustomerKey < a.CustomerKey`;
const orderedSql = `${pairs} ORDER BY b.Country DESC, Pair`;

async function ready(sql: string, options: { target?: Target } = {}) {
  await world.startBridge();
  const run = await world.over(await world.submit(sql, options));
  if (run.status !== "ready") throw new Error(JSON.stringify(run));
  return run;
}

type Reading = {
  totalRows?: number;
  /** Each snapshot expires before the next page. */
  isEachAnew?: boolean;
  /** Changes the address of a call on its way, as if MCE behaved otherwise. */
  bend?: (url: string) => string;
};

/** The first `count` pages, as the Worker reads them one by one, and by what calls. */
async function read(handle: ResultHandle, count: number, { totalRows = 2500, isEachAnew, bend = String }: Reading) {
  const calls: string[] = [];
  const mce = signIn(
    world,
    {},
    {
      fetch(input, init) {
        const url = input instanceof Request ? input.url : String(input);
        if (url.includes("/customobjectdata/")) calls.push(url);
        return fetch(bend(url), init);
      },
    },
  );
  let known = handle;
  const rows: Readonly<Record<string, string>>[] = [];
  for (let page = 1; page <= count; page += 1) {
    if (isEachAnew) known = { ...known, tokenExpiresAt: 1 };
    const got = await readPage(mce, known, { page, pageSize });
    if (!got.ok || got.value === undefined) throw new Error(`page ${page}: ${JSON.stringify(got)}`);
    expect(got.value.count).toBe(totalRows);
    known = { ...known, ...got.value.renewed };
    rows.push(...got.value.items);
  }
  return { pairs: rows.map((row) => row["pair"]), rows, calls };
}

/** The pairs of a query by the sandbox's own engine. */
async function wantedOf(sql: string) {
  const { rows } = await world.ask<{ rows: string[][] }>("sql", { sql, mid: tenancy.mid });
  return rows.map(([pair]) => pair);
}

const fewSql = orderedSql.replace("TOP 3000", "TOP 120");

test("ORDER BY holds over all pages, in one snapshot and in a new one for each page, by one call a page", async () => {
  const run = await ready(orderedSql);
  expect(run.columns?.map(({ name }) => name)).toEqual(["Pair", "Country"]);
  expect(run.result).toMatchObject({ orderBy: "QPP_Order" });
  expect(run.result).not.toHaveProperty("isSortedHere");
  expect([run.truncated, run.rowCount]).toEqual([true, undefined]);
  const wanted = (await wantedOf(orderedSql)).slice(0, 2500);
  const { pairs, calls } = await read(run.result, 50, {});
  expect(pairs).toEqual(wanted);
  expect(calls).toHaveLength(50);
  const anew = await read(run.result, 6, { isEachAnew: true });
  expect(anew.pairs).toEqual(wanted.slice(0, 300));
  expect(anew.calls).toHaveLength(6);
});

test("pages of a result without an order are disjoint and complete over snapshots", async () => {
  const { result } = await ready(pairs);
  const got = await read(result, 50, { isEachAnew: true });
  expect(new Set(got.pairs).size).toBe(2500);
});

test.each([true, false])(
  "pages of a target are disjoint and complete over snapshots (with a key: %s)",
  async (isPrimaryKey) => {
    const fields = [
      { name: "Pair", fieldType: "Text", maxLength: 80, isPrimaryKey, isRequired: isPrimaryKey } as const,
    ];
    await makeTarget(world, { customerKey: "Mine", fields });
    const target = { customerKey: "Mine", mode: "append" } as const;
    const sql = pairs.replace("TOP 3000", "TOP 400").replace(", b.Country", "");
    const { result } = await ready(sql, { target });
    const got = await read(result, 8, { totalRows: 400, isEachAnew: true });
    expect(new Set(got.pairs).size).toBe(400);
    expect(got.calls).toHaveLength(8);
  },
);

test.each(["ignore", "refuse"])(
  "an order that Marketing Cloud does not keep (%s) is restored from the rows' numbers by one call a page",
  async (rowsetOrderBy) => {
    await world.ask("behaviours", { durationMs: 200, rowsetOrderBy });
    const sql = orderedSql.replace("TOP 3000", "TOP 2500");
    const run = await ready(sql);
    expect(run.notes).not.toContainEqual(expect.stringContaining("did not sort"));
    expect(run.result).toMatchObject({ orderBy: "QPP_Order", isSortedHere: true });
    const { pairs, calls } = await read(run.result, 3, { totalRows: 2500 });
    expect(pairs).toEqual((await wantedOf(sql)).slice(0, 150));
    expect(calls).toHaveLength(3);
  },
);

/** Pages of a snapshot have the size its first one had, whatever is asked for. */
const keepsPageSize = (url: string) => (url.includes("/token/") ? url.replace(/&\$pageSize=\d+/, "") : url);

test.each(["ignore", "refuse"])(
  "an order that Marketing Cloud stops keeping (%s) is restored, though a snapshot keeps its page size",
  async (rowsetOrderBy) => {
    const { result } = await ready(fewSql);
    expect(result).not.toHaveProperty("isSortedHere");
    await world.ask("behaviours", { rowsetOrderBy });
    const { pairs } = await read(result, 3, { totalRows: 120, bend: keepsPageSize });
    expect(pairs).toEqual(await wantedOf(fewSql));
    const anew = await read(result, 3, { totalRows: 120, bend: keepsPageSize, isEachAnew: true });
    expect(anew.pairs).toEqual(await wantedOf(fewSql));
  },
);

/** No answer has more than 100 rows. */
const givesFewer = (url: string) => url.replace("$pageSize=2500", "$pageSize=100");

test("pages are unsorted, but disjoint and complete, where one call does not return all rows", async () => {
  const stopped = await ready(fewSql);
  await world.ask("behaviours", { durationMs: 200, rowsetOrderBy: "ignore" });
  const never = await ready(fewSql);
  expect(never.result).toMatchObject({ isSortedHere: true });
  for (const { result } of [stopped, never]) {
    const { pairs } = await read(result, 3, { totalRows: 120, bend: givesFewer });
    expect(pairs).toHaveLength(120);
    expect(new Set(pairs)).toEqual(new Set(await wantedOf(fewSql)));
  }
});

test.each(["ignore", "refuse"])(
  "a result of more rows than can be seen keeps its order where Marketing Cloud does not (%s)",
  async (rowsetOrderBy) => {
    await world.ask("behaviours", { durationMs: 200, rowsetOrderBy });
    const run = await ready(orderedSql);
    expect([run.truncated, run.result.isSortedHere]).toEqual([true, true]);
    const { pairs } = await read(run.result, 50, { isEachAnew: true });
    expect(pairs).toEqual((await wantedOf(orderedSql)).slice(0, 2500));
  },
);

test.each([
  ["honour", {}],
  ["refuse", { isSortedHere: true }],
])("an order (%s) survives a queue that lost everything", async (rowsetOrderBy, how) => {
  await world.ask("behaviours", { durationMs: 2500, rowsetOrderBy });
  const bridge = await world.startBridge();
  const { id, job } = world.accept(fewSql);
  await world.put(job);
  await expect.poll(() => world.edge.run(id).grant?.state).toBe("performed");
  await bridge.close();
  await world.redis.flushall();
  await world.startBridge();
  await world.put({ ...job, delivery: 2 });
  expect(await world.over(id)).toMatchObject({ status: "ready", result: { orderBy: "QPP_Order", ...how } });
});
