import { SqlError } from "../values/sql-error.ts";
import { node, type Json } from "./ast.ts";

const orderBy =
  "The ORDER BY clause is invalid in views, inline functions, derived tables, subqueries, and common table expressions, unless TOP, OFFSET or FOR XML is also specified.";

const present = (json: Json | undefined): boolean => json !== null && json !== undefined;

/** Throws SQL Server's error when a query in parentheses has ORDER BY without TOP or OFFSET. */
export function rulesOfDerived(json: Json): void {
  const query = node(json);
  if (!present(query["order_by"])) return;
  if (present(query["limit_clause"]) || present(query["for_clause"])) return;
  if (present(node(node(query["body"])["Select"])["top"])) return;
  throw new SqlError(orderBy);
}
