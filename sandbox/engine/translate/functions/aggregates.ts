import { SqlError, unsupported } from "../../values/sql-error.ts";
import { bigint, int } from "../../types.ts";
import { node, variant, word, type Json, type Node } from "../ast.ts";
import type { Context, Expr } from "../model.ts";
import { keySql } from "../expr.ts";
import { groupingBits } from "./grouping-bits.ts";
import { translate } from "../expression.ts";
import { overClause } from "./windows.ts";
import type { Over, Use } from "./aggregate-use.ts";
import type { Call } from "./builder.ts";
import { extreme, spread } from "./extremes.ts";
import { stringAgg } from "./string-agg.ts";
import { average, sum } from "./sums.ts";

/** The context inside an aggregate: plain rows again, and no second aggregate. */
function insideOf(context: Context, isWindowed: boolean): Context {
  if (isWindowed) return context;
  if (context.place === "aggregate")
    throw new SqlError("Cannot perform an aggregate function on an expression containing an aggregate or a subquery.");
  if (context.place === "where" || context.place === "on" || context.place === "group by") {
    if (context.place === "group by")
      throw new SqlError(
        "Cannot use an aggregate or a subquery in an expression used for the group by list of a GROUP BY clause.",
      );
    if ((context.names.outer?.sources.length ?? 0) > 0)
      return unsupported("an aggregate in the WHERE or ON of a subquery");
    const clause = context.place === "where" ? "WHERE clause" : "ON clause";
    throw new SqlError(
      `An aggregate may not appear in the ${clause} unless it is in a subquery contained in a HAVING clause or a select list, and the column being aggregated is an outer reference.`,
    );
  }
  const { grouped: _grouped, ...plain } = context;
  const { grouped: _shown, ...names } = context.names;
  return { ...plain, names, place: "aggregate" };
}

function count(
  context: Context,
  written: Call,
  inside: Context,
  args: readonly Json[],
  isDistinct: boolean,
  over: Over,
): Expr {
  const type = written.name === "count_big" ? bigint : int;
  const [only] = args;
  if (args.length !== 1 || only === undefined)
    throw new SqlError(`The ${written.name} function requires 1 argument(s).`);
  if (only === "Wildcard") return { sql: `count(*)${over.sql}`, type };
  const value = translate(inside, only);
  guardOuter(context, value);
  return {
    sql: isDistinct ? `count(DISTINCT ${keySql(context, value)})${over.sql}` : `count(${value.sql})${over.sql}`,
    type,
  };
}

/** Refuses an aggregate over columns of an outer query, which would belong to that query. */
function guardOuter(context: Context, value: Expr): void {
  const aliases = new Set(
    context.names.sources.flatMap(({ columns }) => columns.flatMap(({ sql }) => /[tqj]\d+(?=\.)/.exec(sql)?.[0] ?? [])),
  );
  const used = [...value.sql.matchAll(/\b([tqj]\d+)\./g)].map(([, alias]) => alias ?? "");
  if (
    used.length > 0 &&
    !used.some((alias) => aliases.has(alias)) &&
    context.names.outer !== undefined &&
    !/\(SELECT/.test(value.sql)
  )
    unsupported("an aggregate over columns of an outer query");
}

/** Translates an aggregate, with OVER or without. */
export function translateAggregate(context: Context, written: Call): Expr {
  const { name, body, args } = written;
  if (name === "grouping" || name === "grouping_id") return groupingBits(context, name, args);
  const isDistinct = isDistinctCall(body);
  const isWindowed = body["over"] !== null && body["over"] !== undefined;
  const inside = insideOf(context, isWindowed);
  const over = overClause(context, body["over"]);
  if (isWindowed && isDistinct) throw new SqlError("Use of DISTINCT is not allowed with the OVER clause.");
  if (name === "count" || name === "count_big") return count(context, written, inside, args, isDistinct, over);
  if (name === "string_agg") return stringAgg(context, inside, written, [...args], over, isDistinct);
  const [only] = args;
  if (only === undefined || args.length !== 1) throw new SqlError(`The ${name} function requires 1 argument(s).`);
  const value = translate(inside, only);
  guardOuter(context, value);
  const use: Use = { value, distinct: isDistinct ? "DISTINCT " : "", over };
  switch (name) {
    case "sum":
      return sum(context, use);
    case "avg":
      return average(context, use);
    case "min":
    case "max":
      return extreme(context, use, name);
    case "stdev":
    case "stdevp":
    case "var":
    case "varp":
      return spread(context, use, name);
    default:
      return unsupported(name.toUpperCase());
  }
}

function isDistinctCall(body: Node): boolean {
  const treatment = node(node(body["args"])["List"])["duplicate_treatment"];
  return treatment !== null && treatment !== undefined && (word(treatment) ?? variant(treatment).name) === "Distinct";
}
