import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskValues } from "#mce/mask.ts";
import { ownWords } from "#sql/text/own-words.ts";
import { awkward, masked, places, untouched } from "./support/messages.ts";
import { quickestMs } from "../support/processor-time.ts";
import { titled } from "../support/titles.ts";

/** A query, MCE's words about it, and the part of them that is shown. */
const about: readonly (readonly [sql: string, text: string, shown: string])[] = [
  ["SELECT FirstName AS ‘First_Name’ FROM C", "Incorrect syntax near '‘'.", "same"],
  ["SELECT FirstName AS ‘First_Name’ FROM C", "Incorrect syntax near '‘First_Name’'.", "same"],
  ["SELECT a FROM C WHERE City = ‘Paris’", "Incorrect syntax near '‘'.", "same"],
  ["SELECT a FROM C WHERE City = ‘Paris’", "Incorrect syntax near 'Paris'.", "Incorrect syntax near '…'."],
  ["SELECT a FROM C WHERE City = ‘New Paris’", "Incorrect syntax near 'New'.", "Incorrect syntax near '…'."],
  ["SELECT a FROM 2024 Leads", "Incorrect syntax near '2024'.", "same"],
  ["SELECT a FROM 2024 Leads", "Incorrect syntax near 'leads'.", "same"],
  ["SELECT a FROM Leads-2024", "Incorrect syntax near '-'.", "same"],
  ["SELECT a FROM Leads–2024", "Incorrect syntax near '–'.", "same"],
  ["SELECT a FROM (SELECT b FROM c)", "Incorrect syntax near ')'.", "same"],
  ["SELECT ROW_NUMBER() AS n FROM C", "The function 'row_number' must have an OVER clause with ORDER BY.", "same"],
  ["SELECT [What's Newx] FROM C", "Invalid column name 'What's Newx'.", "same"],
  [
    "SELECT [What's Newx], 'secret' AS b FROM C",
    "Invalid column name 'What's Newx'. Incorrect syntax near 'secret'.",
    "Invalid column name 'What's Newx'. Incorrect syntax near '…'.",
  ],
  ["SELECT [O'Hara's List].a FROM x", "A data extension named O'Hara's List is locked", "same"],
  ["SELECT c.Emial FROM C c", "Cannot find the column 'c.Emial' in this list", "same"],
  ["SELECT Emial FROM C", "Column 'C7000001.Emial' does not exist", "same"],
  ["SELECT a FROM C WHERE b = 'Ann'", "Incorrect syntax near 'Ann'.", "Incorrect syntax near '…'."],
  ["SELECT a FROM C WHERE b = 'O''Hara'", "Incorrect syntax near 'O'Hara'.", "Incorrect syntax near '…'."],
  ["SELECT a FROM C WHERE b = 'a'' x ''a'", "Incorrect syntax near 'a' x 'a'.", "Incorrect syntax near '…'."],
  ["SELECT a FROM C WHERE b = 'Ann Lee'", "The text Ann Lee is odd", "The text … is odd"],
  ["SELECT a FROM C WHERE b = 'from Ann.Lee'", "The Ann.Lee table, from Ann.Lee", "The Ann.Lee table, …"],
  ["SELECT a FROM C WHERE b = 'O'Hara'", "Incorrect syntax near 'Hara'.", "Incorrect syntax near '…'."],
  ["SELECT Ann FROM C WHERE b = 'Ann'", "Invalid column name 'Ann'.", "same"],
  ["SELECT a FROM C WHERE b = 'Ann'", "Invalid column name 'Ann'.", "Invalid column name '…'."],
  ["SELECT a FROM C WHERE b = 'error'", "An error occurred. Errors: Invalid column name 'a'.", "same"],
  [
    "SELECT a FROM C WHERE b = 'Update'",
    "Update Type must be 'Update' or the target data extension cannot appear in the query.",
    "same",
  ],
  ["SELECT a AS 'First Name' FROM C", "The column 'First Name' was specified multiple times for 'querydef'.", "same"],
  [
    "SELECT Name FROM C",
    "Conversion failed when converting the varchar value 'Name' to data type int.",
    "Conversion failed when converting the varchar value '…' to data type int.",
  ],
  ["SELECT Name FROM C", "Bad 'Name' secret 'Name' here", "Bad '…' here"],
];

describe("maskValues() with the query's text", () => {
  it.each(titled(about, "and"))("%s", (_, sql, text, shown) => {
    expect(maskValues(text, ownWords(sql))).toBe(shown === "same" ? text : shown);
  });

  it("keeps the names of other known columns", () => {
    const text =
      "Cannot insert the value NULL into column 'Mother's Day', table 'C1.dbo.T'; column does not allow nulls.";
    expect(maskValues(text, ownWords("SELECT * FROM C", ["Mother's Day"]))).toBe(text);
  });

  it("changes nothing the second time", () => {
    for (const [sql, text] of about) {
      const words = ownWords(sql);
      expect(maskValues(maskValues(text, words), words)).toBe(maskValues(text, words));
    }
  });

  it("lets no literal of the query survive in any message", () => {
    const texts = fc.constantFrom(...untouched, ...masked.map(([text]) => text), ...about.map(([, text]) => text));
    const shapes = fc.constantFrom<(value: string) => string>(
      (value) => `'${value}'`,
      (value) => `"${value}"`,
      (value) => `(${value})`,
      (value) => ` ${value} `,
      (value) => `near '${value}'.`,
    );
    fc.assert(
      fc.property(texts, fc.nat(), shapes, awkward(), (text, position, shape, value) => {
        const at = position % (text.length + 1);
        const sql = `SELECT a, [What's Newx] FROM x WHERE column = '${value.replaceAll("'", "''")}' AND into = 1`;
        const said = text.slice(0, at) + shape(value) + text.slice(at);
        expect(maskValues(said, ownWords(sql))).not.toContain("CANARY");
      }),
      { numRuns: 5000 },
    );
  });

  it("lets no value survive where MCE puts one, made of the query's words or not", () => {
    const words = ownWords("SELECT a, x, [it's], into FROM column WHERE value = 1 AND is = reserved AND y = 'z'");
    fc.assert(
      fc.property(places(), awkward(), (place, value) => {
        expect(maskValues(place(value), words)).not.toContain("CANARY");
      }),
      { numRuns: 5000 },
    );
  });

  it("is fast on thousands of literals and a hostile message", () => {
    const list = Array.from({ length: 8000 }, (_, n) => `'key-${n}'`).join(", ");
    const words = ownWords(`SELECT a FROM C WHERE b IN (${list}, 'a', '''', 'value ''')`);
    for (const piece of ["key-7 ", "a", "value '", "'a' ", "near 'a'. "]) {
      const message = piece.repeat(4000);
      expect(quickestMs(() => void maskValues(message, words), 1000)).toBeLessThan(1000);
    }
  });
});
