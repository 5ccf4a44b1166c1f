import { SqlError } from "../values/sql-error.ts";
import { int } from "../types.ts";
import type { Json } from "./ast.ts";
import type { Context } from "./context.ts";
import { constant, type Expr } from "./expr.ts";
import { translate } from "./recurse.ts";

/** An expression of GROUP BY; `isRolledUp` when the grouping set at hand leaves it out, so that it shows as NULL. */
export type Grouped = Expr & { isRolledUp?: true };

/** The error for a column that stands above GROUP BY without being in it. */
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

/** A column above GROUP BY as it shows there; throws SQL Server's error for one that is not grouped. */
export function asShown({ grouped, place }: Context, column: Expr, display: string): Expr {
  if (grouped === undefined) return column;
  const own = groupedAs(grouped, column.sql);
  if (own === undefined) throw ungrouped(display, place);
  return shown(own);
}

/** GROUPING(x) and GROUPING_ID(x, …): which of the grouped expressions this row rolls up, as bits. */
export function groupingBits(context: Context, name: string, args: readonly Json[]): Expr {
  const { grouped, ...plain } = context;
  const bits = args.map((arg) => {
    const value = translate({ ...plain, place: "group by" }, arg);
    const own = groupedAs(grouped ?? [], value.sql);
    if (own === undefined)
      throw new SqlError(
        `Argument 1 of the ${name.toUpperCase()} function does not match any of the expressions in the GROUP BY clause.`,
      );
    return own.isRolledUp === true ? 1 : 0;
  });
  const type = name === "grouping" ? ({ kind: "int", size: "tinyint" } as const) : int;
  return constant(
    bits.reduce<number>((id, bit) => id * 2 + bit, 0),
    type,
  );
}
