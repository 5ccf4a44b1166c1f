import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { score, type ExpectedColumn } from "./support/score.ts";
import { check } from "#sql/check.ts";
import { guard } from "#sql/guard.ts";
import { inferColumns, tablesOf, type TableField, type TableRef } from "#sql/infer.ts";

const file = new URL("../../../shared/sql-corpus/dev.jsonl", import.meta.url);

type Query = { id: string; sql: string; tables: Record<string, TableField[]>; expected: ExpectedColumn[] };

const queries: Query[] = existsSync(file)
  ? readFileSync(file, "utf8")
      .trim()
      .split("\n")
      // The corpus is described by its README.
      .map((line) => JSON.parse(line) as Query)
  : [];

function fieldsIn({ tables }: Query): (table: TableRef) => readonly TableField[] | undefined {
  return ({ name }) => tables[name.toLowerCase()] ?? tables[`ent.${name.toLowerCase()}`];
}

describe.skipIf(queries.length === 0)("the corpus of real queries (skipped without ../shared/sql-corpus)", () => {
  it("is inferred, every query, and at least 97 % of them all right", () => {
    const scores = queries.map((query) => {
      const answer = inferColumns(query.sql, fieldsIn(query));
      expect(answer.kind, query.id).toBe("inferred");
      const { names, types, lengths } = score(answer.kind === "inferred" ? answer.columns : [], query.expected);
      return names && types && lengths;
    });
    expect(scores.filter(Boolean).length / queries.length).toBeGreaterThanOrEqual(0.97);
  });

  it("is rewritten once: the text to run gives the same columns and stays as it is", () => {
    for (const query of queries) {
      const once = inferColumns(query.sql, fieldsIn(query));
      if (once.kind !== "inferred") continue;
      const again = inferColumns(once.sql, fieldsIn(query));
      expect({ ...again, notes: [] }, query.id).toEqual({ ...once, notes: [] });
    }
  });

  it("reads the tables the corpus names", () => {
    for (const query of queries) {
      const read = tablesOf(query.sql);
      const names = read.kind === "known" ? read.tables.map(({ name }) => name.toLowerCase()) : [];
      expect([...new Set(names)].sort(), query.id).toEqual(Object.keys(query.tables).toSorted());
    }
  });

  it("is refused by the guard for WITH only", () => {
    const refused = queries.flatMap(({ sql }) => {
      const answer = guard(sql);
      return answer.ok ? [] : answer.diagnostics.map(({ code }) => code);
    });
    expect([...new Set(refused)]).toEqual(["CTE"]);
  });

  it("holds few names the resolver cannot place: those its made-up tables lack", () => {
    const doubted = queries.filter((query) =>
      check(query.sql, fieldsIn(query)).diagnostics.some(({ code }) =>
        ["UNKNOWN_COLUMN", "UNKNOWN_PREFIX", "AMBIGUOUS_COLUMN", "UNION_COLUMNS", "UNKNOWN_FUNCTION"].includes(code),
      ),
    );
    expect(doubted.length).toBeLessThan(10);
  });
});
