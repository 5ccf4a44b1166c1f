import { afterAll, describe, expect, it } from "vitest";
import { openFilled, valueOf } from "./support/engine.ts";
import { titled } from "../support/titles.ts";

const engine = openFilled();
afterAll(() => engine.close());

type Case = readonly [expression: string, answer: string];

describe("CONVERT of a datetime to text, by style", () => {
  const cases: [style: number, answer: string][] = [
    [0, "Mar  5 2024  2:07PM"],
    [100, "Mar  5 2024  2:07PM"],
    [1, "03/05/24"],
    [101, "03/05/2024"],
    [2, "24.03.05"],
    [102, "2024.03.05"],
    [3, "05/03/24"],
    [103, "05/03/2024"],
    [4, "05.03.24"],
    [104, "05.03.2024"],
    [5, "05-03-24"],
    [105, "05-03-2024"],
    [6, "05 Mar 24"],
    [106, "05 Mar 2024"],
    [7, "Mar 05, 24"],
    [107, "Mar 05, 2024"],
    [8, "14:07:09"],
    [108, "14:07:09"],
    [9, "Mar  5 2024  2:07:09:123PM"],
    [109, "Mar  5 2024  2:07:09:123PM"],
    [10, "03-05-24"],
    [110, "03-05-2024"],
    [11, "24/03/05"],
    [111, "2024/03/05"],
    [12, "240305"],
    [112, "20240305"],
    [13, "05 Mar 2024 14:07:09:123"],
    [113, "05 Mar 2024 14:07:09:123"],
    [14, "14:07:09:123"],
    [114, "14:07:09:123"],
    [20, "2024-03-05 14:07:09"],
    [120, "2024-03-05 14:07:09"],
    [21, "2024-03-05 14:07:09.123"],
    [121, "2024-03-05 14:07:09.123"],
    [22, "03/05/24  2:07:09 PM"],
    [23, "2024-03-05"],
    [126, "2024-03-05T14:07:09.123"],
    [99, "! 99 is not a valid style number when converting from datetime to a character string."],
  ];
  it.each(cases)("style %i gives %s", (style, answer) => {
    expect(valueOf(engine, `CONVERT(varchar(30), CAST('2024-03-05 14:07:09.123' AS datetime), ${style})`)).toBe(answer);
  });
});

describe("texts as dates", () => {
  const cases: Case[] = [
    ["CAST('2024-01-05' AS datetime)", "2024-01-05 00:00:00.000"],
    ["CAST('20240105' AS datetime)", "2024-01-05 00:00:00.000"],
    ["CAST('01/05/2024' AS datetime)", "2024-01-05 00:00:00.000"],
    ["CAST('1/5/24' AS datetime)", "2024-01-05 00:00:00.000"],
    ["CAST('1/5/50' AS datetime)", "1950-01-05 00:00:00.000"],
    ["CAST('1/5/49' AS datetime)", "2049-01-05 00:00:00.000"],
    ["CAST('Jan 5 2024' AS datetime)", "2024-01-05 00:00:00.000"],
    ["CAST('January 5, 2024' AS datetime)", "2024-01-05 00:00:00.000"],
    ["CAST('5 January 2024' AS datetime)", "2024-01-05 00:00:00.000"],
    ["CAST('05-Jan-2024' AS datetime)", "2024-01-05 00:00:00.000"],
    ["CAST('2024-01-05T10:11:12' AS datetime)", "2024-01-05 10:11:12.000"],
    ["CAST('2024-01-05 10:11:12 PM' AS datetime)", "2024-01-05 22:11:12.000"],
    ["CAST('2024-01-05 12:00 AM' AS datetime)", "2024-01-05 00:00:00.000"],
    ["CAST('10:30' AS datetime)", "1900-01-01 10:30:00.000"],
    ["CAST('' AS datetime)", "1900-01-01 00:00:00.000"],
    ["CAST('2024' AS datetime)", "2024-01-01 00:00:00.000"],
    [
      "CAST('2024-02-30' AS datetime)",
      "! The conversion of a varchar data type to a datetime data type resulted in an out-of-range value.",
    ],
    [
      "CAST('31/12/2024' AS datetime)",
      "! The conversion of a varchar data type to a datetime data type resulted in an out-of-range value.",
    ],
    [
      "CAST('1752-12-31' AS datetime)",
      "! The conversion of a varchar data type to a datetime data type resulted in an out-of-range value.",
    ],
    ["CAST('2024-02-30' AS date)", "! Conversion failed when converting date and/or time from character string."],
    ["CAST('tomorrow' AS datetime)", "! Conversion failed when converting date and/or time from character string."],
    [
      "CAST('2024-01-05 10:11:12.1234' AS datetime)",
      "! Conversion failed when converting date and/or time from character string.",
    ],
    ["CAST('0001-01-01' AS date)", "0001-01-01 00:00:00.000"],
    ["CONVERT(date, '05/03/2024', 103)", "2024-03-05 00:00:00.000"],
    ["CONVERT(datetime, '05.03.2024 10:11', 104)", "2024-03-05 10:11:00.000"],
    [
      "CONVERT(datetime, '2024-03-05', 103)",
      "? The sandbox does not run a day-first style for a text that starts with its year.",
    ],
    ["CONVERT(datetime, '20240305', 112)", "2024-03-05 00:00:00.000"],
    ["CONVERT(varchar(10), CAST('2024-03-05' AS date), 101)", "03/05/2024"],
    ["CONVERT(varchar(7), CAST('2024-03-05' AS datetime), 120)", "2024-03"],
    ["CAST(CAST('2024-03-05 14:07' AS datetime) AS varchar)", "Mar  5 2024  2:07PM"],
    ["CAST(CAST('2024-03-05' AS date) AS varchar(20))", "2024-03-05"],
    ["CAST(CAST('2024-03-05 14:07:09.5' AS datetime2(3)) AS varchar(30))", "2024-03-05 14:07:09.500"],
    ["CAST(CAST('2024-03-05 11:59:59' AS datetime) AS date)", "2024-03-05 00:00:00.000"],
    ["LEFT(CAST('2024-03-05' AS datetime), 11)", "Mar  5 2024"],
    ["CAST(CAST('2024-03-05' AS date) AS int)", "! Explicit conversion from data type date to int is not allowed."],
    ["CAST(1 AS date)", "! Explicit conversion from data type int to date is not allowed."],
  ];
  it.each(titled(cases, "is"))("%s", (_, expression, answer) => {
    expect(valueOf(engine, expression)).toBe(answer);
  });
});

describe("conversions between texts and numbers", () => {
  const cases: Case[] = [
    ["CAST('12' AS int)", "12"],
    ["CAST('  12 ' AS int)", "12"],
    ["CAST('-5' AS int)", "-5"],
    ["CAST('' AS int)", "0"],
    ["CAST('abc' AS int)", "! Conversion failed when converting the varchar value 'abc' to data type int."],
    ["CAST('2.7' AS int)", "! Conversion failed when converting the varchar value '2.7' to data type int."],
    ["CAST('1,000' AS int)", "! Conversion failed when converting the varchar value '1,000' to data type int."],
    ["CAST('3000000000' AS int)", "! The conversion of the varchar value '3000000000' overflowed an int column."],
    ["CAST('abc' AS bigint)", "! Error converting data type varchar to bigint."],
    ["CAST('' AS decimal(5,2))", "! Error converting data type varchar to numeric."],
    ["CAST('1e3' AS decimal(10,2))", "! Error converting data type varchar to numeric."],
    ["CAST('1e3' AS float)", "1000"],
    ["CAST('x' AS float)", "! Error converting data type varchar to float."],
    ["CAST('$1,234.5' AS money)", "1234.5000"],
    ["CAST(1234.5678 AS money)", "1234.5678"],
    ["CONVERT(varchar, CAST(1234567.891 AS money), 1)", "1,234,567.89"],
    ["CAST(123 AS varchar(2))", "*"],
    ["CAST(123 AS nvarchar(2))", "! Arithmetic overflow error converting expression to data type nvarchar."],
    ["CAST(123.45 AS varchar(3))", "! Arithmetic overflow error converting numeric to data type varchar."],
    ["CAST('abcdef' AS varchar(3))", "abc"],
    ["LEN(CAST(REPLICATE('x', 50) AS varchar))", "30"],
    ["'[' + CAST('ab' AS char(4)) + ']'", "[ab  ]"],
    ["CAST(1234567.891E0 AS varchar(20))", "1.23457e+006"],
    ["CAST(0.1E0 AS varchar(20))", "0.1"],
    ["CAST(0.00001E0 AS varchar(20))", "1e-005"],
    ["CAST(123456E0 AS varchar(20))", "123456"],
    ["CAST(2.50 AS varchar(10))", "2.50"],
    ["CONVERT(varchar(30), 0.1E0, 2)", "1.000000000000000e-001"],
    ["CONVERT(varchar(30), 1E0, 1)", "1.0000000e+000"],
    ["CONVERT(varchar(30), 0.1E0, 3)", "? The sandbox does not run CONVERT of a float with style 3."],
    ["CONVERT(varchar(30), GETDATE(), 130)", "? The sandbox does not run CONVERT of a datetime with style 130."],
    ["CAST(CAST('true' AS bit) AS int)", "1"],
    ["CAST('false' AS bit)", "False"],
    ["CAST(2 AS bit)", "True"],
    ["CAST(0.1 AS bit)", "True"],
    ["CAST('yes' AS bit)", "! Conversion failed when converting the varchar value 'yes' to data type bit."],
    ["CAST(CAST(1 AS bit) AS varchar(5))", "1"],
    ["TRY_CAST('abc' AS int)", "NULL"],
    ["TRY_CAST('12' AS int)", "12"],
    ["TRY_CONVERT(date, '2024-02-30')", "NULL"],
    ["TRY_CONVERT(datetime, '05/03/2024', 103)", "2024-03-05 00:00:00.000"],
    ["TRY_CAST(1 AS date)", "! Explicit conversion from data type int to date is not allowed."],
    ["CAST(NULL AS int)", "NULL"],
    [
      "CONVERT(varchar(50), CAST('6F9619FF-8B86-D011-B42D-00C04FC964FF' AS uniqueidentifier))",
      "6F9619FF-8B86-D011-B42D-00C04FC964FF",
    ],
    ["CONVERT(varchar(64), HASHBYTES('MD5', 'a'), 2)", "0CC175B9C0F1B6A831C399E269772661"],
    [
      "CONVERT(varchar(66), HASHBYTES('SHA2_256', 'abc'), 1)",
      "0xBA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
    ],
    ["CONVERT(varchar(64), HASHBYTES('MD5', N'a'), 2)", "4144E195F46DE78A3623DA7364D04F11"],
  ];
  it.each(titled(cases, "is"))("%s", (_, expression, answer) => {
    expect(valueOf(engine, expression)).toBe(answer);
  });
});

describe("FORMAT in en-US", () => {
  const cases: Case[] = [
    ["CAST('2024-03-05 14:07:09' AS datetime), 'yyyy-MM-dd'", "2024-03-05"],
    ["CAST('2024-03-05 14:07:09' AS datetime), 'dd/MM/yyyy HH:mm:ss'", "05/03/2024 14:07:09"],
    ["CAST('2024-03-05 14:07:09' AS datetime), 'hh:mm tt'", "02:07 PM"],
    ["CAST('2024-03-05 14:07:09' AS datetime), 'MMMM d, yyyy'", "March 5, 2024"],
    ["CAST('2024-03-05 14:07:09' AS datetime), 'ddd, MMM dd'", "Tue, Mar 05"],
    ["CAST('2024-03-05 14:07:09' AS datetime), 'dddd'", "Tuesday"],
    ["CAST('2024-03-05 14:07:09' AS datetime), 'd'", "3/5/2024"],
    ["CAST('2024-03-05 14:07:09' AS datetime), 'D'", "Tuesday, March 5, 2024"],
    ["CAST('2024-03-05 14:07:09' AS datetime), 'd', 'en-US'", "3/5/2024"],
    ["CAST('2024-03-05 14:07:09' AS datetime), 'yyyyMMddHHmmss'", "20240305140709"],
    ["CAST('2024-03-05 14:07:09' AS datetime), 'M'", "March 5"],
    ["CAST('2024-03-05 14:07:09' AS datetime), 'yyyy''Q'''", "2024Q"],
    ["1234567.891, 'N2'", "1,234,567.89"],
    ["1234567, 'N0'", "1,234,567"],
    ["1234.5, 'C', 'en-us'", "$1,234.50"],
    ["1234.5, '#,##0.00'", "1,234.50"],
    ["0.256, 'P'", "25.60%"],
    ["0.256, 'p0', 'en-US'", "26%"],
    ["-0.256, 'P1'", "-25.6%"],
    ["1234.5, 'P0'", "123,450%"],
    ["0.256, '0.0%'", "25.6%"],
    ["0.256, '#0.0 %'", "25.6 %"],
    ["0.5, '0\\%'", "1%"],
    ["0.5, '0\"%\"'", "1%"],
    ["0.0256, '0.0‰'", "25.6‰"],
    ["5, '000'", "005"],
    ["0.5, '0.00'", "0.50"],
    ["0.5, '#.##'", ".5"],
    ["12, 'D5'", "00012"],
    ["-5, '0.0'", "-5.0"],
    ["123456789, '###-##-####'", "123-45-6789"],
    ["NULL, 'N2'", "! Argument data type NULL is invalid for argument 1 of format function."],
    ["'abc', 'N2'", "! Argument data type varchar is invalid for argument 1 of format function."],
    ["CAST(NULL AS int), 'N2'", "NULL"],
  ];
  it.each(cases)("FORMAT(%s) is %s", (inside, answer) => {
    expect(valueOf(engine, `FORMAT(${inside})`)).toBe(answer);
  });
});
