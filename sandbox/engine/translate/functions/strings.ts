import { foldCase } from "../../values/collation.ts";
import { SqlError, unsupported } from "../../values/sql-error.ts";
import { patternFinder } from "../../udfs/like.ts";
import { int, text, typeName, type SqlType } from "../../types.ts";
import type { Context } from "../context.ts";
import { call, constant, implicit, type Expr } from "../expr.ts";
import { joined } from "../joined.ts";
import { asText, joinedText } from "../type-rules.ts";
import { argument, expectArguments, intArgument, strict, textArgument, type Builder, type Call } from "./builder.ts";

const cap = (type: SqlType): SqlType => ({ ...asText(type), fixed: false });

function sized(type: SqlType, length: number | "max" | undefined): SqlType {
  const own = asText(type);
  if (length === undefined) return cap(own);
  return {
    ...own,
    fixed: false,
    length: own.length === "max" || length === "max" ? own.length : Math.max(1, Math.min(own.length, length)),
  };
}

function literalInt({ constant: value }: Expr): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function sideOf(side: "left" | "right"): Builder {
  return (context, written) => {
    expectArguments(written, 2);
    const [value, count] = [textArgument(context, written, 0), intArgument(context, written, 1)];
    // SQL Server names LEFT alone only where it sees the length before it runs.
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
  return strict(context, `trim ${side}`, args, cap(source.type), (given, set) => {
    const subject = String(given);
    const cut = foldCase(set === undefined ? " " : String(set));
    const strip = (at: number): boolean => cut.includes(foldCase(subject.charAt(at)));
    let [start, end] = [0, subject.length];
    if (side !== "right") while (start < end && strip(start)) start += 1;
    if (side !== "left") while (end > start && strip(end - 1)) end -= 1;
    return subject.slice(start, end);
  });
}

function oneText(name: string, body: (value: string) => string): Builder {
  return (context, written) => {
    expectArguments(written, 1);
    const value = textArgument(context, written, 0);
    return strict(context, name, [value], cap(value.type), (given) => body(String(given)));
  };
}

const lowerCase = (value: string): string =>
  Array.from({ length: value.length }, (_, at) => {
    const low = value.charAt(at).toLowerCase();
    return low.length === 1 ? low : value.charAt(at);
  }).join("");

function concat(context: Context, written: Call): Expr {
  expectArguments(written, 2, 254);
  const parts = written.args.map((_arg, at) => argument(context, written, at));
  const texts = parts.map((part) => implicit(context, part, asText(part.type)));
  return joined(
    texts.map((part) =>
      typeof part.constant === "string" ? part : { sql: `ifnull(${part.sql}, '')`, type: part.type },
    ),
  );
}

function concatWs(context: Context, written: Call): Expr {
  expectArguments(written, 3, 254);
  const texts = written.args.map((_arg, at) => textArgument(context, written, at));
  const [separator, ...parts] = texts;
  const width = parts.map((part) => part.type).reduce((left, right) => joinedText(asText(left), asText(right)));
  const type = joinedText(asText(width), { ...asText(separator?.type ?? text(1)), length: 8000 });
  const sql = call(
    context,
    "concat_ws",
    () =>
      (glue, ...values) =>
        values.filter((value) => value !== null).join(glue === null ? "" : String(glue)),
    texts.map((part) => part.sql),
  );
  return { sql, type };
}

function charIndex(context: Context, written: Call): Expr {
  expectArguments(written, 2, 3);
  const args = [
    textArgument(context, written, 0),
    textArgument(context, written, 1),
    written.args.length === 3 ? intArgument(context, written, 2) : constant(1, int),
  ];
  return strict(context, "charindex", args, int, (needle, hay, from) => {
    if (needle === "") return 0;
    return foldCase(String(hay)).indexOf(foldCase(String(needle)), Math.max(0, Number(from) - 1)) + 1;
  });
}

function patIndex(context: Context, written: Call): Expr {
  expectArguments(written, 2);
  const args = [textArgument(context, written, 0), textArgument(context, written, 1)];
  const find = patternFinder();
  return strict(context, "patindex", args, int, (pattern, value) => find(String(pattern), String(value)));
}

/** REPLACE finds without regard to case, as every comparison does. */
function replaced(subject: string, needle: string, by: string): string {
  if (needle === "") return subject;
  const [folded, wanted] = [foldCase(subject), foldCase(needle)];
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
  return strict(context, "replace", args, text(length ?? 8000, unicode), (a, b, c) =>
    replaced(String(a), String(b), String(c)),
  );
}

function stuff(context: Context, written: Call): Expr {
  expectArguments(written, 4);
  const [value, from, count] = [
    textArgument(context, written, 0),
    intArgument(context, written, 1),
    intArgument(context, written, 2),
  ];
  const given = argument(context, written, 3);
  const put = given.type.kind === "null" ? constant("", text(1)) : implicit(context, given, asText(given.type));
  const type = joinedText(asText(value.type), asText(put.type));
  const sql = call(
    context,
    "stuff",
    () =>
      (subject = null, start = null, length = null, inserted = null) => {
        if (subject === null || start === null || length === null) return null;
        const [whole, at, cut] = [String(subject), Number(start), Number(length)];
        if (at < 1 || cut < 0 || at > whole.length) return null;
        return whole.slice(0, at - 1) + String(inserted ?? "") + whole.slice(at - 1 + cut);
      },
    [value.sql, from.sql, count.sql, put.sql],
  );
  return { sql, type };
}

function replicate(context: Context, written: Call): Expr {
  expectArguments(written, 2);
  const [value, count] = [textArgument(context, written, 0), intArgument(context, written, 1)];
  const own = asText(value.type);
  const times = literalInt(count);
  const limit = own.unicode ? 4000 : 8000;
  const length =
    own.length === "max" ? "max" : times === undefined ? limit : Math.max(1, Math.min(limit, own.length * times));
  return strict(context, "replicate", [value, count], text(length, own.unicode), (given, n) => {
    if (Number(n) < 0) return null;
    const result = String(given).repeat(Number(n));
    return own.length === "max" ? result : result.slice(0, limit);
  });
}

function charOf(unicode: boolean): Builder {
  return (context, written) => {
    expectArguments(written, 1);
    return strict(
      context,
      unicode ? "nchar" : "char",
      [intArgument(context, written, 0)],
      { kind: "text", unicode, length: 1, fixed: true },
      (code) => {
        const at = Number(code);
        if (at < 0 || at > (unicode ? 65_535 : 255)) return null;
        return unicode ? String.fromCharCode(at) : new TextDecoder("windows-1252").decode(Uint8Array.of(at));
      },
    );
  };
}

function codeOf(context: Context, written: Call): Expr {
  expectArguments(written, 1);
  return strict(context, written.name, [textArgument(context, written, 0)], int, (value) => {
    const char = String(value).charAt(0);
    if (char === "") return null;
    if (written.name === "unicode" || char.charCodeAt(0) < 128) return char.charCodeAt(0);
    for (let at = 128; at < 256; at += 1)
      if (new TextDecoder("windows-1252").decode(Uint8Array.of(at)) === char) return at;
    return 63;
  });
}

function translateChars(context: Context, written: Call): Expr {
  expectArguments(written, 3);
  const args = [0, 1, 2].map((at) => textArgument(context, written, at));
  return strict(context, "translate", args, cap(args[0]?.type ?? text(1)), (value, from, to) => {
    const [source, target] = [foldCase(String(from)), String(to)];
    if (source.length !== target.length)
      throw new SqlError(
        "The second and third arguments of the TRANSLATE built-in function must contain an equal number of characters.",
      );
    return Array.from({ length: String(value).length }, (_, at) => {
      const char = String(value).charAt(at);
      const hit = source.indexOf(foldCase(char));
      return hit < 0 ? char : target.charAt(hit);
    }).join("");
  });
}

function quoteName(context: Context, written: Call): Expr {
  expectArguments(written, 1);
  return strict(context, "quotename", [textArgument(context, written, 0)], text(258, true), (value) =>
    String(value).length > 128 ? null : `[${String(value).replaceAll("]", "]]")}]`,
  );
}

function length(context: Context, written: Call): Expr {
  expectArguments(written, 1);
  return strict(
    context,
    "len",
    [textArgument(context, written, 0)],
    int,
    (value) => String(value).replace(/ +$/, "").length,
  );
}

function space(context: Context, written: Call): Expr {
  expectArguments(written, 1);
  return strict(context, "space", [intArgument(context, written, 0)], text(8000), (count) =>
    Number(count) < 0 ? null : " ".repeat(Math.min(8000, Number(count))),
  );
}

function dataLength(context: Context, written: Call): Expr {
  expectArguments(written, 1);
  const value = argument(context, written, 0);
  if (value.type.kind !== "text") return unsupported(`DATALENGTH of ${value.type.kind}`);
  if (/^[tq]\d+\./.test(value.sql)) return unsupported("DATALENGTH of a column");
  const bytes = value.type.unicode ? 2 : 1;
  return strict(context, "datalength", [value], int, (given) => String(given).length * bytes);
}

function trim(side: "left" | "right" | "both"): Builder {
  return (context, written) => {
    expectArguments(written, 1);
    return trimmed(context, argument(context, written, 0), side);
  };
}

/** The string functions, by lower-cased name. */
export const stringFunctions: Record<string, Builder> = {
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
  upper: oneText("upper", foldCase),
  lower: oneText("lower", lowerCase),
  reverse: oneText("reverse", (value) =>
    Array.from({ length: value.length }, (_, at) => value.charAt(value.length - 1 - at)).join(""),
  ),
  len: length,
  datalength: dataLength,
  concat,
  concat_ws: concatWs,
  charindex: charIndex,
  patindex: patIndex,
  replace,
  stuff,
  replicate,
  space,
  char: charOf(false),
  nchar: charOf(true),
  ascii: codeOf,
  unicode: codeOf,
  translate: translateChars,
  quotename: quoteName,
};
