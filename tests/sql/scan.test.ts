import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scan } from "#sql/syntax/scan.ts";
import { linesOf } from "#sql/text/positions.ts";

describe("scan()", () => {
  const texts = (sql: string): string[] => scan(sql).tokens.map(({ start, end }) => sql.slice(start, end));

  it.each([
    ['[a]]b]."c""d"', ["[a]]b]", ".", '"c""d"']],
    ["'it''s' N'é' n'x'", ["'it''s'", "N'é'", "n'x'"]],
    ["a<=b<>c!=d||e", ["a", "<=", "b", "<>", "c", "!=", "d", "||", "e"]],
    ["1.5 .5 1. 1e-3 0xFF 2a", ["1.5", ".5", "1.", "1e-3", "0xFF", "2", "a"]],
    ["@a @@b #c ##d _e é", ["@a", "@@b", "#c", "##d", "_e", "é"]],
    ["a--b\nc/*d/*e*/f*/g", ["a", "c", "g"]],
    ["a-b--c\rd", ["a", "-", "b", "d"]],
    ["a\u00a0b\ufeffc", ["a", "b", "c"]],
  ])("cuts %j", (sql, tokens) => expect(texts(sql)).toEqual(tokens));

  it("covers every character once: tokens, comments and blanks between them, never throwing", () => {
    const piece = fc.constantFrom(
      "'",
      "''",
      "[",
      "]",
      '"',
      "--",
      "/*",
      "*/",
      "\n",
      "\r",
      "a",
      "1",
      ".",
      "@",
      "#",
      "N",
      "é",
      "😀",
      " ",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.array(piece).map((pieces) => pieces.join("")),
        ),
        (sql) => {
          const { tokens, comments } = scan(sql);
          let at = 0;
          for (const [start, end] of [...tokens.map((token) => [token.start, token.end] as const), ...comments].sort(
            (a, b) => a[0] - b[0],
          )) {
            expect(start).toBeGreaterThanOrEqual(at);
            expect(end).toBeGreaterThan(start);
            at = end;
          }
          expect(at).toBeLessThanOrEqual(sql.length);
        },
      ),
    );
  });
});

describe("linesOf()", () => {
  it("finds the line and column of an offset, whatever ends the lines", () => {
    const lines = linesOf("a\nb\r\nc\rd");
    expect([0, 1, 2, 5, 7].map((offset) => lines.at(offset))).toEqual([
      { line: 1, column: 1 },
      { line: 1, column: 2 },
      { line: 2, column: 1 },
      { line: 3, column: 1 },
      { line: 4, column: 1 },
    ]);
  });
});
