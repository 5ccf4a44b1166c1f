import type { SqlType } from "../../types.ts";
import type { Expr } from "../model.ts";
import { asText } from "../type-rules.ts";

/** The text type of a result no longer than its source. */
export const cap = (type: SqlType): SqlType => ({ ...asText(type), fixed: false });

/** The text type of a result with a limit of characters. */
export function sized(type: SqlType, length: number | "max" | undefined): SqlType {
  const own = asText(type);
  if (length === undefined) return cap(own);
  return {
    ...own,
    fixed: false,
    length: own.length === "max" || length === "max" ? own.length : Math.max(1, Math.min(own.length, length)),
  };
}

/** The number that a literal argument is; undefined for another. */
export function literalInt({ constant: value }: Expr): number | undefined {
  return typeof value === "number" ? value : undefined;
}
