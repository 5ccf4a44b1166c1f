import { describe, expect, it } from "vitest";
import { check } from "#sql/check.ts";
import { guard } from "#sql/guard.ts";
import { mended, mendedAtOnce } from "./support/mended.ts";
import { columns, fieldsOf } from "./support/tables.ts";

describe("a semicolon", () => {
  it.each([
    ";WITH x AS (SELECT Id FROM People) SELECT Id FROM x",
    "; SELECT Id FROM People",
    " ;\n;SELECT Id FROM People;;\n",
    "-- a comment\n;SELECT Id FROM People ; -- and one more",
  ])("at either end of a text says nothing: %j", (sql) => {
    const checked = check(sql, fieldsOf);
    expect([checked.ok, checked.columns.map(({ name }) => name), checked.look?.sql.includes(";")]).toEqual([
      true,
      ["Id"],
      false,
    ]);
    expect(check(mendedAtOnce(sql), fieldsOf).diagnostics).toEqual([]);
    expect(columns(sql)).toEqual(["Id Number"]);
  });

  it("at the beginning leaves every place what it is", () => {
    expect(guard(";;SELECT Id FROM T;")).toEqual({
      ok: true,
      sql: "  SELECT Id FROM T",
      notes: [
        "The ; at the beginning was left out: it begins nothing",
        "The ; at the end was cut off: MCE does not allow it",
      ],
    });
    const [, found] = check(";SELECT Nmae FROM People", fieldsOf).diagnostics;
    expect(found).toMatchObject({ code: "UNKNOWN_COLUMN", column: 9 });
  });

  it.each([
    ["WITH x AS (SELECT Id FROM People); SELECT Id FROM x", "WITH x AS (SELECT Id FROM People) SELECT Id FROM x"],
    ["SELECT Id FROM (SELECT Id FROM People;) x", "SELECT Id FROM (SELECT Id FROM People) x"],
    ["SELECT Id FROM People; LIMIT 5", "SELECT Id FROM People LIMIT 5"],
    ["SELECT Id FROM People;\nGO", "SELECT Id FROM People"],
    ["SELECT Id FROM People;\nGO\n;", "SELECT Id FROM People\n;"],
    ["SELECT Id FROM People; SELECT 1 AS a", "no edit"],
    ["WITH x AS (SELECT Id FROM People) SELECT Id FROM x; SELECT 1 AS a", "no edit"],
  ])("in the middle goes where the text is one statement: %s", (wrong, right) => expect(mended(wrong)).toBe(right));

  it.each([";", " ; ; ", ""])("alone is no query: %j", (sql) => {
    const answer = guard(sql);
    expect(answer.ok ? [] : answer.diagnostics.map(({ code }) => code)).toEqual(["EMPTY_SQL"]);
  });
});
