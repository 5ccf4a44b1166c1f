import { lengthOfPart } from "../types/moments.ts";
import { bigint, date, int, isNull, nullOf, serverDate, text, utcDate, type SqlType } from "../types/sql-type.ts";
import type { Call, Family } from "./call.ts";

const dayMs = 86_400_000;

/** DATEADD of a day or longer stays in its date's zone; by hours people go from one zone to another. */
function moved({ args, types }: Call): SqlType {
  const [, count, from] = types;
  if ([count, from].some((type) => type !== undefined && isNull(type))) return nullOf(date);
  return from?.kind === "date" && (lengthOfPart(args[0]) ?? 0) >= dayMs ? from : date;
}

/** Date functions. Source: learn.microsoft.com, "Date and time data types and functions (Transact-SQL)". */
export const dateFunctions: Family = {
  GETDATE: () => serverDate,
  GETUTCDATE: () => utcDate,
  CURRENT_TIMESTAMP: () => serverDate,
  SYSDATETIME: () => serverDate,
  SYSUTCDATETIME: () => utcDate,
  SYSDATETIMEOFFSET: () => date,
  SWITCHOFFSET: () => date,
  TODATETIMEOFFSET: () => date,
  DATEADD: moved,
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
