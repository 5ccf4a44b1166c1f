import type { DataType } from "../syntax/expression-tree.ts";
import { scan } from "../syntax/scan.ts";
import { nameOfToken } from "../text/token-name.ts";
import { bigint, bit, date, decimal, float, guid, int, money, text, unknownType, type SqlType } from "./sql-type.ts";

/** CAST and CONVERT make texts of 30 characters when no length is given (learn.microsoft.com, "char and varchar"). */
const defaultCastLength = 30;

/** Types of a length: `varchar(50)`, `nvarchar(max)`. */
const sized: ReadonlySet<string> = new Set([
  "varchar",
  "nvarchar",
  "char",
  "nchar",
  "character",
  "char varying",
  "nchar varying",
  "character varying",
  "national char",
  "national character",
  "national char varying",
  "national character varying",
  "varbinary",
  "binary",
  "binary varying",
]);

const exact: ReadonlySet<string> = new Set(["decimal", "numeric", "dec"]);

/** Types that are the same whatever stands in their parentheses. */
const plain: ReadonlyMap<string, SqlType> = new Map<string, SqlType>([
  ["text", text("max")],
  ["ntext", text("max")],
  ["national text", text("max")],
  ["xml", text("max")],
  ["sysname", text(128)],
  ["int", int],
  ["integer", int],
  ["smallint", { kind: "int", digits: 5 }],
  ["tinyint", { kind: "int", digits: 3 }],
  ["bigint", bigint],
  ["bit", bit],
  ["money", money],
  ["smallmoney", decimal(10, 4)],
  ["float", float],
  ["real", float],
  ["double precision", float],
  ["date", date],
  ["datetime", date],
  ["datetime2", date],
  ["smalldatetime", date],
  ["datetimeoffset", date],
  ["timestamp", date],
  // A time alone does not fit MCE's Date, which is a datetime: hh:mm:ss.nnnnnnn.
  ["time", text(16)],
  ["uniqueidentifier", guid],
]);

function length([given]: readonly string[]): number | "max" {
  if (given === undefined) return defaultCastLength;
  return Number(given) || "max";
}

/** Types of moments without an offset: what is cast to one stays in its zone. */
const momentTypes: ReadonlySet<string> = new Set(["datetime", "datetime2", "smalldatetime"]);

/** Whether a value stays the same moment when it is cast to a type. */
export function keepsMoment({ name }: Pick<DataType, "name">): boolean {
  return momentTypes.has(name);
}

/** A type written as a text: `'nvarchar(max)'`, `'[sys].[varchar] (20)'`; only the last part of a dotted name says which it is. */
export function writtenType(written: string): SqlType {
  const { tokens } = scan(written);
  const words: string[] = [];
  const args: string[] = [];
  let isInside = false;
  for (const token of tokens) {
    if (token.upper === "(") isInside = true;
    else if (token.upper === ".") words.length = 0;
    else if (token.kind !== "operator")
      (isInside ? args : words).push(nameOfToken(written, token) ?? written.slice(token.start, token.end));
  }
  return typeOfDataType({ name: words.join(" ").toLowerCase(), args });
}

/** The type a CAST or CONVERT gives. */
export function typeOfDataType({ name, args }: Pick<DataType, "name" | "args">): SqlType {
  if (sized.has(name)) return text(length(args));
  if (exact.has(name)) return decimal(Number(args[0] ?? 18), Number(args[1] ?? 0));
  return plain.get(name) ?? unknownType;
}
