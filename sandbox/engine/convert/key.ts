import { collationKey } from "../values/collation.ts";
import { knownComparison } from "../values/comparison.ts";
import { decimalKey } from "../values/decimal.ts";
import type { SqlType, Stored } from "../types.ts";
import { readOffset } from "./to-text.ts";

/** True when a value of this type must go through `keyOf` before it is compared, ordered or grouped. */
export function needsKey(type: SqlType): boolean {
  return (
    type.kind === "text" ||
    type.kind === "decimal" ||
    type.kind === "offset" ||
    type.kind === "guid" ||
    type.kind === "xml"
  );
}

/** SQL Server orders a uniqueidentifier by its last group first. */
function guidKey(guid: string): string {
  const [a = "", b = "", c = "", d = "", e = ""] = guid.split("-");
  const flip = (hex: string): string => (hex.match(/../g) ?? []).toReversed().join("");
  return e + d + flip(c) + flip(b) + flip(a);
}

/** What SQLite compares bytewise in place of a value, so that the order is SQL Server's. */
export function keyOf(type: SqlType): (value: Stored) => Stored {
  switch (type.kind) {
    case "text": {
      const { key } = knownComparison(type.collation?.name);
      return (value) => (value === null ? null : key(String(value)));
    }
    case "xml":
      return (value) => (value === null ? null : collationKey(String(value)));
    case "decimal":
      return (value) => (value === null ? null : decimalKey(String(value), type.precision));
    case "offset":
      return (value) => (value === null ? null : readOffset(String(value)).utc);
    case "guid":
      return (value) => (value === null ? null : guidKey(String(value)));
    case "int":
    case "bit":
    case "float":
    case "moment":
    case "time":
    case "binary":
    case "null":
      return (value) => value;
  }
}
