import { SqlError } from "../../values/sql-error.ts";
import { int } from "../../types.ts";
import type { Json } from "../ast.ts";
import { constant } from "../expr.ts";
import { translate } from "../expression.ts";
import { groupedAs } from "../grouped.ts";
import type { Context, Expr } from "../model.ts";

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
