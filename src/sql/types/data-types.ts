import type { DataType } from "../syntax/expression-tree.ts";
import { bigint, bit, date, decimal, float, guid, int, money, text, unknownType, type SqlType } from "./sql-type.ts";

/** CAST and CONVERT make texts of 30 characters when no length is given (learn.microsoft.com, "char and varchar"). */
const defaultCastLength = 30;

function length([given]: readonly string[]): number | "max" {
  if (given === undefined) return defaultCastLength;
  return Number(given) || "max";
}

function decimalOf([precision, scale]: readonly string[]): SqlType {
  return decimal(Number(precision ?? 18), Number(scale ?? 0));
}

/** The type a CAST or CONVERT gives. */
export function typeOfDataType({ name, args }: DataType): SqlType {
  switch (name) {
    case "varchar":
    case "nvarchar":
    case "char":
    case "nchar":
    case "character":
    case "char varying":
    case "nchar varying":
    case "character varying":
    case "national char":
    case "national character":
    case "national char varying":
    case "national character varying":
    case "varbinary":
    case "binary":
    case "binary varying":
      return text(length(args));
    case "text":
    case "ntext":
    case "national text":
    case "xml":
      return text("max");
    case "sysname":
      return text(128);
    case "int":
    case "integer":
      return int;
    case "smallint":
      return { kind: "int", digits: 5 };
    case "tinyint":
      return { kind: "int", digits: 3 };
    case "bigint":
      return bigint;
    case "bit":
      return bit;
    case "decimal":
    case "numeric":
    case "dec":
      return decimalOf(args);
    case "money":
      return money;
    case "smallmoney":
      return decimal(10, 4);
    case "float":
    case "real":
    case "double precision":
      return float;
    case "date":
    case "datetime":
    case "datetime2":
    case "smalldatetime":
    case "datetimeoffset":
    case "timestamp":
      return date;
    case "time":
      // A time alone does not fit MCE's Date, which is a datetime: hh:mm:ss.nnnnnnn.
      return text(16);
    case "uniqueidentifier":
      return guid;
    default:
      return unknownType;
  }
}
