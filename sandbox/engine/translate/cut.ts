import { freshAlias } from "./fresh-alias.ts";
import type { Context } from "./model.ts";
import { needsKey } from "../convert/key.ts";
import { SqlError } from "../values/sql-error.ts";
import { orderClause, translateOrder, type OrderItem } from "./order.ts";
import type { Relation } from "./relation.ts";
import type { Cut, Tail } from "./top.ts";

/** `LIMIT …` of a plain cut. */
export function limitClause(cut: Cut | undefined): string {
  if (cut === undefined) return "";
  return ` LIMIT ${cut.rows}${cut.offset === undefined ? "" : ` OFFSET ${cut.offset}`}`;
}

/** ORDER BY and OFFSET over a UNION or a query in parentheses: only its output columns may be ordered by. */
export function cutRelation(context: Context, relation: Relation, tail: Tail): Relation {
  if (tail.order.length === 0) return relation;
  const outputs = relation.columns.map(({ name, type }, at) => ({
    ...(name === undefined ? {} : { name }),
    expr: { sql: `u.c${at}`, type, ...(needsKey(type) ? { key: () => `u.k${at}` } : {}) },
  }));
  const items = translateOrder({ ...context, names: { sources: [] } }, tail.order, outputs);
  if (items.some(({ output }) => output === undefined)) {
    throw new SqlError(
      "ORDER BY items must appear in the select list if the statement contains a UNION, INTERSECT or EXCEPT operator.",
    );
  }
  return {
    ...relation,
    print(keys) {
      const wanted = new Set(
        [...keys, ...items.flatMap(({ output }) => (output === undefined ? [] : [output]))].filter((at) =>
          needsKey(relation.columns[at]?.type ?? { kind: "null" }),
        ),
      );
      const alias = freshAlias(context, "u");
      const columns = relation.columns.map(
        ({ type }, at) =>
          `${alias}.c${at} AS c${at}${keys.has(at) ? `, ${alias}.${needsKey(type) ? "k" : "c"}${at} AS k${at}` : ""}`,
      );
      const order = orderClause(items.map((item) => ({ ...item, key: item.key.replace(/^u\./, `${alias}.`) })));
      return `SELECT ${columns.join(", ")} FROM (${relation.print(wanted)}) AS ${alias}${order}${limitClause(tail.offset)}`;
    },
  };
}

/**
 * The rows of an ordered SELECT that TOP … PERCENT or WITH TIES keeps.
 *
 * @param inner a SELECT giving the columns wanted and `o0, o1, …` to order by
 */
export function rankedCut(
  context: Context,
  inner: string,
  columns: string,
  order: readonly OrderItem[],
  cut: Cut,
): string {
  const [source, ranked] = [freshAlias(context, "s"), freshAlias(context, "r")];
  const by = order.map(({ isDescending }, at) => `${source}.o${at}${isDescending ? " DESC" : ""}`).join(", ");
  const over = by === "" ? "OVER ()" : `OVER (ORDER BY ${by})`;
  const ranks = `row_number() ${over} AS rn, ${cut.withTies ? "rank()" : "row_number()"} ${over} AS rk, count(*) OVER () AS n`;
  const limit = cut.isPercent ? `ceil(${ranked}.n * ${cut.rows} / 100.0)` : String(cut.rows);
  return `SELECT ${columns.replaceAll("@.", `${ranked}.`)} FROM (SELECT ${source}.*, ${ranks} FROM (${inner}) AS ${source}) AS ${ranked} WHERE ${ranked}.rk <= ${limit} ORDER BY ${ranked}.rn`;
}
