import { SqlError } from "../../values/sql-error.ts";
import { int, typeName } from "../../types.ts";
import { comparisonAmong } from "../collation.ts";
import type { Context, Expr } from "../model.ts";
import { implicit } from "../expr.ts";
import { asText } from "../type-rules.ts";
import { argument, expectArguments, intArgument, strict, textArgument, type Builder } from "./builder.ts";
import { cap, literalInt, sized } from "./text-sizes.ts";

function sideOf(side: "left" | "right"): Builder {
  return (context, written) => {
    expectArguments(written, 2);
    const [value, count] = [textArgument(context, written, 0), intArgument(context, written, 1)];
    // SQL Server names LEFT alone only where it knows the length before it runs.
    const isKnown = count.constant !== undefined;
    const named = side === "left" && !isKnown ? "LEFT or SUBSTRING" : side;
    const type = sized(value.type, literalInt(count));
    return strict(context, `${side} ${isKnown}`, [value, count], type, (given, wanted) => {
      const [subject, length] = [String(given), Number(wanted)];
      if (length < 0) throw new SqlError(`Invalid length parameter passed to the ${named} function.`);
      return side === "left" ? subject.slice(0, length) : length === 0 ? "" : subject.slice(-length);
    });
  };
}

/** SUBSTRING; also its own node in the parser's tree. */
export function substring(context: Context, value: Expr, start: Expr, length: Expr): Expr {
  const { kind } = value.type;
  if (kind !== "text" && kind !== "xml" && kind !== "null")
    throw new SqlError(`Argument data type ${typeName(value.type)} is invalid for argument 1 of substring function.`);
  const source = implicit(context, value, asText(value.type));
  const parts = [source, implicit(context, start, int), implicit(context, length, int)];
  return strict(context, "substring", parts, sized(source.type, literalInt(length)), (given, from, count) => {
    if (Number(count) < 0) throw new SqlError("Invalid length parameter passed to the LEFT or SUBSTRING function.");
    const end = Number(from) + Number(count) - 1;
    return String(given).slice(Math.max(0, Number(from) - 1), Math.max(0, end));
  });
}

/** LTRIM, RTRIM and TRIM: only blanks unless TRIM names characters. */
export function trimmed(context: Context, value: Expr, side: "left" | "right" | "both", chars?: Expr): Expr {
  const source = implicit(context, value, asText(value.type));
  const args = chars === undefined ? [source] : [source, implicit(context, chars, asText(chars.type))];
  const { fold } = comparisonAmong(args.map(({ type }) => type));
  return strict(context, `trim ${side}`, args, cap(source.type), (given, set) => {
    const subject = String(given);
    const cut = fold(set === undefined ? " " : String(set));
    const strip = (at: number): boolean => cut.includes(fold(subject.charAt(at)));
    let [start, end] = [0, subject.length];
    if (side !== "right") while (start < end && strip(start)) start += 1;
    if (side !== "left") while (end > start && strip(end - 1)) end -= 1;
    return subject.slice(start, end);
  });
}

function trim(side: "left" | "right" | "both"): Builder {
  return (context, written) => {
    expectArguments(written, 1);
    return trimmed(context, argument(context, written, 0), side);
  };
}

/** Functions that give a piece of a text, by lower-cased name. */
export const sliceFunctions: Record<string, Builder> = {
  left: sideOf("left"),
  right: sideOf("right"),
  substring(context, written) {
    expectArguments(written, 3);
    return substring(
      context,
      argument(context, written, 0),
      argument(context, written, 1),
      argument(context, written, 2),
    );
  },
  ltrim: trim("left"),
  rtrim: trim("right"),
  trim: trim("both"),
};
