import { beforeAll, expect, test } from "vitest";
import type { RowsetPage } from "../../src/mce/rest/rowset.ts";
import { readPage } from "../../src/worker/results/result-page.ts";
import { typedRows } from "../../src/worker/results/rows.ts";
import { signIn } from "./support/sign-in.ts";
import { useWorld } from "./support/use-world.ts";

const world = useWorld({ behaviours: { durationMs: 100 }, isShared: true });
beforeAll(() => world.startBridge());

/** A page as the Worker reads it. */
async function page(
  sql: string,
  number = 1,
): Promise<{ names: string[]; types: string[]; rows: unknown[][]; read: RowsetPage }> {
  const run = await world.over(await world.submit(sql));
  if (run.status !== "ready") throw new Error(JSON.stringify(run));
  const read = await readPage(signIn(world), run.result, { page: number, pageSize: 50 });
  if (!read.ok || read.value === undefined) throw new Error(JSON.stringify(read));
  const columns = run.columns ?? [];
  expect(run.truncated === true ? 2500 : run.rowCount).toBe(read.value.count);
  return {
    names: columns.map(({ name }) => name),
    types: columns.map(({ type }) => type),
    rows: typedRows(columns, read.value.items),
    read: read.value,
  };
}

test("one row of every type is typed: decimals exact, dates with their zone, null for nothing", async () => {
  const { names, types, rows } = await page(
    `SELECT 7 AS Whole, CAST('12345678901234567890.12' AS DECIMAL(38,2)) AS Wide, CAST(1.50 AS DECIMAL(5,2)) AS Small,
       CAST('2026-01-15 10:00:00' AS DATETIME) AS AtUTC, GETDATE() AS Here, GETUTCDATE() AS There,
       CAST(1 AS BIT) AS Flag, 'Ünï ''q''' AS Word, CAST(NULL AS INT) AS Nothing`,
  );
  expect(names).toEqual(["Whole", "Wide", "Small", "AtUTC", "Here", "There", "Flag", "Word", "Nothing"]);
  expect(types).toEqual(["Number", "Decimal", "Decimal", "Date", "Date", "Date", "Boolean", "Text", "Number"]);
  expect(rows).toEqual([
    [
      7,
      "12345678901234567890.12",
      1.5,
      "2026-01-15T10:00:00",
      expect.stringMatching(/T\d\d:\d\d:\d\d-06:00$/),
      expect.stringMatching(/T\d\d:\d\d:\d\dZ$/),
      true,
      "Ünï 'q'",
      null,
    ],
  ]);
});

test("a result without rows has its columns all the same", async () => {
  const { names, rows, read } = await page("SELECT * FROM [No Rows]");
  expect({ names, rows, count: read.count }).toEqual({ names: ["Id", "Name"], rows: [], count: 0 });
});

test("names in any script and reserved words are found again among MCE's lower-cased ones", async () => {
  const german = await page("SELECT * FROM [Kündigungen Österreich]");
  expect(german.names).toEqual(["Straße", "Größe", "Œuvre", "İstanbul"]);
  expect(german.rows).toHaveLength(4);
  expect(german.rows.every(([street]) => typeof street === "string")).toBe(true);
  const japanese = await page("SELECT 番号, 名前 FROM 顧客");
  expect(japanese.names).toEqual(["番号", "名前"]);
  expect(new Set(japanese.rows.map(([number]) => number))).toEqual(new Set([1, 2, 3, 4, 5]));
  const reserved = await page("SELECT [Select], [From], [Order], [Key] FROM [Order] WHERE [Select] = 2");
  expect(reserved.names).toEqual(["Select", "From", "Order", "Key"]);
  expect(reserved.rows[0]?.slice(0, 2)).toEqual([2, "row 2"]);
});

test("2,500 rows in order, and as many of 100,000", { timeout: 120_000 }, async () => {
  const ordered = await page("SELECT TOP 2500 Id, Score FROM [Big List] ORDER BY Id", 50);
  expect(ordered.read.count).toBe(2500);
  const ids = ordered.rows.map(([id]) => Number(id));
  expect(ids).toHaveLength(50);
  expect(ids.every((id, at) => at === 0 || id > (ids[at - 1] ?? Infinity))).toBe(true);
  const all = await page("SELECT * FROM [Big List]");
  expect(all.read.count).toBe(2500);
  expect(all.rows).toHaveLength(50);
});
