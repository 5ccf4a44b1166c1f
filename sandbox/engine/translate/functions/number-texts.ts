import { unsupported } from "../../values/sql-error.ts";
import { int, text } from "../../types.ts";
import type { Context, Expr } from "../model.ts";
import { constant } from "../expr.ts";
import { argument, expectArguments, intArgument, strict, type Builder, type Call } from "./builder.ts";
import { floatArgument } from "./number-arguments.ts";
import { isHalfWay, roundFloat } from "./rounding.ts";

const surelyNumber =
  /^[-+]?\s*[$€£]?\s*(\d[\d,]*\.?\d*|\.\d+)$|^[-+]?(\d+\.?\d*|\.\d+)[eEdD][-+]?\d{1,2}$|^[-+.,$€£\\]$/;
const surelyNone = /^$|[\dA-Za-z]\s+[\dA-Za-z]|[A-CF-Za-cf-z]|\..*\.|^[-+]{2}|^[eEdD]/;

/** 1 or 0. SQL Server's rule for what is numeric is wide and odd, so doubtful texts are refused. */
function numericVerdict(trimmed: string): number {
  if (surelyNumber.test(trimmed)) return 1;
  return surelyNone.test(trimmed) ? 0 : unsupported(`ISNUMERIC of '${trimmed}'`);
}

function isNumeric(context: Context, written: Call): Expr {
  expectArguments(written, 1);
  const value = argument(context, written, 0);
  const { type } = value;
  if (type.kind === "int" || type.kind === "decimal" || type.kind === "float" || type.kind === "bit") {
    return { sql: type.kind === "bit" ? "0" : `(${value.sql} IS NOT NULL)`, type: int };
  }
  if (type.kind !== "text") return constant(0, int);
  const checked = strict(context, "isnumeric", [value], int, (given) => numericVerdict(String(given).trim()));
  return { ...checked, sql: `ifnull(${checked.sql}, 0)` };
}

function str(context: Context, written: Call): Expr {
  expectArguments(written, 1, 3);
  const value = floatArgument(context, written, 0);
  const [width, digits] = [1, 2].map((at) =>
    written.args.length > at ? intArgument(context, written, at) : constant(at === 1 ? 10 : 0, int),
  );
  return strict(
    context,
    "str",
    [value, width ?? constant(10, int), digits ?? constant(0, int)],
    text(typeof width?.constant === "number" ? Math.max(1, width.constant) : 8000),
    (given, length, decimals) => {
      const places = Math.min(16, Math.max(0, Number(decimals)));
      const shown = printed(Number(given), places);
      const room = Number(length);
      if (shown.length <= room) return shown.padStart(room);
      const [digitsBefore = ""] = shown.split(".");
      if (digitsBefore.length > room) return "*".repeat(room);
      return printed(Number(given), Math.max(0, room - digitsBefore.length - 1)).padStart(room);
    },
  );
}

/** A double with a number of decimals; how STR rounds an exact half is not certain. */
function printed(value: number, places: number): string {
  if (isHalfWay(value, places)) return unsupported(`STR of ${value} with ${places} decimals`);
  return roundFloat(value, places, false).toFixed(places);
}

/** Functions between numbers and texts, by lower-cased name. */
export const numberTextFunctions: Record<string, Builder> = { isnumeric: isNumeric, str };
