import { SqlError } from "../../values/sql-error.ts";
import { patternFinder } from "../../udfs/like.ts";
import { int, text } from "../../types.ts";
import { comparisonAmong } from "../collation.ts";
import type { Context, Expr } from "../model.ts";
import { constant } from "../expr.ts";
import { asText } from "../type-rules.ts";
import { expectArguments, intArgument, strict, textArgument, type Builder, type Call } from "./builder.ts";

function charIndex(context: Context, written: Call): Expr {
  expectArguments(written, 2, 3);
  const args = [
    textArgument(context, written, 0),
    textArgument(context, written, 1),
    written.args.length === 3 ? intArgument(context, written, 2) : constant(1, int),
  ];
  const { fold } = comparisonAmong(args.map(({ type }) => type));
  return strict(context, "charindex", args, int, (needle, hay, from) => {
    if (needle === "") return 0;
    return fold(String(hay)).indexOf(fold(String(needle)), Math.max(0, Number(from) - 1)) + 1;
  });
}

function patIndex(context: Context, written: Call): Expr {
  expectArguments(written, 2);
  const args = [textArgument(context, written, 0), textArgument(context, written, 1)];
  const find = patternFinder(comparisonAmong(args.map(({ type }) => type)));
  return strict(context, "patindex", args, int, (pattern, value) => find(String(pattern), String(value)));
}

/** REPLACE finds as the collation compares: without case, unless COLLATE changes it. */
function replaced(subject: string, needle: string, by: string, fold: (text: string) => string): string {
  if (needle === "") return subject;
  const [folded, wanted] = [fold(subject), fold(needle)];
  let result = "";
  let from = 0;
  for (let at = folded.indexOf(wanted); at >= 0; at = folded.indexOf(wanted, from)) {
    result += subject.slice(from, at) + by;
    from = at + needle.length;
  }
  return result + subject.slice(from);
}

function replace(context: Context, written: Call): Expr {
  expectArguments(written, 3);
  const args = [0, 1, 2].map((at) => textArgument(context, written, at));
  const unicode = args.some(({ type }) => asText(type).unicode);
  const [value, needle, by] = args.map(({ type }) => asText(type).length);
  const grows = typeof by === "number" && typeof needle === "number" && by <= needle;
  const length = value === "max" ? "max" : grows ? value : unicode ? 4000 : 8000;
  const { fold } = comparisonAmong(args.map(({ type }) => type));
  return strict(context, "replace", args, text(length ?? 8000, unicode), (a, b, c) =>
    replaced(String(a), String(b), String(c), fold),
  );
}

function translateChars(context: Context, written: Call): Expr {
  expectArguments(written, 3);
  const args = [0, 1, 2].map((at) => textArgument(context, written, at));
  const { fold } = comparisonAmong(args.map(({ type }) => type));
  return strict(
    context,
    "translate",
    args,
    { ...asText(args[0]?.type ?? text(1)), fixed: false },
    (value, from, to) => {
      const [source, target] = [fold(String(from)), String(to)];
      if (source.length !== target.length)
        throw new SqlError(
          "The second and third arguments of the TRANSLATE built-in function must contain an equal number of characters.",
        );
      return Array.from({ length: String(value).length }, (_, at) => {
        const char = String(value).charAt(at);
        const hit = source.indexOf(fold(char));
        return hit < 0 ? char : target.charAt(hit);
      }).join("");
    },
  );
}

/** Functions that look for texts in texts, by lower-cased name; all of them as the collation compares. */
export const searchFunctions: Record<string, Builder> = {
  charindex: charIndex,
  patindex: patIndex,
  replace,
  translate: translateChars,
};
