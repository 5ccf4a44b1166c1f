import { SqlError } from "../values/sql-error.ts";
import { node, variant, type Json, type Node } from "./ast.ts";
import { meetingCollation } from "./collation.ts";
import { freshAlias } from "./fresh-alias.ts";
import type { Context, Expr } from "./model.ts";
import { implicit, keySql } from "./expr.ts";
import { translate } from "./expression.ts";
import { translateQuery } from "./query.ts";
import { noKeys, type Relation } from "./relation.ts";
import { commonType } from "./type-rules.ts";
import { needsKey } from "../convert/key.ts";
import type { Stored } from "../types.ts";
import { rulesOfDerived } from "./derived-rules.ts";

function inner(context: Context, json: Json): Relation {
  const { grouped: _grouped, ...around } = context;
  rulesOfDerived(json);
  return translateQuery(around, json);
}

function only(relation: Relation): void {
  if (relation.columns.length !== 1)
    throw new SqlError(
      "Only one expression can be specified in the select list when the subquery is not introduced with EXISTS.",
    );
}

const tooMany =
  "Subquery returned more than 1 value. This is not permitted when the subquery follows =, !=, <, <= , >, >= or when the subquery is used as an expression.";

type Single = { seen: number; value: Stored };

/** A subquery used as a value: NULL for no row, SQL Server's error for more than one. */
export function scalarSubquery(context: Context, json: Json): Expr {
  const relation = inner(context, json);
  only(relation);
  const type = relation.columns[0]?.type ?? { kind: "null" };
  const printed = relation.print(noKeys);
  if (relation.isSingleRow) return { sql: `(${printed})`, type };
  const single = context.runtime.functions.aggregate<Single>("single", () => ({
    start: () => ({ seen: 0, value: null }),
    step(state, value = null) {
      if (state.seen > 0) throw new SqlError(tooMany);
      return { seen: 1, value };
    },
    result: ({ value }) => value,
  }));
  const alias = freshAlias(context, "x");
  return { sql: `(SELECT ${single}(${alias}.c0) FROM (${printed}) AS ${alias})`, type };
}

/** EXISTS (…). */
export function existsSubquery(context: Context, json: Json): string {
  return `EXISTS (${inner(context, json).print(noKeys)})`;
}

/** `value [NOT] IN (…)` with both sides in their common type. */
export function subqueryKeys(context: Context, value: Expr, json: Json, negated: boolean): string {
  const relation = inner(context, json);
  only(relation);
  const type = relation.columns[0]?.type ?? { kind: "null" };
  const { left, right, source } = sides(context, value, relation, type);
  return `${left} ${negated ? "NOT " : ""}IN (SELECT ${right} FROM ${source})`;
}

function sides(
  context: Context,
  value: Expr,
  relation: Relation,
  type: Expr["type"],
): { left: string; right: string; source: string } {
  const alias = freshAlias(context, "x");
  const ready: Expr = { sql: `${alias}.c0`, type, ...(needsKey(type) ? { key: () => `${alias}.k0` } : {}) };
  const common = commonType(value.type, type);
  const inOne = meetingCollation([value, ready]);
  const meet = (side: Expr): string =>
    keySql(
      context,
      inOne(side.type.kind === "text" && common.kind === "text" ? side : implicit(context, side, common)),
    );
  const right = meet(ready);
  const wanted = right === `${alias}.k0` ? new Set([0]) : noKeys;
  return { left: meet(value), right, source: `(${relation.print(wanted)}) AS ${alias}` };
}

/** `value > ANY (…)` and `value > ALL (…)`, by counting how the rows compare. */
export function quantified(context: Context, isAny: boolean, body: Node, op: string | undefined): string {
  const { body: json } = variant(body["right"]);
  if (op === undefined || node(json)["body"] === undefined)
    throw new SqlError("Incorrect syntax near the keyword 'ALL'.");
  const relation = inner(context, json);
  only(relation);
  const type = relation.columns[0]?.type ?? { kind: "null" };
  const { left, right, source } = sides(context, translate(context, body["left"] ?? null), relation, type);
  const verdict = `(${left} ${op} ${right})`;
  // Three-valued: ANY is true with one true row, unknown with no true but an unknown one; ALL mirrors it.
  return isAny
    ? `(SELECT CASE WHEN total(${verdict}) > 0 THEN 1 WHEN count(${verdict}) < count(*) THEN NULL ELSE 0 END FROM ${source})`
    : `(SELECT CASE WHEN total(NOT ${verdict}) > 0 THEN 0 WHEN count(${verdict}) < count(*) THEN NULL ELSE 1 END FROM ${source})`;
}
