import { afterAll, describe, expect, it } from "vitest";
import { openFilled, valueOf } from "./support/engine.ts";
import { titled } from "../support/titles.ts";

const engine = openFilled();
afterAll(() => engine.close());

type Case = readonly [expression: string, answer: string];

describe("DATEDIFF counts the boundaries crossed", () => {
  const cases: Case[] = [
    ["year, '2023-12-31', '2024-01-01'", "1"],
    ["year, '2024-01-01', '2024-12-31'", "0"],
    ["year, '2000-06-15', '2026-06-14'", "26"],
    ["quarter, '2024-03-31', '2024-04-01'", "1"],
    ["month, '2024-01-31', '2024-02-01'", "1"],
    ["month, '2024-01-01', '2024-01-31'", "0"],
    ["month, '2023-12-01', '2022-11-30'", "-13"],
    ["day, '2024-01-01 23:59', '2024-01-02 00:00'", "1"],
    ["day, '2024-01-02', '2024-01-01'", "-1"],
    ["day, '2024-02-28', '2024-03-01'", "2"],
    ["dd, 0, '1900-02-01'", "31"],
    ["week, '2024-01-06', '2024-01-07'", "1"],
    ["week, '2024-01-07', '2024-01-13'", "0"],
    ["wk, '2023-12-31', '2024-01-01'", "0"],
    ["hour, '2024-01-01 10:59:59', '2024-01-01 11:00:00'", "1"],
    ["hh, '2024-01-01', '2024-01-02'", "24"],
    ["minute, '2024-01-01 10:00:59', '2024-01-01 10:01:00'", "1"],
    ["second, '2024-01-01 10:00:00', '2024-01-01 10:01:00'", "60"],
    ["ms, '2024-01-01', '2024-01-01 00:00:01'", "1000"],
    ["day, NULL, '2024-01-01'", "NULL"],
    [
      "second, '1900-01-01', '2024-01-01'",
      "! The datediff function resulted in an overflow. The number of dateparts separating two date/time instances is too large. Try to use datediff with a less precise datepart.",
    ],
    ["day, 'no date', '2024-01-01'", "! Conversion failed when converting date and/or time from character string."],
    ["century, '2024-01-01', '2024-01-01'", "! 'century' is not a recognized datediff option."],
  ];
  it.each(titled(cases, "is"))("DATEDIFF of %s", (_, inside, answer) => {
    expect(valueOf(engine, `DATEDIFF(${inside})`)).toBe(answer);
  });
});

describe("DATEADD and EOMONTH", () => {
  const cases: Case[] = [
    ["DATEADD(month, 1, '2024-01-31')", "2024-02-29 00:00:00.000"],
    ["DATEADD(month, 1, '2023-01-31')", "2023-02-28 00:00:00.000"],
    ["DATEADD(month, -1, '2024-03-31')", "2024-02-29 00:00:00.000"],
    ["DATEADD(month, 1, '2024-02-29')", "2024-03-29 00:00:00.000"],
    ["DATEADD(year, 1, '2024-02-29')", "2025-02-28 00:00:00.000"],
    ["DATEADD(quarter, 1, '2023-11-30')", "2024-02-29 00:00:00.000"],
    ["DATEADD(week, 1, '2024-02-26')", "2024-03-04 00:00:00.000"],
    ["DATEADD(day, -1, '2024-03-01')", "2024-02-29 00:00:00.000"],
    ["DATEADD(day, 2.9, '2024-01-01')", "2024-01-03 00:00:00.000"],
    ["DATEADD(day, -2.9, '2024-01-05')", "2024-01-03 00:00:00.000"],
    ["DATEADD(hour, 25, '2024-01-01')", "2024-01-02 01:00:00.000"],
    ["DATEADD(minute, -1, '2024-01-01')", "2023-12-31 23:59:00.000"],
    ["DATEADD(second, 86400, '2024-01-01')", "2024-01-02 00:00:00.000"],
    ["DATEADD(ms, 1, '2024-01-01')", "2024-01-01 00:00:00.000"],
    ["DATEADD(ms, 2, '2024-01-01')", "2024-01-01 00:00:00.003"],
    ["DATEADD(day, NULL, '2024-01-01')", "NULL"],
    ["DATEADD(year, 8000, '2024-01-01')", "! Adding a value to a 'datetime' column caused an overflow."],
    [
      "DATEADD(hour, 1, CAST('2024-01-01' AS date))",
      "! The datepart hour is not supported by date function dateadd for data type date.",
    ],
    ["DATEADD(day, DATEDIFF(day, 0, '2024-05-06 10:11'), 0)", "2024-05-06 00:00:00.000"],
    ["DATEADD(month, DATEDIFF(month, 0, '2024-05-16'), 0)", "2024-05-01 00:00:00.000"],
    ["DATEADD(week, DATEDIFF(week, 0, '2024-05-16'), 0)", "2024-05-13 00:00:00.000"],
    ["DATEADD(month, DATEDIFF(month, -1, '2024-02-16'), -1)", "2024-02-29 00:00:00.000"],
    ["CONVERT(varchar, EOMONTH('2024-02-10'))", "2024-02-29"],
    ["CONVERT(varchar, EOMONTH('2024-01-31', 1))", "2024-02-29"],
    ["CONVERT(varchar, EOMONTH('2024-03-15', -1))", "2024-02-29"],
    [
      "DATEFROMPARTS(2024, 2, 30)",
      "! Cannot construct data type date, some of the arguments have values which are not valid.",
    ],
    ["CONVERT(varchar, DATEFROMPARTS(2024, 2, 29))", "2024-02-29"],
  ];
  it.each(titled(cases, "is"))("%s", (_, expression, answer) => {
    expect(valueOf(engine, expression)).toBe(answer);
  });
});

describe("parts of dates", () => {
  const cases: Case[] = [
    ["DATEPART(weekday, '2024-01-07')", "1"],
    ["DATEPART(dw, '2024-01-06')", "7"],
    ["DATEPART(week, '2024-01-01')", "1"],
    ["DATEPART(week, '2024-01-07')", "2"],
    ["DATEPART(week, '2024-12-31')", "53"],
    ["DATEPART(iso_week, '2024-12-30')", "1"],
    ["DATEPART(iso_week, '2021-01-03')", "53"],
    ["DATEPART(dayofyear, '2024-12-31')", "366"],
    ["DATEPART(quarter, '2024-10-01')", "4"],
    ["DATEPART(hour, '2024-01-01 13:14:15')", "13"],
    ["DATEPART(n, '2024-01-01 13:14:15')", "14"],
    ["DATEPART(ms, CAST('2024-01-01 13:14:15.123' AS datetime))", "123"],
    ["DATENAME(month, '2024-03-01')", "March"],
    ["DATENAME(weekday, '2024-03-01')", "Friday"],
    ["DATENAME(day, '2024-03-01')", "1"],
    ["DATENAME(year, '2024-03-01')", "2024"],
    ["YEAR(0)", "1900"],
    ["MONTH('2024-05-06')", "5"],
    ["DAY('20240506')", "6"],
    ["ISDATE('20240229')", "1"],
    ["ISDATE('2024-02-30')", "0"],
    ["ISDATE('abc')", "0"],
    ["ISDATE('')", "0"],
    ["ISDATE(NULL)", "0"],
    ["ISDATE('12:30')", "1"],
  ];
  it.each(titled(cases, "is"))("%s", (_, expression, answer) => {
    expect(valueOf(engine, expression)).toBe(answer);
  });
});

describe("the clock is UTC-6 the whole year", () => {
  const cases: Case[] = [
    ["GETDATE()", "2026-01-15 12:00:00.000"],
    ["CURRENT_TIMESTAMP", "2026-01-15 12:00:00.000"],
    ["GETUTCDATE()", "2026-01-15 18:00:00.000"],
    ["SYSDATETIMEOFFSET()", "2026-01-15 12:00:00.0000000 -06:00"],
    ["DATEDIFF(hour, GETDATE(), GETUTCDATE())", "6"],
    ["GETDATE() - 1", "2026-01-14 12:00:00.000"],
    ["GETDATE() + 0.5", "2026-01-16 00:00:00.000"],
    ["CONVERT(varchar, CAST(GETDATE() AS date))", "2026-01-15"],
    ["CAST(GETDATE() AS date) + 1", "! Operand type clash: date is incompatible with int"],
  ];
  it.each(titled(cases, "is"))("%s", (_, expression, answer) => {
    expect(valueOf(engine, expression)).toBe(answer);
  });
});

describe("AT TIME ZONE with Windows names", () => {
  const wall = (text: string): string => `CAST('${text}' AS datetime2(0))`;
  const cases: Case[] = [
    [`${wall("2024-07-01 12:00")} AT TIME ZONE 'Central Standard Time'`, "2024-07-01 12:00:00 -05:00"],
    [`${wall("2024-01-01 12:00")} AT TIME ZONE 'Central Standard Time'`, "2024-01-01 12:00:00 -06:00"],
    [`${wall("2024-07-01 12:00")} AT TIME ZONE 'Central America Standard Time'`, "2024-07-01 12:00:00 -06:00"],
    [
      `${wall("2024-07-01 12:00")} AT TIME ZONE 'UTC' AT TIME ZONE 'Pacific Standard Time'`,
      "2024-07-01 05:00:00 -07:00",
    ],
    [`${wall("2024-07-01 12:00")} AT TIME ZONE 'UTC' AT TIME ZONE 'India Standard Time'`, "2024-07-01 17:30:00 +05:30"],
    [
      `${wall("2024-07-01 12:00")} AT TIME ZONE 'utc' AT TIME ZONE 'w. europe standard time'`,
      "2024-07-01 14:00:00 +02:00",
    ],
    [
      `CONVERT(varchar(19), CAST(${wall("2024-07-01 12:00")} AT TIME ZONE 'UTC' AT TIME ZONE 'AUS Eastern Standard Time' AS datetime), 120)`,
      "2024-07-01 22:00:00",
    ],
    // The documented rules of a clock change: a skipped time moves ahead, a repeated one counts as before the change.
    [`${wall("2022-03-27 01:01")} AT TIME ZONE 'Central European Standard Time'`, "2022-03-27 01:01:00 +01:00"],
    [`${wall("2022-03-27 02:01")} AT TIME ZONE 'Central European Standard Time'`, "2022-03-27 03:01:00 +02:00"],
    [`${wall("2022-03-27 03:01")} AT TIME ZONE 'Central European Standard Time'`, "2022-03-27 03:01:00 +02:00"],
    [`${wall("2022-10-30 01:01")} AT TIME ZONE 'Central European Standard Time'`, "2022-10-30 01:01:00 +02:00"],
    [`${wall("2022-10-30 02:00")} AT TIME ZONE 'Central European Standard Time'`, "2022-10-30 02:00:00 +02:00"],
    [`${wall("2022-10-30 03:01")} AT TIME ZONE 'Central European Standard Time'`, "2022-10-30 03:01:00 +01:00"],
    [
      `${wall("2024-07-01 12:00")} AT TIME ZONE 'Europe/Berlin'`,
      "! The time zone parameter 'Europe/Berlin' provided to AT TIME ZONE clause is invalid.",
    ],
    ["SWITCHOFFSET(CAST('2024-07-01 12:00:00 +00:00' AS datetimeoffset(0)), '-05:00')", "2024-07-01 07:00:00 -05:00"],
    ["TODATETIMEOFFSET(CAST('2024-07-01 12:00:00' AS datetime2(0)), '+02:00')", "2024-07-01 12:00:00 +02:00"],
    [
      "DATEDIFF(hour, CAST('2024-07-01 12:00 +02:00' AS datetimeoffset), CAST('2024-07-01 12:00 +00:00' AS datetimeoffset))",
      "2",
    ],
  ];
  it.each(titled(cases, "is"))("%s", (_, expression, answer) => {
    expect(valueOf(engine, expression)).toBe(answer);
  });
});

describe("arithmetic and comparison of dates", () => {
  const cases: Case[] = [
    ["CAST('2024-01-02' AS datetime) - CAST('2024-01-01' AS datetime)", "1900-01-02 00:00:00.000"],
    ["CAST(CAST('2024-01-02 12:00' AS datetime) AS int) - CAST(CAST('2024-01-01' AS datetime) AS int)", "2"],
    ["CAST('2024-01-01 11:59' AS datetime) + 1", "2024-01-02 11:59:00.000"],
    ["IIF(CAST('2024-01-02' AS datetime) > '2024-01-01 23:59', 1, 0)", "1"],
    ["IIF(CAST('2024-01-02' AS date) = CAST('2024-01-02' AS datetime), 1, 0)", "1"],
    ["IIF(CAST('2024-01-02 00:00:01' AS datetime) = CAST('2024-01-02' AS date), 1, 0)", "0"],
    ["IIF(CAST('2024-01-02 10:00' AS datetime) BETWEEN '2024-01-01' AND '2024-01-02', 1, 0)", "0"],
    ["CAST('2024-01-01 23:59:59.999' AS datetime)", "2024-01-02 00:00:00.000"],
    ["CAST('2024-01-01 00:00:00.995' AS datetime)", "2024-01-01 00:00:00.997"],
    ["CAST('2024-01-01 00:00:00.991' AS datetime)", "2024-01-01 00:00:00.990"],
    ["CAST('2024-01-01 00:00:00.992' AS datetime)", "2024-01-01 00:00:00.993"],
    ["CAST(45000 AS datetime)", "2023-03-17 00:00:00.000"],
    ["CAST(0.25 AS datetime)", "1900-01-01 06:00:00.000"],
    ["CAST('2024-05-06 10:29:29' AS smalldatetime)", "2024-05-06 10:29:00.000"],
    ["CAST('2024-05-06 10:29:30' AS smalldatetime)", "2024-05-06 10:30:00.000"],
    ["CONVERT(varchar, CAST('2024-05-06 13:14:15' AS time(0)))", "13:14:15"],
  ];
  it.each(titled(cases, "is"))("%s", (_, expression, answer) => {
    expect(valueOf(engine, expression)).toBe(answer);
  });
});
