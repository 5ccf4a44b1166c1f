import { SqlError } from "../values/sql-error.ts";
import type { Context, Expr, Grouped } from "./model.ts";

/** The error for a column that is used above GROUP BY without being in it. */
export function ungrouped(display: string, place: Context["place"]): SqlError {
  const where =
    place === "having"
      ? "in the HAVING clause"
      : place === "order by"
        ? "in the ORDER BY clause"
        : "in the select list";
  return new SqlError(
    `Column '${display}' is invalid ${where} because it is not contained in either an aggregate function or the GROUP BY clause.`,
  );
}

/** The grouped expression of this text; where GROUP BY has it twice, the one that is not rolled up. */
export function groupedAs(grouped: readonly Grouped[], sql: string): Grouped | undefined {
  const same = grouped.filter((own) => own.sql === sql);
  return same.find(({ isRolledUp }) => isRolledUp !== true) ?? same[0];
}

/** What a grouped expression shows: its value, or NULL where it is rolled up. */
export function shown({ isRolledUp, ...expr }: Grouped): Expr {
  return isRolledUp === true ? { sql: "NULL", type: expr.type } : expr;
}

/** A column as it shows above GROUP BY; throws SQL Server's error for one that is not grouped. */
export function asShown({ grouped, place }: Context, column: Expr, display: string): Expr {
  if (grouped === undefined) return column;
  const own = groupedAs(grouped, column.sql);
  if (own === undefined) throw ungrouped(display, place);
  return shown(own);
}
