import type { Expression } from "../syntax/expression-tree.ts";
import { concatenated } from "../types/arithmetic.ts";
import { literalNumber, literalText } from "../types/literals.ts";
import { guid, int, maxTextLength, nullType, text, textLength, type SqlType } from "../types/sql-type.ts";
import type { Call, Family } from "./call.ts";

function first(call: Call): SqlType {
  return call.types[0] ?? nullType;
}

function asText(type: SqlType): SqlType {
  return text(textLength(type));
}

/** A text cut to a number of characters that may be a literal. */
function cut(type: SqlType, count: Expression | undefined): SqlType {
  const length = textLength(type);
  const limit = literalNumber(count);
  if (limit === undefined || limit < 0 || (length === "max" && limit > maxTextLength)) return text(length);
  return text(length === "max" ? limit : Math.min(length, limit));
}

/** REPLACE can only make a text longer where the new text is longer than the one it replaces. */
function replaced({ args, types }: Call): SqlType {
  const length = textLength(first({ args, types }));
  const search = literalText(args[1]);
  const longest = textLength(types[2] ?? nullType);
  if (length === "max" || longest === "max") return text("max");
  if (search !== undefined) {
    if (longest <= search.length) return text(length);
    if (search.length > 0) return text(Math.ceil(length / search.length) * longest + search.length);
  }
  return text(maxTextLength);
}

function repeated(type: SqlType, count: Expression | undefined): SqlType {
  const length = textLength(type);
  const times = literalNumber(count);
  if (length === "max") return text("max");
  return text(times === undefined ? maxTextLength : Math.max(0, length * times));
}

function concatWithSeparator({ types }: Call): SqlType {
  const separator = types[0] ?? nullType;
  const parts = types.slice(1);
  return concatenated(parts.flatMap((part, index) => (index === 0 ? [part] : [separator, part])));
}

const same = (call: Call): SqlType => asText(first(call));
const systemName = (): SqlType => text(128);
const long = (): SqlType => text(maxTextLength);

/** String functions. Sources: learn.microsoft.com, "String functions (Transact-SQL)", the return types. */
export const textFunctions: Family = {
  CONCAT: ({ types }) => concatenated(types),
  CONCAT_WS: concatWithSeparator,
  UPPER: same,
  LOWER: same,
  LTRIM: same,
  RTRIM: same,
  TRIM: same,
  REVERSE: same,
  TRANSLATE: same,
  LEFT: (call) => cut(first(call), call.args[1]),
  RIGHT: (call) => cut(first(call), call.args[1]),
  // Not cut to its length: references differ on the result's type, and a field too long loses nothing.
  SUBSTRING: same,
  REPLACE: replaced,
  STUFF: (call) => concatenated([first(call), call.types[3] ?? nullType]),
  REPLICATE: (call) => repeated(first(call), call.args[1]),
  SPACE: (call) => repeated(text(1), call.args[0]),
  STR: (call) => text(literalNumber(call.args[1]) ?? 10),
  CHAR: () => text(1),
  NCHAR: () => text(2),
  SOUNDEX: () => text(4),
  QUOTENAME: () => text(258),
  FORMAT: long,
  FORMATMESSAGE: long,
  JSON_VALUE: long,
  JSON_QUERY: () => text("max"),
  JSON_MODIFY: () => text("max"),
  STRING_ESCAPE: () => text("max"),
  STRING_AGG: (call) => (textLength(first(call)) === "max" ? text("max") : long()),
  CURRENT_USER: systemName,
  SESSION_USER: systemName,
  SYSTEM_USER: systemName,
  SUSER_SNAME: systemName,
  USER_NAME: systemName,
  HOST_NAME: systemName,
  DB_NAME: systemName,
  PARSENAME: systemName,
  USER: systemName,
  NEWID: () => guid,
  // Both are varbinary(8000) to T-SQL, however short the value.
  HASHBYTES: long,
  CRYPT_GEN_RANDOM: long,
  LEN: () => int,
  DATALENGTH: () => int,
  CHARINDEX: () => int,
  PATINDEX: () => int,
  POSITION: () => int,
  ASCII: () => int,
  UNICODE: () => int,
  DIFFERENCE: () => int,
  ISJSON: () => int,
};
