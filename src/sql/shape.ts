import { nameOfToken } from "./text/token-name.ts";
import { scan } from "./syntax/scan.ts";

/**
 * What stays of a query when its literals, comments, blanks and upper case are taken away: the same for queries that do the
 * same with other values. `IN (1, 2, 3)` and `IN (4)` have one shape.
 */
export function shapeOf(sql: string): string {
  const words = scan(sql).tokens.map((token) => {
    if (token.kind === "string" || token.kind === "number") return "?";
    return (nameOfToken(sql, token) ?? sql.slice(token.start, token.end)).toUpperCase();
  });
  return words.join(" ").replaceAll(/\?(?: , \?)+/g, "?");
}
