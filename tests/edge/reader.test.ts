import { expect, it } from "vitest";
import { readQuery } from "#sql/syntax/read-query.ts";
import { scopeAt } from "#sql/syntax/scope-at.ts";
import { tablesRead } from "#sql/syntax/walk.ts";

const nests: readonly (readonly [open: string, close: string])[] = [
  ["LEN(", ")"],
  ["(", ")"],
  ["CASE WHEN a = 1 THEN ", " END"],
  ["SUM(", ") OVER (ORDER BY a)"],
  ["CAST(", " AS INT)"],
  ["(SELECT ", " FROM t)"],
  ["- ", ""],
  ["NOT ", ""],
  ["", " COLLATE x"],
  ["", " IN (1)"],
];

it.each(nests)("readQuery() has the stack of workerd for texts nested by %j and %j", (open, close) => {
  for (const depth of [60, 240, 5000]) {
    const sql = `SELECT ${open.repeat(depth)}a${close.repeat(depth)} FROM t WHERE b = 1`;
    const reading = readQuery(sql);
    expect(scopeAt(reading, sql.length).levels).toMatchObject([[{ alias: "t" }]]);
    expect(tablesRead(reading.tree).length).toBeGreaterThan(0);
  }
});
