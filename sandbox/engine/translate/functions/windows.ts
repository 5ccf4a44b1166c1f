import type { Over } from "./aggregate-use.ts";
import { SqlError, unsupported } from "../../values/sql-error.ts";
import { bigint, float, int } from "../../types.ts";
import { list, node, unnested, variant, word, type Json } from "../ast.ts";
import type { Context, Expr } from "../model.ts";
import { implicit, keySql } from "../expr.ts";
import { translate } from "../expression.ts";
import { orderClause, translateWindowOrder } from "../order.ts";
import { argument, expectArguments, intArgument, type Builder, type Call } from "./builder.ts";

function bound(json: Json, side: "start" | "end"): string {
  const { name, body } = variant(json);
  if (name === "CurrentRow") return "CURRENT ROW";
  if (name !== "Preceding" && name !== "Following") return unsupported(`a window frame ${side} of kind ${name}`);
  const direction = name.toUpperCase();
  if (body === null) return `UNBOUNDED ${direction}`;
  const { name: kind, body: inner } = variant(unnested(body));
  const digits = word(list(variant(node(inner)["value"]).body)[0]);
  if (kind !== "Value" || digits === undefined) return unsupported("a window frame with an expression");
  return `${digits} ${direction}`;
}

function frameClause(json: Json | undefined): { sql: string; isSliding: boolean } {
  if (json === null || json === undefined) return { sql: "", isSliding: false };
  const frame = node(json);
  const units = (word(frame["units"]) ?? "").toUpperCase();
  if (units !== "ROWS" && units !== "RANGE") return unsupported(`a window frame in ${units}`);
  const start = bound(frame["start_bound"] ?? null, "start");
  const end =
    frame["end_bound"] === null || frame["end_bound"] === undefined ? "CURRENT ROW" : bound(frame["end_bound"], "end");
  if (units === "RANGE" && /\d/.test(start + end))
    throw new SqlError("RANGE is only supported with UNBOUNDED and CURRENT ROW window frame delimiters.");
  return { sql: ` ${units} BETWEEN ${start} AND ${end}`, isSliding: start !== "UNBOUNDED PRECEDING" };
}

/** Translates OVER (…); its expressions see what the select list sees. */
export function overClause(context: Context, json: Json | undefined): Over {
  if (json === null || json === undefined) return { sql: "", isSliding: false, isOrdered: false };
  if (context.place !== "select" && context.place !== "order by")
    throw new SqlError("Windowed functions can only appear in the SELECT or ORDER BY clauses.");
  const { name, body } = variant(json);
  if (name !== "WindowSpec") return unsupported("a named window");
  const spec = node(body);
  const partition = list(spec["partition_by"]).map((item) => keySql(context, translate(context, item)));
  const items = list(spec["order_by"]);
  const order = orderClause(translateWindowOrder({ ...context }, items));
  const frame = frameClause(spec["window_frame"]);
  if (frame.sql !== "" && items.length === 0) throw new SqlError("Incorrect syntax: a window frame needs ORDER BY.");
  const inner = [
    partition.length === 0 ? "" : `PARTITION BY ${partition.join(", ")}`,
    order.trim(),
    frame.sql.trim(),
  ].filter((part) => part !== "");
  return { sql: ` OVER (${inner.join(" ")})`, isSliding: frame.isSliding, isOrdered: items.length > 0 };
}

function needOrder(written: Call, over: Over): void {
  if (over.sql === "") throw new SqlError(`The function '${written.name.toUpperCase()}' must have an OVER clause.`);
  if (!over.isOrdered)
    throw new SqlError(`The function '${written.name.toUpperCase()}' must have an OVER clause with ORDER BY.`);
}

function ranking(sql: string, type: Expr["type"]): Builder {
  return (context, written) => {
    expectArguments(written, 0);
    const over = overClause(context, written.body["over"]);
    needOrder(written, over);
    return { sql: `${sql}()${over.sql}`, type };
  };
}

function nullTreatment({ body }: Call): void {
  const treatment = body["null_treatment"] ?? node(node(body["args"])["List"])["clauses"];
  if (treatment !== null && treatment !== undefined && !(Array.isArray(treatment) && treatment.length === 0))
    unsupported("IGNORE NULLS");
}

function neighbor(name: "lag" | "lead"): Builder {
  return (context, written) => {
    expectArguments(written, 1, 3);
    nullTreatment(written);
    const over = overClause(context, written.body["over"]);
    needOrder(written, over);
    const value = argument(context, written, 0);
    const parts = [value.sql];
    if (written.args.length > 1) parts.push(intArgument(context, written, 1).sql);
    if (written.args.length > 2) parts.push(implicit(context, argument(context, written, 2), value.type).sql);
    return { sql: `${name}(${parts.join(", ")})${over.sql}`, type: value.type };
  };
}

function edge(name: "first_value" | "last_value"): Builder {
  return (context, written) => {
    expectArguments(written, 1);
    nullTreatment(written);
    const over = overClause(context, written.body["over"]);
    needOrder(written, over);
    const value = argument(context, written, 0);
    return { sql: `${name}(${value.sql})${over.sql}`, type: value.type };
  };
}

/** Functions that exist only with OVER, by lower-cased name. */
export const windowFunctions: Record<string, Builder> = {
  row_number: ranking("row_number", bigint),
  rank: ranking("rank", bigint),
  dense_rank: ranking("dense_rank", bigint),
  percent_rank: ranking("percent_rank", float),
  cume_dist: ranking("cume_dist", float),
  ntile(context, written) {
    expectArguments(written, 1);
    const over = overClause(context, written.body["over"]);
    needOrder(written, over);
    return { sql: `ntile(${implicit(context, argument(context, written, 0), int).sql})${over.sql}`, type: bigint };
  },
  lag: neighbor("lag"),
  lead: neighbor("lead"),
  first_value: edge("first_value"),
  last_value: edge("last_value"),
};
