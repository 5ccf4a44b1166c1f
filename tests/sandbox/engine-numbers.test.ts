import { afterAll, describe, expect, it } from "vitest";
import { openFilled, rows, valueOf } from "./support/engine.ts";
import { titled } from "../support/titles.ts";

const engine = openFilled();
afterAll(() => engine.close());

type Case = readonly [expression: string, answer: string];

describe("integers", () => {
  const cases: Case[] = [
    ["7 / 2", "3"],
    ["-7 / 2", "-3"],
    ["7 % 3", "1"],
    ["-7 % 3", "-1"],
    ["7 % -3", "1"],
    ["2 + 3 * 4", "14"],
    ["10 - 2 - 3", "5"],
    ["-(-5)", "5"],
    ["5 & 3", "1"],
    ["5 | 3", "7"],
    ["5 ^ 3", "6"],
    ["~5", "-6"],
    ["2147483647 + 1", "! Arithmetic overflow error converting expression to data type int."],
    ["CAST(2147483647 AS bigint) + 1", "2147483648"],
    ["2147483648 + 1", "2147483649"],
    ["9223372036854775807 + 0", "9223372036854775807"],
    [
      "CAST(200 AS tinyint) + CAST(100 AS tinyint)",
      "! Arithmetic overflow error converting expression to data type tinyint.",
    ],
    ["CAST(300 AS tinyint)", "! Arithmetic overflow error for data type tinyint, value = 300."],
    ["1 / 0", "! Divide by zero error encountered."],
    ["1 % 0", "! Divide by zero error encountered."],
    ["NULL + 1", "NULL"],
    ["1 / NULLIF(0, 0)", "NULL"],
    ["CAST(1 AS bit) + CAST(1 AS bit)", "! Operand data type bit is invalid for add operator."],
    ["CAST(1 AS bit) + 1", "2"],
  ];
  it.each(titled(cases, "is"))("%s", (_, expression, answer) => {
    expect(valueOf(engine, expression)).toBe(answer);
  });
});

describe("decimals, exact by SQL Server's rules of precision and scale", () => {
  const cases: Case[] = [
    ["7.0 / 2", "3.500000"],
    ["1.0 / 3", "0.333333"],
    ["1 / 3.0", "0.333333"],
    ["2.0 / 3", "0.666666"],
    ["100 * 1.0 / 3", "33.333333"],
    ["0.1 + 0.2", "0.3"],
    ["1.10", "1.10"],
    ["-0.5", "-0.5"],
    ["1.5 * 2.25", "3.375"],
    ["10.00 - 0.001", "9.999"],
    ["3 % 2.5", "0.5"],
    ["CAST(1 AS decimal(10,2)) / 3", "0.333333"],
    ["CAST(1 AS decimal(10,2)) / CAST(3 AS int)", "0.3333333333333"],
    ["CAST(10 AS decimal(38,10)) / CAST(3 AS decimal(38,10))", "3.333333"],
    ["CAST(1 AS decimal(38,20)) * CAST(1 AS decimal(38,20))", "1.000000"],
    ["1.0 / 0", "! Divide by zero error encountered."],
    ["CAST(123.456 AS decimal(5,2))", "123.46"],
    ["CAST(123.455 AS decimal(10,2))", "123.46"],
    ["CAST(-123.455 AS decimal(10,2))", "-123.46"],
    ["CAST(1234.5 AS decimal(5,2))", "! Arithmetic overflow error converting numeric to data type numeric."],
    ["CAST(12345 AS decimal(4,0))", "! Arithmetic overflow error converting int to data type numeric."],
    ["CAST(2.7 AS int)", "2"],
    ["CAST(-2.7 AS int)", "-2"],
    ["CAST(1.5 AS decimal)", "2"],
    ["CAST('12.345' AS decimal(10,2))", "12.35"],
    ["CAST(5 AS decimal(5,2))", "5.00"],
    ["1.00 + 1", "2.00"],
    ["1e0 + 1", "2"],
    ["1.5 + 1e0", "2.5"],
  ];
  it.each(titled(cases, "is"))("%s", (_, expression, answer) => {
    expect(valueOf(engine, expression)).toBe(answer);
  });
});

describe("numeric functions", () => {
  const cases: Case[] = [
    ["ROUND(748.58, -1)", "750.00"],
    ["ROUND(748.58, -2)", "700.00"],
    ["ROUND(748.58, -3)", "! Arithmetic overflow error converting expression to data type numeric."],
    ["ROUND(123.9994, 3)", "123.9990"],
    ["ROUND(123.9995, 3)", "124.0000"],
    ["ROUND(123.4545, 2)", "123.4500"],
    ["ROUND(123.45, -2)", "100.00"],
    ["ROUND(150.75, 0)", "151.00"],
    ["ROUND(150.75, 0, 1)", "150.00"],
    ["ROUND(-2.5, 0)", "-3.0"],
    ["ROUND(2.5E0, 0)", "3"],
    ["ROUND(123.456E0, 2)", "123.46"],
    ["ROUND(0.125E0, 2)", "0.13"],
    ["ROUND(1.005E0, 2)", "? The sandbox does not run ROUND of the float 1.005 to 2 digits."],
    ["ABS(CHECKSUM(NEWID())) % 1", "0"],
    ["CHECKSUM('a')", "? The sandbox does not run CHECKSUM of anything but NEWID()."],
    ["ROUND(1234, -2)", "1200"],
    ["ROUND(1250, -2)", "1300"],
    ["CEILING(123.45)", "124"],
    ["CEILING(-123.45)", "-123"],
    ["FLOOR(123.45)", "123"],
    ["FLOOR(-123.45)", "-124"],
    ["ABS(-1.5)", "1.5"],
    ["ABS(-7)", "7"],
    ["SIGN(-125)", "-1"],
    ["SIGN(0)", "0"],
    ["POWER(2, 10)", "1024"],
    ["POWER(2, 0.5)", "1"],
    ["POWER(2E0, 0.5)", "1.4142135623730951"],
    ["SQRT(16)", "4"],
    ["SQRT(-1)", "! An invalid floating point operation occurred."],
    ["SQUARE(3)", "9"],
    ["LOG10(100)", "2"],
    ["LOG(0)", "! An invalid floating point operation occurred."],
    ["STR(123.45, 6, 1)", " 123.5"],
    ["STR(123.45, 2, 2)", "**"],
    ["STR(123.45)", "       123"],
    ["STR(2.5, 5, 0)", "? The sandbox does not run STR of 2.5 with 0 decimals."],
    ["1e400", "! The floating point value '1e400' is out of the range of computer representation (8 bytes)."],
  ];
  it.each(titled(cases, "is"))("%s", (_, expression, answer) => {
    expect(valueOf(engine, expression)).toBe(answer);
  });
});

describe("ISNUMERIC", () => {
  const cases: Case[] = [
    ["'12.3'", "1"],
    ["'1e4'", "1"],
    ["'1,000'", "1"],
    ["'$12'", "1"],
    ["'$'", "1"],
    ["'-'", "1"],
    ["'+'", "1"],
    ["'.'", "1"],
    ["' 12 '", "1"],
    ["'abc'", "0"],
    ["'12a'", "0"],
    ["'1 2'", "0"],
    ["'0x1F'", "0"],
    ["'1.2.3'", "0"],
    ["'-12,345.60'", "1"],
    ["'1e'", "? The sandbox does not run ISNUMERIC of '1e'."],
    ["'1-'", "? The sandbox does not run ISNUMERIC of '1-'."],
    ["''", "0"],
    ["NULL", "0"],
    ["5", "1"],
    ["5.5", "1"],
    ["CAST('2026-01-01' AS datetime)", "0"],
  ];
  it.each(cases)("of %s is %s", (value, answer) => {
    expect(valueOf(engine, `ISNUMERIC(${value})`)).toBe(answer);
  });
});

describe("aggregates of numbers", () => {
  const cases: [string, string[]][] = [
    ["SELECT AVG(v) AS x FROM (VALUES (1), (2)) t(v)", ["1"]],
    ["SELECT AVG(v) AS x FROM (VALUES (-1), (-2)) t(v)", ["-1"]],
    ["SELECT AVG(v * 1.0) AS x FROM (VALUES (1), (2)) t(v)", ["1.500000"]],
    ["SELECT AVG(v) AS x FROM (VALUES (1), (NULL), (4)) t(v)", ["2"]],
    ["SELECT AVG(Pay) AS x FROM People", ["70.315000"]],
    ["SELECT SUM(Pay) AS x, MIN(Pay) AS y, MAX(Pay) AS z FROM People", ["281.26|0.01|100.50"]],
    ["SELECT SUM(v) AS x FROM (VALUES (0.1), (0.2)) t(v)", ["0.3"]],
    [
      "SELECT SUM(v) AS x FROM (VALUES (2147483647), (1)) t(v)",
      ["! Arithmetic overflow error converting expression to data type int."],
    ],
    ["SELECT SUM(CAST(v AS bigint)) AS x FROM (VALUES (2147483647), (1)) t(v)", ["2147483648"]],
    [
      "SELECT AVG(v) AS x FROM (VALUES (2147483647), (1)) t(v)",
      ["! Arithmetic overflow error converting expression to data type int."],
    ],
    ["SELECT SUM(Qty) AS x FROM Orders WHERE 1 = 0", ["NULL"]],
    ["SELECT COUNT(*) AS x, COUNT(Qty) AS y, COUNT(DISTINCT Qty) AS z FROM Orders", ["6|5|4"]],
    ["SELECT SUM(DISTINCT Qty) AS x FROM Orders", ["13"]],
    ["SELECT SUM(Active) AS x FROM People", ["! Operand data type bit is invalid for sum operator."]],
    ["SELECT SUM(Name) AS x FROM People", ["! Operand data type varchar is invalid for sum operator."]],
    ["SELECT MAX(NULL) AS x FROM People", ["! Operand data type NULL is invalid for max operator."]],
    ["SELECT MAX(Active) AS x FROM People", ["! Operand data type bit is invalid for max operator."]],
    ["SELECT VAR(v) AS x FROM (VALUES (2), (4), (4), (4), (5), (5), (7), (9)) t(v)", ["4.571428571428571"]],
    ["SELECT STDEVP(v) AS x FROM (VALUES (2), (4), (4), (4), (5), (5), (7), (9)) t(v)", ["2"]],
    ["SELECT STDEV(v) AS x FROM (VALUES (2)) t(v)", ["NULL"]],
    ["SELECT Qty * Price AS x FROM Orders WHERE OrderId = 13", ["2.3331"]],
    ["SELECT Price / Qty AS x FROM Orders WHERE OrderId = 10", ["0.416666666666666"]],
  ];
  it.each(titled(cases, "gives"))("%s", (_, sql, answer) => {
    expect(rows(engine, sql)).toEqual(answer);
  });
});
