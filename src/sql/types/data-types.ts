import { at, namesOf, variant } from "../read/ast.ts";
import { bigint, bit, date, decimal, float, guid, int, money, text, unknownType, type SqlType } from "./sql-type.ts";

/** CAST and CONVERT make texts of 30 characters when no length is given (learn.microsoft.com, "char and varchar"). */
const defaultCastLength = 30;

function length(body: unknown, missing: number): number | "max" {
  if (body === "Max") return "max";
  const given = at(at(body, "IntegerLength"), "length");
  return typeof given === "number" ? given : missing;
}

function decimalOf(body: unknown): SqlType {
  const { tag, body: digits } = variant(body);
  if (tag === "PrecisionAndScale" && Array.isArray(digits)) return decimal(Number(digits[0]), Number(digits[1]));
  if (tag === "Precision") return decimal(Number(digits), 0);
  return decimal(18, 0);
}

function customType(body: unknown): SqlType {
  const parts: unknown[] = Array.isArray(body) ? body : [];
  const argument: unknown = Array.isArray(parts[1]) ? parts[1][0] : undefined;
  switch (namesOf(parts[0]).at(-1)?.value.toLowerCase() ?? "") {
    case "money":
      return money;
    case "smallmoney":
      return decimal(10, 4);
    case "datetime2":
    case "smalldatetime":
    case "datetimeoffset":
      return date;
    case "uniqueidentifier":
      return guid;
    case "sysname":
      return text(128);
    case "ntext":
    case "xml":
      return text("max");
    case "nchar":
    case "nvarchar":
      return text(typeof argument === "string" ? Number(argument) || "max" : defaultCastLength);
    default:
      return unknownType;
  }
}

/** The type a CAST or CONVERT gives, from the parser's data type node. */
export function typeOfDataType(node: unknown): SqlType {
  const { tag, body } = variant(node);
  switch (tag) {
    case "Varchar":
    case "Nvarchar":
    case "Char":
    case "Character":
    case "CharVarying":
    case "CharacterVarying":
    case "Varbinary":
    case "Binary":
      return text(length(body, defaultCastLength));
    case "Text":
    case "String":
      return text("max");
    case "Int":
    case "Integer":
      return int;
    case "SmallInt":
      return { kind: "int", digits: 5 };
    case "TinyInt":
      return { kind: "int", digits: 3 };
    case "BigInt":
      return bigint;
    case "Bit":
    case "Boolean":
    case "Bool":
      return bit;
    case "Decimal":
    case "Numeric":
    case "Dec":
      return decimalOf(body);
    case "Float":
    case "Real":
    case "Double":
    case "DoublePrecision":
    case "Float4":
    case "Float8":
      return float;
    case "Date":
    case "Datetime":
    case "Timestamp":
      return date;
    case "Time":
      // A time alone does not fit MCE's Date, which is a datetime: hh:mm:ss.nnnnnnn.
      return text(16);
    case "Uuid":
      return guid;
    case "Custom":
      return customType(body);
    default:
      return unknownType;
  }
}
