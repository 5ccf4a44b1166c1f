import type { Expr } from "./model.ts";
import { asText, joinedText } from "./type-rules.ts";

/** Texts joined, cut silently to the length of a plain varchar or nvarchar, as SQL Server does. */
export function joined(parts: readonly Expr[]): Expr {
  const types = parts.map(({ type }) => asText(type));
  const type = asText(types.reduce((left, right) => asText(joinedText(left, right))));
  const sql = `(${parts.map((part) => part.sql).join(" || ")})`;
  const total = types.reduce((sum, { length }) => sum + (length === "max" ? Infinity : length), 0);
  if (type.length === "max" || total <= type.length) return { sql, type };
  return { sql: `substr(${sql}, 1, ${type.length})`, type };
}
