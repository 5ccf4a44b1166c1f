import { foldCase } from "../../values/collation.ts";
import { unsupported } from "../../values/sql-error.ts";
import { int, text } from "../../types.ts";
import type { Context, Expr } from "../model.ts";
import { call, constant, implicit } from "../expr.ts";
import { joined } from "../joined.ts";
import { asText, joinedText } from "../type-rules.ts";
import { argument, expectArguments, intArgument, strict, textArgument, type Builder, type Call } from "./builder.ts";
import { cap, literalInt } from "./text-sizes.ts";

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

/** The string functions, by lower-cased name. */
export const stringFunctions: Record<string, Builder> = {
  upper: oneText("upper", foldCase),
  lower: oneText("lower", lowerCase),
  reverse: oneText("reverse", (value) =>
    Array.from({ length: value.length }, (_, at) => value.charAt(value.length - 1 - at)).join(""),
  ),
  len: length,
  datalength: dataLength,
  concat,
  concat_ws: concatWs,
  stuff,
  replicate,
  space,
  quotename: quoteName,
};
