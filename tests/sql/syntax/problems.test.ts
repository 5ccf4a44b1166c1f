import { describe, expect, it } from "vitest";
import { readQuery } from "#sql/syntax/read-query.ts";
import { printedQuery } from "./support/print.ts";

/** What is wrong with a text: the code, what is expected or wrong, and the text before its place. */
function problems(sql: string): string[] {
  return readQuery(sql).problems.map(({ code, message, start }) => `${code} ${message} @${sql.slice(0, start)}`);
}

const rows: readonly (readonly [sql: string, ...problems: string[]])[] = [
  ["SELECT a FROM t"],
  ["", "EXPECTED SELECT @"],
  ["SELECT", "EXPECTED a column or value @SELECT"],
  ["SELECT FROM t", "EXPECTED a column or value @SELECT "],
  ["SELECT a, FROM t", "EXPECTED a column or value @SELECT a, "],
  ["SELECT a FROM", "EXPECTED a table @SELECT a FROM"],
  ["SELECT a FROM t WHERE", "EXPECTED a column or value @SELECT a FROM t WHERE"],
  ["SELECT a FROM t WHERE a =", "EXPECTED a column or value @SELECT a FROM t WHERE a ="],
  ["SELECT a FROM t WHERE a = 1 AND", "EXPECTED a column or value @SELECT a FROM t WHERE a = 1 AND"],
  ["SELECT a FROM t JOIN u", "EXPECTED ON @SELECT a FROM t JOIN u"],
  ["SELECT a FROM t LEFT u ON 1=1", "EXPECTED JOIN @SELECT a FROM t LEFT "],
  ["SELECT a FROM t ON 1=1", "UNEXPECTED ON @SELECT a FROM t "],
  ["SELECT t. FROM t", "EXPECTED a name @SELECT t. "],
  ["SELECT f(a FROM t", "EXPECTED ) @SELECT f(a "],
  ["SELECT a) FROM t", "UNEXPECTED ) @SELECT a"],
  ["SELECT a b c FROM t", "UNEXPECTED c @SELECT a b "],
  ["SELECT CASE WHEN 1=1 THEN 2 FROM t", "EXPECTED END @SELECT CASE WHEN 1=1 THEN 2 "],
  ["SELECT CASE a END FROM t", "EXPECTED WHEN @SELECT CASE a "],
  ["SELECT CASE WHEN a END FROM t", "EXPECTED THEN @SELECT CASE WHEN a "],
  ["SELECT CAST(a) FROM t", "EXPECTED AS @SELECT CAST(a"],
  ["SELECT a FROM t GROUP a", "EXPECTED BY @SELECT a FROM t GROUP "],
  ["SELECT a FROM t ORDER BY", "EXPECTED a column or value @SELECT a FROM t ORDER BY"],
  ["SELECT a FROM t WHERE a = b = c", "UNEXPECTED = @SELECT a FROM t WHERE a = b "],
  ["SELECT a FROM t WHERE a BETWEEN 1", "EXPECTED AND @SELECT a FROM t WHERE a BETWEEN 1"],
  ["SELECT a FROM t WHERE a IN 1", "EXPECTED ( @SELECT a FROM t WHERE a IN "],
  ["SELECT a FROM t ORDER BY a WHERE a = 1", "UNEXPECTED WHERE @SELECT a FROM t ORDER BY a "],
  ["SELECT a WHERE a = 1 FROM t", "UNEXPECTED FROM @SELECT a WHERE a = 1 "],
  ["SELECT a FROM t WHERE 1=1 WHERE 2=2", "UNEXPECTED WHERE @SELECT a FROM t WHERE 1=1 "],
  ["SELECT key FROM t", "RESERVED KEY @SELECT "],
  ["SELECT a AS user FROM t", "RESERVED USER @SELECT a AS "],
  ["SELECT a FROM plan", "RESERVED PLAN @SELECT a FROM "],
  ["SELECT 'a FROM t", "UNCLOSED string @SELECT "],
  ["SELECT [a FROM t", "UNCLOSED bracket @SELECT "],
  ["SELECT a /* FROM t", "UNCLOSED comment @SELECT a "],
  ["SELECT a FROM t; SELECT b FROM u", "UNEXPECTED SELECT @SELECT a FROM t; "],
  ["SELECT a FROM t SELECT b FROM u", "UNEXPECTED SELECT @SELECT a FROM t "],
  ["UPDATE t SET a = 1", "EXPECTED SELECT @"],
  ["SELECT a FROM t LIMIT 5", "UNEXPECTED LIMIT @SELECT a FROM t "],
  ["ſELECT a FROM t", "EXPECTED SELECT @"],
  ["SELECT a FROM t WHERE (a, b) IN (1)", "UNEXPECTED , @SELECT a FROM t WHERE (a"],
  ["SELECT a FROM OPENXML(@h, '/a', 1) WITH (a int '@a') x"],
  ["SELECT a FROM 123.t", "UNEXPECTED 123. @SELECT a FROM "],
  ["SELECT a FROM t CROSS u", "EXPECTED JOIN @SELECT a FROM t CROSS "],
  ["SELECT * FROM t PIVOT (SUM(a) FOR b IN ([x]))", "EXPECTED an alias @SELECT * FROM t PIVOT (SUM(a) FOR b IN ([x]))"],
];

describe("the problems of readQuery()", () => {
  it.each(rows)("has %j with its problems", (sql, ...expected) => expect(problems(sql)).toEqual(expected));

  it("has the place where the text is nested too deeply, and reads what is around it", () => {
    const nested = (depth: number): string =>
      `SELECT a, ${"LEN(".repeat(depth)}b${")".repeat(depth)} AS c FROM t JOIN u ON 1=1`;
    expect(readQuery(nested(240)).problems).toEqual([]);
    const { problems: found, tree } = readQuery(nested(5000));
    expect(found).toMatchObject([{ code: "TOO_DEEP" }]);
    expect(printedQuery(tree)).toMatch(/^<a, (?:LEN\()+…\)+ as c from \(t JOIN u ON \(1 = 1\)\)>$/);
  });

  it("keeps what it does not know as it stands, with its place", () => {
    const sql = "SELECT a, b ??? (SELECT c FROM u) AS d, e FROM t";
    const { tree } = readQuery(sql);
    expect(printedQuery(tree)).toBe("<a, …(b, <c from u>) as d, e from t>");
    const items = tree.body.kind === "select" ? tree.body.items : [];
    expect(items.map(({ start, end }) => sql.slice(start, end))).toEqual(["a", "b ??? (SELECT c FROM u) AS d", "e"]);
  });
});
