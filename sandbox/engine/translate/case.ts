import { SqlError } from "../values/sql-error.ts";
import { int, type SqlType } from "../types.ts";
import { list, node, type Json, type Node } from "./ast.ts";
import type { Context, Expr } from "./model.ts";
import { implicit } from "./expr.ts";
import { translate } from "./expression.ts";
import { predicate } from "./predicate.ts";
import { met } from "./meet.ts";
import { commonType } from "./type-rules.ts";

/** All values in their common type; NULLs alone are an int, as in SQL Server. */
export function unified(context: Context, values: readonly Expr[]): { type: SqlType; sqls: string[] } {
  const common = values.map(({ type }) => type).reduce(commonType);
  const type = common.kind === "null" ? int : common;
  return { type, sqls: values.map((value) => implicit(context, value, type).sql) };
}

/** CASE in both forms. */
export function translateCase(context: Context, body: Node): Expr {
  const arms = list(body["conditions"]).map(node);
  const results = arms.map((arm) => translate(context, arm["result"] ?? null));
  const otherwise = body["else_result"];
  if (otherwise !== null && otherwise !== undefined) results.push(translate(context, otherwise));
  if (results.every(({ type, constant }) => type.kind === "null" && constant === null)) {
    throw new SqlError(
      "At least one of the result expressions in a CASE specification must be an expression other than the NULL constant.",
    );
  }
  const { type, sqls } = unified(context, results);
  const operand = body["operand"];
  const tests = arms.map((arm) => test(context, operand, arm["condition"] ?? null));
  const printed = tests.map((condition, at) => `WHEN ${condition} THEN ${sqls[at] ?? "NULL"}`).join(" ");
  const tail = sqls.length > tests.length ? ` ELSE ${sqls.at(-1) ?? "NULL"}` : "";
  return { sql: `(CASE ${printed}${tail} END)`, type };
}

function test(context: Context, operand: Json | undefined, condition: Json): string {
  if (operand === null || operand === undefined) return predicate(context, condition);
  const [a = "", b = ""] = met(context, [translate(context, operand), translate(context, condition)]);
  return `(${a} = ${b})`;
}
