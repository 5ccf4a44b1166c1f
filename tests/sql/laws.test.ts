import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { check } from "#sql/check.ts";
import { inferColumns, tablesOf } from "#sql/infer.ts";
import { scan } from "#sql/syntax/scan.ts";
import { fieldsOf } from "./support/tables.ts";

/** Hundreds of queries, some of them large: five seconds on an idle machine. */
const patienceMs = 120_000;

/** SELECTs grown from the tests' tables: stars, joins, derived tables, unions, unnamed and equal columns. */
const { query } = fc.letrec<{ query: string; source: string; item: string; expression: string }>((tie) => ({
  expression: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom("Id", "t.Id", "Email", "1", "'x'", "NULL", "GETDATE()", "COUNT(*) OVER ()", "1.5", "-2", "N'é'"),
    fc.tuple(tie("expression"), tie("expression")).map(([one, other]) => `COALESCE(${one}, ${other})`),
    fc.tuple(tie("expression"), tie("expression")).map(([one, other]) => `CONCAT(${one}, ${other})`),
    fc.tuple(tie("expression"), tie("expression")).map(([one, other]) => `(${one} + ${other})`),
    tie("expression").map((inner) => `CASE WHEN Id = 1 THEN ${inner} END`),
    tie("query").map((inner) => `(SELECT MAX(q.a) FROM (${inner}) q(a))`),
  ),
  item: fc.oneof(
    fc.constantFrom("*", "t.*", "Id", "t.Email", "[Email]", "Id AS i", "x = Id", "Id 'lit'"),
    tie("expression"),
    tie("expression").map((expression) => `${expression} AS [a b]`),
  ),
  source: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom(
      "People t",
      "Orders AS t",
      "People t JOIN Orders u ON t.Id = u.Id",
      "People t, Ent.Shared s",
      "_Open t",
    ),
    tie("query").map((inner) => `(${inner}) t`),
  ),
  query: fc
    .tuple(
      fc.constantFrom("", "DISTINCT ", "TOP 5 ", "TOP (5) PERCENT WITH TIES "),
      fc.array(tie("item"), { minLength: 1, maxLength: 4 }),
      tie("source"),
      fc.option(tie("source"), { freq: 4 }),
      fc.constantFrom(" ", "\n", " /* , FROM */ ", " -- '\n"),
    )
    .map(([limit, items, source, other, blank]) => {
      const first = `SELECT${blank}${limit}${items.join(`,${blank}`)}${blank}FROM ${source}`;
      return other === null ? first : `${first} UNION ALL SELECT * FROM ${other}`;
    }),
}));

describe("laws of inferColumns()", () => {
  it(
    "gives distinct names, and the text to run gives the same columns and stays as it is",
    { timeout: patienceMs },
    () => {
      fc.assert(
        fc.property(query, (sql) => {
          const once = inferColumns(sql, fieldsOf);
          if (once.kind !== "inferred") return;
          const names = once.columns.map(({ name }) => name.toLowerCase());
          expect(new Set(names).size).toBe(names.length);
          expect(inferColumns(once.sql, fieldsOf)).toMatchObject({
            kind: "inferred",
            columns: once.columns,
            sql: once.sql,
          });
        }),
        { numRuns: 300 },
      );
    },
  );

  it("leaves every comment and every token but the spliced ones in place", { timeout: patienceMs }, () => {
    fc.assert(
      fc.property(query, (sql) => {
        const once = inferColumns(sql, fieldsOf);
        if (once.kind !== "inferred") return;
        const comments = (text: string): string[] => scan(text).comments.map(([start, end]) => text.slice(start, end));
        expect(comments(once.sql)).toEqual(comments(sql));
      }),
    );
  });
});

describe("laws of check()", () => {
  /** A query with some of its tokens gone, doubled or swapped. */
  const broken = fc
    .tuple(query, fc.array(fc.tuple(fc.nat(), fc.constantFrom("drop", "double", "swap")), { maxLength: 4 }))
    .map(([sql, changes]) => {
      const words = scan(sql).tokens.map(({ start, end }) => sql.slice(start, end));
      for (const [where, how] of changes) {
        const at = where % words.length;
        const word = words[at] ?? "";
        if (how === "drop") words.splice(at, 1, "");
        else if (how === "double") words.splice(at, 0, word);
        else words.splice(at, 2, words[at + 1] ?? "", word);
      }
      return words.join(" ");
    });

  it("never throws, whatever is broken, and neither do tablesOf() and inferColumns()", { timeout: patienceMs }, () => {
    fc.assert(
      fc.property(fc.oneof(broken, fc.string({ unit: "binary" })), (sql) => {
        const { diagnostics } = check(sql, fieldsOf);
        tablesOf(sql);
        inferColumns(sql, fieldsOf);
        const isPlaced = diagnostics.every(
          ({ line, column, endLine, endColumn }) => line >= 1 && column >= 1 && (endLine > line || endColumn >= column),
        );
        expect(isPlaced).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
