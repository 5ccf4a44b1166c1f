import { formatDate } from "../../udfs/format-date.ts";
import { formatNumber } from "../../udfs/format-number.ts";
import { readOffset } from "../../convert/to-text.ts";
import { minuteMs } from "../../values/calendar.ts";
import { decimalOf, decimalOfNumber } from "../../values/decimal.ts";
import { SqlError, unsupported } from "../../values/sql-error.ts";
import { text, typeName } from "../../types.ts";
import type { Context, Expr } from "../model.ts";
import { argument, expectArguments, strict, textArgument, type Call } from "./builder.ts";

/** Cultures whose custom patterns print as in English when only these pieces occur. */
function checkCulture(culture: string, format: string): void {
  if (/^en-us$/i.test(culture)) return;
  const neutral = /^(?:yyyy|yy|MM|M|dd|d|HH|H|mm|m|ss|s|[-. _T]|'[^']*')+$/.test(format) && format.length > 1;
  const british = /^en-gb$/i.test(culture) && format.length > 1 && !/t|#|0/.test(format);
  if (!neutral && !british) unsupported(`FORMAT with the culture '${culture}'`);
}

/** FORMAT of dates and numbers, in English. */
export function translateFormat(context: Context, written: Call): Expr {
  expectArguments(written, 2, 3);
  const value = argument(context, written, 0);
  const format = textArgument(context, written, 1);
  const culture = written.args.length === 3 ? textArgument(context, written, 2) : undefined;
  const { type } = value;
  if (
    type.kind === "text" ||
    type.kind === "bit" ||
    type.kind === "guid" ||
    type.kind === "binary" ||
    type.kind === "xml" ||
    type.kind === "null"
  ) {
    const name = type.kind === "null" ? "NULL" : typeName(type);
    throw new SqlError(`Argument data type ${name} is invalid for argument 1 of format function.`);
  }
  if (type.kind === "time") return unsupported("FORMAT of a time");
  const args = culture === undefined ? [value, format] : [value, format, culture];
  return strict(context, "format", args, text(4000, true), (given, wanted, where) => {
    const pattern = String(wanted);
    if (where !== undefined) checkCulture(String(where), pattern);
    switch (type.kind) {
      case "moment":
        return formatDate(Number(given), pattern === "" ? "G" : pattern);
      case "offset": {
        const { utc, minutes } = readOffset(String(given));
        return formatDate(
          utc + minutes * minuteMs,
          pattern === "" ? unsupported("FORMAT of a datetimeoffset without a pattern") : pattern,
        );
      }
      case "float":
        return formatNumber(
          decimalOfNumber(Number(Number(given).toPrecision(15))),
          pattern === "" ? "G" : pattern,
          Number.isInteger(given),
        );
      case "int":
      case "decimal": {
        const exact = decimalOf(String(given));
        return formatNumber(exact, pattern === "" ? "G" : pattern, exact.scale === 0);
      }
    }
  });
}
