import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openEngine, type Engine } from "../../sandbox/engine/engine.ts";
import type { UpdateType } from "../../sandbox/engine/scope.ts";
import { scope, table } from "./support/engine.ts";

let engine: Engine;
beforeEach(() => {
  engine = openEngine();
  table(engine, "Source", { Id: "Number", Name: "Text(50)" }, [
    ["1", "one"],
    ["2", "two"],
    ["3", "three"],
  ]);
});
afterEach(() => engine.close());

/** Runs a query into `Target` and shows what came of it: `n rows` or the failure. */
function run(sql: string, updateType: UpdateType = "Append"): string {
  const answer = engine.run(sql, scope, { name: "Target", updateType });
  return answer.kind === "applied" ? `${answer.rows} rows` : answer.message;
}

const content = (): string[] =>
  engine.readRows(1, "Target").map((row) => row.map((value) => value ?? "NULL").join("|"));

describe("Append, Overwrite and Update", () => {
  it("Append adds to what is there", () => {
    table(engine, "Target", { Id: "Number", Name: "Text(50)" }, [["9", "old"]]);
    expect(run("SELECT Id, Name FROM Source WHERE Id < 3")).toBe("2 rows");
    expect(content()).toEqual(["9|old", "1|one", "2|two"]);
  });

  it("fields the query does not name are NULL, names have no case, order does not matter", () => {
    table(engine, "Target", { Id: "Number", Extra: "Text(5)", Name: "Text(50)" });
    expect(run("SELECT NAME, ID FROM Source WHERE Id = 1")).toBe("1 rows");
    expect(content()).toEqual(["1|NULL|one"]);
  });

  it("Overwrite clears first, even for no rows", () => {
    table(engine, "Target", { Id: "Number" }, [["9"]]);
    expect(run("SELECT Id FROM Source WHERE 1 = 0", "Overwrite")).toBe("0 rows");
    expect(content()).toEqual([]);
  });

  it("a failing Overwrite leaves the table empty, a failing Append as it was", () => {
    table(engine, "Target", { Id: "Number" }, [["9"]]);
    expect(run("SELECT CAST(Name AS int) AS Id FROM Source")).toMatch("Conversion failed");
    expect(content()).toEqual(["9"]);
    expect(run("SELECT CAST(Name AS int) AS Id FROM Source", "Overwrite")).toMatch("Conversion failed");
    expect(content()).toEqual([]);
  });

  it("Update replaces by primary key, keeps fields it does not name, and adds what is new", () => {
    table(engine, "Target", { Id: "Number! key", Name: "Text(50)", Note: "Text(5)" }, [
      ["2", "old", "keep"],
      ["7", "seven", null],
    ]);
    expect(run("SELECT Id, Name FROM Source WHERE Id < 3", "Update")).toBe("2 rows");
    expect(content()).toEqual(["2|two|keep", "7|seven|NULL", "1|one|NULL"]);
  });

  it("keys are equal as the collation has it", () => {
    table(engine, "Target", { Name: "Text(50)! key", Id: "Number" }, [["ONE", "0"]]);
    expect(run("SELECT Name, Id FROM Source WHERE Id = 1", "Update")).toBe("1 rows");
    expect(content()).toEqual(["ONE|1"]);
  });

  it("all or nothing: a row that fails takes back the rows before it", () => {
    table(engine, "Target", { Name: "Text(4)" });
    expect(run("SELECT Name FROM Source")).toBe("String or binary data would be truncated.");
    expect(content()).toEqual([]);
  });
});

describe("run-time failures carry the texts of MCE 8.6", () => {
  const duplicate = (key: string): string =>
    `Violation of PRIMARY KEY constraint 'PK_Target'. Cannot insert duplicate key in object 'C1.Target'. The duplicate key value is (${key}).`;

  it("a key already present on Append", () => {
    table(engine, "Target", { Id: "Number! key", Name: "Text(50)" }, [["2", "old"]]);
    expect(run("SELECT Id, Name FROM Source")).toBe(duplicate("2"));
    expect(content()).toEqual(["2|old"]);
  });

  it.each<UpdateType>(["Append", "Overwrite", "Update"])("a key twice in the result on %s", (updateType) => {
    table(engine, "Target", { Name: "Text(50)! key", Id: "Number" });
    expect(run("SELECT 'a' AS Name, 1 AS Id UNION ALL SELECT 'A ', 2", updateType)).toBe(duplicate("A "));
  });

  it("a key of several fields", () => {
    table(engine, "Target", { Id: "Number! key", Name: "Text(50)! key", Day: "Date" }, [["1", "ONE", null]]);
    expect(run("SELECT Id, Name FROM Source WHERE Id = 1")).toBe(duplicate("1, one"));
  });

  const cases: [field: string, expression: string, answer: string][] = [
    ["Text(3)", "'abcd'", "String or binary data would be truncated."],
    ["Text(3)", "'abc  '", "1 rows"],
    ["Text(3)", "12345", "Arithmetic overflow error converting expression to data type nvarchar."],
    ["Text(12)", "CAST('2026-01-02' AS datetime)", "String or binary data would be truncated."],
    [
      "Number!",
      "NULL",
      "Cannot insert the value NULL into column 'F', table 'C1.Target'; column does not allow nulls. INSERT fails.",
    ],
    ["Number", "'x'", "Conversion failed when converting the varchar value 'x' to data type int."],
    ["Number", "2147483648", "Arithmetic overflow error converting numeric to data type int."],
    ["Number", "CAST(3000000000 AS bigint)", "Arithmetic overflow error converting expression to data type int."],
    ["Number", "1 / 0", "Divide by zero error encountered."],
    [
      "Number",
      "GETDATE()",
      "Implicit conversion from data type datetime to int is not allowed. Use the CONVERT function to run this query.",
    ],
    ["Decimal(5,2)", "1234.5", "Arithmetic overflow error converting numeric to data type numeric."],
    ["Decimal(5,2)", "'abc'", "Error converting data type varchar to numeric."],
    ["Date", "'abc'", "Conversion failed when converting date and/or time from character string."],
    [
      "Date",
      "'2026-02-30'",
      "The conversion of a varchar data type to a datetime data type resulted in an out-of-range value.",
    ],
    ["Boolean", "'maybe'", "Conversion failed when converting the varchar value 'maybe' to data type bit."],
    ["EmailAddress", "'no address'", "The value 'no address' of field 'F' is not a valid email address."],
    ["EmailAddress", "'a@b.co'", "1 rows"],
    ["EmailAddress", "NULL", "1 rows"],
  ];
  it.each(cases)("into %s: %s", (described, expression, answer) => {
    table(engine, "Target", { F: described });
    expect(run(`SELECT ${expression} AS F`)).toBe(answer);
  });

  it("the target does not exist", () => {
    expect(run("SELECT Id FROM Source")).toBe("Invalid object name 'C1.Target'.");
  });

  it("what the query reads does not exist", () => {
    table(engine, "Target", { Id: "Number" });
    expect(run("SELECT Id FROM Gone")).toBe("Invalid object name 'Gone'.");
  });
});

describe("values as they arrive in fields", () => {
  const cases: [field: string, expression: string, value: string][] = [
    ["Number", "2.9", "2"],
    ["Number", "' 7 '", "7"],
    ["Number", "CAST(1 AS bit)", "1"],
    ["Decimal(10,2)", "2.345", "2.35"],
    ["Decimal(10,2)", "5", "5.00"],
    ["Boolean", "5", "True"],
    ["Boolean", "'false'", "False"],
    ["Date", "'2026-01-02'", "2026-01-02 00:00:00.000"],
    ["Date", "''", "1900-01-01 00:00:00.000"],
    ["Date", "CAST('2026-01-02' AS date)", "2026-01-02 00:00:00.000"],
    ["Text(50)", "CAST('2026-01-02 03:04' AS datetime)", "Jan  2 2026  3:04AM"],
    ["Text(50)", "CAST('2026-01-02' AS date)", "2026-01-02"],
    ["Text(50)", "1.50", "1.50"],
    ["Text(50)", "CAST(1 AS bit)", "1"],
    ["Text(50)", "1234567.0E0", "1.23457e+006"],
    ["Text(50)", "N'日本'", "日本"],
    ["Text(50)", "''", ""],
    ["Text", "REPLICATE('x', 5)", "xxxxx"],
  ];
  it.each(cases)("into %s: %s", (described, expression, value) => {
    table(engine, "Target", { F: described });
    expect(run(`SELECT ${expression} AS F`)).toBe("1 rows");
    expect(content()).toEqual([value]);
  });
});
