import { bigint, date, int, text } from "../types/sql-type.ts";
import type { Family } from "./call.ts";

/** Date functions. Source: learn.microsoft.com, "Date and time data types and functions (Transact-SQL)". */
export const dateFunctions: Family = {
  GETDATE: () => date,
  GETUTCDATE: () => date,
  CURRENT_TIMESTAMP: () => date,
  SYSDATETIME: () => date,
  SYSUTCDATETIME: () => date,
  SYSDATETIMEOFFSET: () => date,
  SWITCHOFFSET: () => date,
  TODATETIMEOFFSET: () => date,
  DATEADD: () => date,
  DATETRUNC: () => date,
  DATE_BUCKET: () => date,
  DATEFROMPARTS: () => date,
  DATETIMEFROMPARTS: () => date,
  DATETIME2FROMPARTS: () => date,
  DATETIMEOFFSETFROMPARTS: () => date,
  SMALLDATETIMEFROMPARTS: () => date,
  EOMONTH: () => date,
  TIMEFROMPARTS: () => text(16),
  DATEDIFF: () => int,
  DATEDIFF_BIG: () => bigint,
  DATEPART: () => int,
  YEAR: () => int,
  MONTH: () => int,
  DAY: () => int,
  ISDATE: () => int,
  DATENAME: () => text(30),
};

/** Functions whose first argument is a date part such as `day`, no column. */
export const datePartFunctions: ReadonlySet<string> = new Set([
  "DATEADD",
  "DATEDIFF",
  "DATEDIFF_BIG",
  "DATEPART",
  "DATENAME",
  "DATETRUNC",
  "DATE_BUCKET",
]);
