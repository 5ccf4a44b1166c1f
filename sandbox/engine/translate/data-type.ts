import { unsupported } from "../values/sql-error.ts";
import { bigint, bit, date, datetime, decimal, int, text, type SqlType } from "../types.ts";
import { list, node, partsOfName, variant, word, type Json } from "./ast.ts";

/** Length of a char type in CAST and CONVERT: 30 when none is written. */
function lengthOf(body: Json, unnamed = 30): number | "max" {
  if (body === null) return unnamed;
  const { name, body: inner } = variant(body);
  if (name === "Max") return "max";
  return Number(node(inner)["length"] ?? unnamed);
}

function decimalOf(body: Json): SqlType {
  const { name, body: inner } = variant(body);
  if (name === "PrecisionAndScale") return decimal(Number(list(inner)[0]), Number(list(inner)[1]));
  if (name === "Precision") return decimal(Number(inner), 0);
  return decimal(18, 0);
}

function customType(body: Json): SqlType {
  const [names, args] = list(body);
  const first = Number(list(args)[0] ?? Number.NaN);
  switch ((partsOfName(names).at(-1) ?? "").toLowerCase()) {
    case "money":
      return { kind: "decimal", precision: 19, scale: 4, money: "money" };
    case "smallmoney":
      return { kind: "decimal", precision: 10, scale: 4, money: "smallmoney" };
    case "smalldatetime":
      return { kind: "moment", size: "smalldatetime", scale: 0 };
    case "datetime2":
      return { kind: "moment", size: "datetime2", scale: Number.isNaN(first) ? 7 : first };
    case "datetimeoffset":
      return { kind: "offset", scale: Number.isNaN(first) ? 7 : first };
    case "uniqueidentifier":
      return { kind: "guid" };
    case "nchar":
      return { kind: "text", unicode: true, length: Number.isNaN(first) ? 30 : first, fixed: true };
    case "xml":
      return { kind: "xml" };
    case "sysname":
      return text(128, true);
    default:
      return unsupported(`the data type ${partsOfName(names).join(".")}`);
  }
}

/** The T-SQL type a CAST or CONVERT names; throws Unsupported for one the sandbox does not have. */
export function dataType(json: Json): SqlType {
  const { name, body } = variant(json);
  switch (name) {
    case "Varchar":
    case "CharVarying":
    case "CharacterVarying":
      return text(lengthOf(body));
    case "Nvarchar":
      return text(lengthOf(body), true);
    case "Char":
    case "Character":
      return { kind: "text", unicode: false, length: lengthOf(body), fixed: true };
    case "Text":
      return text("max");
    case "Int":
    case "Integer":
    case "Int4":
      return int;
    case "BigInt":
      return bigint;
    case "SmallInt":
      return { kind: "int", size: "smallint" };
    case "TinyInt":
      return { kind: "int", size: "tinyint" };
    case "Bit":
    case "Boolean":
    case "Bool":
      return bit;
    case "Decimal":
    case "Numeric":
    case "Dec":
      return decimalOf(body);
    case "Float":
    case "DoublePrecision":
    case "Double":
      return { kind: "float", size: Number(variant(body).body ?? 53) <= 24 ? "real" : "float" };
    case "Real":
      return { kind: "float", size: "real" };
    case "Date":
      return date;
    case "Datetime":
      return datetime;
    case "Timestamp":
      return unsupported("the data type timestamp");
    case "Time":
      return { kind: "time", scale: Number(list(body)[0] ?? 7) };
    case "Uuid":
      return { kind: "guid" };
    case "Varbinary":
    case "Binary":
      return {
        kind: "binary",
        length: lengthOf(typeof body === "number" ? { IntegerLength: { length: body } } : body),
      };
    case "Custom":
      return customType(body);
    default:
      return unsupported(`the data type ${word(json) ?? name}`);
  }
}
