import { printMoment, printTime } from "../values/date-styles.ts";
import { plainNumber } from "../values/number-text.ts";
import { text, type SqlType, type Stored, type Value } from "../types.ts";
import { conversion, type Conversion } from "./convert.ts";
import { printerOf } from "./to-text.ts";

/** Writes a stored value as the engine returns it; see `Value`. */
export function toValue(type: SqlType): (stored: Stored) => Value {
  const print = (stored: Exclude<Stored, null>): string => {
    switch (type.kind) {
      case "bit":
        return Number(stored) === 0 ? "False" : "True";
      case "float":
        return plainNumber(Number(stored));
      case "moment":
        return printMoment(Number(stored), 121, "datetime", 3) ?? "";
      case "time":
        return printTime(Number(stored), 121, type.scale) ?? "";
      case "offset":
        return printerOf(type, undefined)(stored);
      case "binary":
        return printerOf(type, 1)(stored);
      case "int":
      case "decimal":
      case "text":
      case "guid":
      case "xml":
      case "null":
        return String(stored);
    }
  };
  return (stored) => (stored === null ? null : print(stored));
}

/** Reads a value written by `toValue`, or any text SQL Server would convert to the type. Throws SqlError for other text. */
export function fromValue(type: SqlType): Conversion {
  return conversion(text("max"), type);
}
