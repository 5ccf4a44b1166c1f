import { settleMoment } from "../../convert/to-moment.ts";
import { daysInMonth, localOf } from "../../values/calendar.ts";
import { readDateText } from "../../values/date-text.ts";
import { SqlError, unsupported } from "../../values/sql-error.ts";
import { date, datetime, int, typeName, type SqlType } from "../../types.ts";
import type { Context, Expr } from "../model.ts";
import { constant } from "../expr.ts";
import { argument, expectArguments, intArgument, strict, type Builder, type Call } from "./builder.ts";

/** DATEFROMPARTS and similar functions: the parts must make a date. */
function fromParts(name: string, type: SqlType, count: number): Builder {
  return (context, written) => {
    expectArguments(written, count);
    const parts = written.args.map((_arg, at) => intArgument(context, written, at));
    return strict(context, name, parts, type, (...values) => {
      const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, ms = 0] = values.map(Number);
      const isDate =
        year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
      if (
        !isDate ||
        hour < 0 ||
        hour > 23 ||
        minute < 0 ||
        minute > 59 ||
        second < 0 ||
        second > 59 ||
        ms < 0 ||
        ms > 999
      ) {
        throw new SqlError(
          `Cannot construct data type ${typeName(type)}, some of the arguments have values which are not valid.`,
        );
      }
      const local = localOf({ year, month, day, hour, minute, second, ms });
      return type.kind === "moment" ? settleMoment(local, type, type) : local;
    });
  };
}

function isDate(context: Context, written: Call): Expr {
  expectArguments(written, 1);
  const value = argument(context, written, 0);
  if (value.type.kind === "moment") return strict(context, "isdate moment", [value], int, () => 1);
  if (value.type.kind === "null") return constant(0, int);
  if (value.type.kind !== "text") return unsupported(`ISDATE of ${typeName(value.type)}`);
  const checked = strict(context, "isdate", [value], int, (given) => {
    if (String(given).trim() === "") return 0;
    const read = readDateText(String(given));
    if (read === undefined || read.fractionDigits > 3 || read.zoneMinutes !== undefined) return 0;
    return read.local >= localOf({ year: 1753, month: 1, day: 1, hour: 0, minute: 0, second: 0, ms: 0 }) ? 1 : 0;
  });
  return { ...checked, sql: `ifnull(${checked.sql}, 0)` };
}

/** Functions that make dates out of parts or test for dates, by lower-cased name. */
export const dateMakingFunctions: Record<string, Builder> = {
  datefromparts: fromParts("datefromparts", date, 3),
  datetimefromparts: fromParts("datetimefromparts", datetime, 7),
  smalldatetimefromparts: fromParts("smalldatetimefromparts", { kind: "moment", size: "smalldatetime", scale: 0 }, 5),
  isdate: isDate,
};
