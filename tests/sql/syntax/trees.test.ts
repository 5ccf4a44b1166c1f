import { describe, expect, it } from "vitest";
import { readQuery } from "#sql/syntax/read-query.ts";
import { conditionTrees, expressionTrees } from "./support/expression-trees.ts";
import { printedQuery } from "./support/print.ts";
import { queryTrees } from "./support/query-trees.ts";

/** The tree of a text, and what is wrong with it. */
function tree(sql: string): string {
  const { tree: query, more, problems } = readQuery(sql);
  expect({ more, problems }).toEqual({ more: [], problems: [] });
  return printedQuery(query);
}

describe("readQuery()", () => {
  it.each(expressionTrees)("reads the expression %s", (text, expected) =>
    expect(tree(`SELECT ${text} FROM t`)).toBe(`<${expected} from t>`),
  );

  it.each(conditionTrees)("reads the condition %s", (text, expected) =>
    expect(tree(`SELECT 1 FROM t WHERE ${text}`)).toBe(`<1 from t where ${expected}>`),
  );

  it.each(queryTrees)("reads %s", (sql, expected) => expect(tree(sql)).toBe(expected));

  it("tells where each clause begins and what is in it", () => {
    const sql = "SELECT a FROM t JOIN u ON 1=1\nWHERE b = 1 GROUP BY a HAVING c = 2 ORDER BY a FOR XML PATH";
    const { tree: query } = readQuery(sql);
    const clauses = [...(query.body.kind === "select" ? query.body.clauses : []), ...query.clauses];
    expect(clauses.map(({ name, start, end, until }) => [name, sql.slice(start, end), sql.slice(end, until)])).toEqual([
      ["SELECT", "SELECT", " a "],
      ["FROM", "FROM", " t JOIN u ON 1=1\n"],
      ["WHERE", "WHERE", " b = 1 "],
      ["GROUP BY", "GROUP BY", " a "],
      ["HAVING", "HAVING", " c = 2 "],
      ["ORDER BY", "ORDER BY", " a "],
      ["FOR", "FOR", " XML PATH"],
    ]);
  });
});
