import { agreed, chosen, fedBy, nullType, text, textLength, widestOf, type SqlType } from "../types/sql-type.ts";
import type { Call, Family } from "./call.ts";

/**
 * ISNULL has the type of its first argument in T-SQL, and cuts the second to it; the column is made as long as the longer
 * one all the same, since nothing is lost by that.
 */
function isNull({ types }: Call): SqlType {
  const type = types[0] ?? nullType;
  const other = types[1] ?? nullType;
  return type.kind === "null" ? other : fedBy([type, other], filled(type, other));
}

function filled(type: SqlType, other: SqlType): SqlType {
  if (type.kind === "date") return agreed(type, other);
  if (type.kind !== "text" || type.length === "max") return chosen(type);
  const otherLength = textLength(other);
  return otherLength === "max" ? type : text(Math.max(type.length, otherLength));
}

/** Functions that choose one of their arguments. */
export const choiceFunctions: Family = {
  ISNULL: isNull,
  COALESCE: ({ types }) => widestOf(types),
  NULLIF: ({ types }) => chosen(types[0] ?? nullType),
  IIF: ({ types }) => widestOf(types.slice(1)),
  CHOOSE: ({ types }) => widestOf(types.slice(1)),
  GREATEST: ({ types }) => widestOf(types),
  LEAST: ({ types }) => widestOf(types),
};
