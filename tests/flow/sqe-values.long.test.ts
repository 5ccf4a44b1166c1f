import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it, test } from "vitest";
import { tempDir } from "../support/temp-dir.ts";
import { useSharedStack } from "./support/share-stack.ts";
import { builtPackage, start, type Called } from "./support/sqe.ts";

const stack = useSharedStack();
let cli: string;
beforeAll(async () => {
  cli = join(await builtPackage(), "cli.js");
});

function sqe(args: readonly string[], stdin?: string): Promise<Called> {
  const env = { SQE_URL: stack.edge, SQE_TOKEN: stack.tokens.alice };
  return start(process.execPath, [cli, ...args], env, stdin).ended;
}

describe("sqe run with values", () => {
  const sql =
    "SELECT TOP 2 CustomerKey, Country, @note AS Note FROM Customers WHERE Country = @country AND LoyaltyPoints > @points AND CreatedDate > @since ORDER BY CustomerKey";
  const values = ["country=DE", "points:number=10", "since:date=2000-01-01", 'note=O\'Hara = "@x"'];

  it("--param takes texts, numbers and dates, whatever signs are in them", async () => {
    const params = values.flatMap((value) => ["--param", value]);
    const { code, out, err } = await sqe(["run", sql, "--format", "json", ...params]);
    expect([code, err]).toEqual([0, expect.stringContaining("ready")]);
    const { rows: found }: { rows: unknown[][] } = JSON.parse(out);
    expect(found.map(([, ...rest]) => rest)).toEqual([
      ["DE", `O'Hara = "@x"`],
      ["DE", `O'Hara = "@x"`],
    ]);
  });

  it.each([
    [2, ["--param", "country"], "is no parameter"],
    [2, ["--param", "points:number=many"], "has no whole number"],
    [2, ["--param", "a:json={}"], "is no parameter"],
    [5, values.slice(1).flatMap((value) => ["--param", value]), "@country"],
  ])("%i where a value is wrong or missing (%#)", async (exit, params, words) => {
    const { code, out, err } = await sqe(["run", sql, ...params]);
    expect([code, out, err]).toEqual([exit, "", expect.stringContaining(words)]);
  });

  it("--total counts the rows that cannot be read, too; without it nobody knows", async () => {
    const big = "SELECT Id FROM [Big List]";
    const [plain, counted] = [
      await sqe(["run", big, "--format", "json"]),
      await sqe(["run", big, "--format", "json", "--total"]),
    ];
    expect(JSON.parse(counted.out)).toMatchObject({ totalRows: 100_000, accessibleRows: 2500, truncated: true });
    expect(JSON.parse(plain.out)).toMatchObject({ accessibleRows: 2500, truncated: true });
    expect(JSON.parse(plain.out)).not.toHaveProperty("totalRows");
  });
});

test("check --fix writes what there is one answer to, and the mended files are right", async () => {
  const dir = await tempDir();
  const texts = {
    "column.sql": "SELECT Contry,\r\n  FirstName -- Contry\r\nFROM Customers\r\n",
    "table.sql": "SELECT CustomerKey FROM Custmers",
    "limit.sql": "SELECT CustomerKey FROM Customers WHERE Country == 'DE' LIMIT 10",
    "fine.sql": "SELECT TOP 5 CustomerKey FROM Customers",
    "lost.sql": "SELECT Zzzzzzzz FROM Customers",
  };
  for (const [name, sql] of Object.entries(texts)) await writeFile(join(dir, name), sql);
  const fixed = await sqe(["check", "--fix", `${dir}/*.sql`]);
  expect([fixed.code, fixed.out]).toEqual([5, expect.stringMatching(/lost\.sql:1:8: error UNKNOWN_COLUMN/)]);
  expect(fixed.err).toContain("1 of 5 with errors");
  const now = async (name: string) => readFile(join(dir, name), "utf8");
  expect(await Promise.all(Object.keys(texts).map(now))).toEqual([
    "SELECT Country,\r\n  FirstName -- Contry\r\nFROM Customers\r\n",
    "SELECT CustomerKey FROM Customers",
    // The blank before LIMIT stays.
    "SELECT TOP 10 CustomerKey FROM Customers WHERE Country = 'DE' ",
    texts["fine.sql"],
    texts["lost.sql"],
  ]);
  const again = await sqe(["check", `${dir}/[!l]*.sql`, `${dir}/limit.sql`]);
  // Only that a query has no WHERE clause.
  expect([again.code, again.out]).toEqual([0, expect.not.stringMatching(/: (error|warning) /)]);
  const typed = await sqe(["check", "--fix", "-"], texts["table.sql"]);
  expect([typed.code, typed.out]).toEqual([0, "SELECT CustomerKey FROM Customers\n"]);
});
