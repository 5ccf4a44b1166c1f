import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "../../sandbox/parser/parse.ts";
import { parserLoad } from "../../sandbox/parser/parser-load.ts";
import { linesOf } from "../../sandbox/parser/positions.ts";
import { scan } from "../../sandbox/parser/scan.ts";
import { quickestMs } from "../support/processor-time.ts";

describe("parse()", () => {
  it.each([
    ["SELECT a FROM t", 1],
    ["SELECT a FROM t;", 1],
    ["SELECT 1; SELECT 2", 2],
    ["", 0],
    ["SELECT a -- x\rFROM t", 1],
  ])("reads the statements of %j", (sql, count) => {
    const answer = parse(sql);
    expect(answer.kind === "parsed" ? answer.statements.length : answer).toBe(count);
  });

  it.each([
    ["SELECT a,\n  FROM t", { line: 2, column: 8 }],
    ["SELECT '😀' AS a,,", { line: 1, column: 18 }],
    ["SELECT 1,\r\n 'open", { line: 2, column: 2 }],
  ])("rejects %j where it breaks", (sql, place) => expect(parse(sql)).toMatchObject({ kind: "rejected", ...place }));

  const chained = (count: number, operator: string): string => `SELECT ${Array(count).fill("a").join(operator)} FROM t`;

  it("reads a chain of 300 operators and does not try one more", () => {
    expect(parse(chained(301, " + ")).kind).toBe("parsed");
    expect(parse(chained(302, " + "))).toEqual({
      kind: "unknown",
      why: "the query chains more than 300 operators",
      isTooDeep: true,
    });
  });

  it("says unknown to what is nested too deeply, and reads on", () => {
    const nested = `SELECT ${"(".repeat(90)}1${")".repeat(90)} AS a`;
    expect(parse(nested)).toEqual({
      kind: "unknown",
      why: "the query is nested too deeply to read here",
      isTooDeep: true,
    });
    expect(parse("SELECT 1 AS a").kind).toBe("parsed");
  });
});

/** What is nested, in ways the grammar has and in ways it has not: each made the parser hang for seconds. */
const nests = [
  "REPLACE(",
  "IIF(1=1,",
  "[f](",
  "CAST(",
  "CURRENT_TIMESTAMP(",
  "POSITION(a IN (SELECT a, ",
  "(CASE ",
  "IN (CASE ",
  "CASE WHEN ",
  "NOT (",
  "NOT - (",
  "NOT IN (",
  "NOT REGEXP (",
  "a IN ((SELECT 1 WHERE ",
  "a IN (DISTINCT (",
  "IN (INTERVAL ",
  "INTERVAL EXCEPT (",
  "f(ALL FROM (",
  "f(x = ",
  "TOP (",
  "(SELECT ",
  "(SELECT a, ",
  "FROM ((SELECT 1 FROM ",
  "(SELECT a FROM (VALUES (",
  "'s' (",
  "EXISTS (RENAME (",
];

describe("parse() at its bounds", () => {
  it.each(nests)("is quick to read, or to reject, as many of %j as it takes", (nest) => {
    const opened = nest.split("(").length - 1;
    for (const head of ["SELECT ", "SELECT a FROM ", "SELECT a FROM t WHERE "]) {
      for (const closing of ["", ")", ") x", " END)"]) {
        const text = (depth: number): string => head + nest.repeat(depth) + "a" + closing.repeat(depth * opened);
        let depth = 41;
        while (depth > 1 && isTooDeep(text(depth))) depth -= 1;
        const sql = text(depth);
        expect(
          quickestMs(() => void parse(sql), 300),
          sql,
        ).toBeLessThan(300);
      }
    }
  });

  /** Told from the tokens, as parse() does; asking it would be the very thing that takes long. */
  function isTooDeep(sql: string): boolean {
    const { nesting, visits } = parserLoad(scan(sql).tokens);
    return nesting > 40 || visits > 100_000;
  }
});

describe("parserLoad()", () => {
  it.each([
    ["a OR b OR c", 2],
    ["f(a + b + c, d + e)", 2],
    ["(a + b) + (c + d + e)", 3],
    ["f(a + b + c), d + e", 2],
    ["CASE WHEN a AND b THEN c + d END + e", 2],
    ["SELECT a + b, c + d FROM t WHERE e OR f", 1],
    ["SELECT 1 UNION SELECT 2 UNION SELECT 3", 2],
    ["((a + b", 1],
    ["a) + b", 1],
    ["a + b = c AND d + e = f", 3],
    ["a IS NULL IS NULL", 4],
    ["a COLLATE b COLLATE c", 4],
    ["a AT TIME ZONE 'b'", 4],
    ["a IN (1) IN (2)", 2],
    ["f(a)(b)(c)", 2],
    ["f().a().b()", 2],
    ["NOT NOT a", 2],
    ["a + ON + WHERE + t.CASE + t.ON", 4],
    ["a COLLATE ON COLLATE ON", 4],
    ["a AND ON AND WHERE", 2],
    ["SELECT Time UNION SELECT Time UNION SELECT Time", 3],
    ["a IS DISTINCT FROM b IS DISTINCT FROM c", 8],
  ])("%s is %i links deep", (sql, chain) => expect(parserLoad(scan(sql).tokens).chain).toBe(chain));

  it.each([
    ["f(g(h(a)))", 3, 2 + 2 * 2 + 2 * 4 + 2 * 8 + 4 + 2],
    ["f(a), g(a), h(a)", 1, 8 + 6 * 2],
    ["CAST(a AS INT)", 1, 2 + 4 * 3],
    ["NOT (a)", 1, 1 + 2 + 2 * 4],
    ["a IN (b)", 1, 5],
    ["a + IN(b)", 1, 4 + 4],
    ["((a))", 2, 1 + 2 * 4],
    ["CASE WHEN a THEN b END", 1, 1 + 5 * 3],
    ["SELECT b FROM (SELECT a FROM (SELECT a", 2, 10],
    // What is broken is tried again in other ways, and so is what only looks like a keyword.
    ["SELECT NOT IN (NOT IN (a", 2, 1 + 1 + 2 * 2 + 4 + 8 * 2 + 16],
    ["SELECT INTERVAL IN (a", 1, 1 + 1 + 3 * 2 + 6],
    ["SELECT INTERVAL, f", 0, 1 + 1 + 3 + 1],
    ["(CASE (CASE (a", 5, 1 + 1 + 3 + 6 + 18 + 36],
    ["f(ALL IN (a", 2, 1 + 1 + 2 * 3 + 4],
  ])("%s is nested %i deep and looked at %i times", (sql, nesting, visits) =>
    expect(parserLoad(scan(sql).tokens)).toMatchObject({ nesting, visits }),
  );
});

describe("linesOf()", () => {
  it("turns code points into UTF-16 offsets", () => expect(linesOf("x\n😀😀y").offset(2, 3)).toBe(6));

  it("turns the code points of any text into its offsets, and back", () => {
    const unit = fc.constantFrom("a", "é", "😀", "\n", "\r\n", "\ud83d", " ");
    fc.assert(
      fc.property(fc.array(unit), (units) => {
        const text = units.join("");
        const lines = linesOf(text);
        let offset = 0;
        for (const line of text.split(/(?<=\r\n|\n|\r(?!\n))/)) {
          const { line: number } = lines.at(offset);
          const points = Array.from(line);
          for (const [index, point] of points.entries()) {
            expect(lines.offset(number, index + 1)).toBe(offset);
            offset += point.length;
          }
        }
      }),
    );
  });
});
