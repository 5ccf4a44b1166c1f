import { SqlError, unsupported } from "../../values/sql-error.ts";
import { int, type SqlType, type Stored } from "../../types.ts";
import type { Json, Node } from "../ast.ts";
import { stronger } from "../collation.ts";
import type { Context, Expr } from "../model.ts";
import { call, implicit, signature } from "../expr.ts";
import { translate } from "../expression.ts";
import { asText } from "../type-rules.ts";

/** A function call as written: lower-cased name, argument trees, and the whole node. */
export type Call = { name: string; args: readonly Json[]; body: Node };

/** Translates one function's calls. */
export type Builder = (context: Context, written: Call) => Expr;

/** Throws SQL Server's error when the number of arguments is wrong. */
export function expectArguments({ name, args }: Call, least: number, most = least): void {
  if (args.length >= least && args.length <= most) return;
  const needs = least === most ? `${least} argument(s)` : `${least} to ${most} arguments`;
  throw new SqlError(`The ${name} function requires ${needs}.`);
}

/** The argument at a place, translated. */
export function argument(context: Context, { args }: Call, at: number): Expr {
  const json = args[at];
  if (json === undefined || json === "Wildcard") throw new SqlError("Incorrect syntax near '*'.");
  return translate(context, json);
}

/** The argument of any type as text. */
export function textArgument(context: Context, written: Call, at: number): Expr {
  const value = argument(context, written, at);
  return implicit(context, value, asText(value.type));
}

/** The argument as an integer. */
export function intArgument(context: Context, written: Call, at: number): Expr {
  const value = argument(context, written, at);
  if (value.type.kind === "moment" || value.type.kind === "time" || value.type.kind === "offset") {
    throw new SqlError(
      `Argument data type ${value.type.kind === "moment" ? value.type.size : value.type.kind} is invalid for argument ${at + 1} of ${written.name} function.`,
    );
  }
  return implicit(context, value, value.type.kind === "int" ? value.type : int);
}

/** A call that is NULL as soon as one argument is; `extra` distinguishes two uses whose body differs. */
export function strict(
  context: Context,
  name: string,
  args: readonly Expr[],
  type: SqlType,
  body: (...values: Exclude<Stored, null>[]) => Stored,
  extra = "",
): Expr {
  const key = `${name} ${extra} ${args.map((arg) => signature(arg.type)).join(" ")}`;
  const guarded = (...values: Stored[]): Stored => {
    const known: Exclude<Stored, null>[] = [];
    for (const value of values) {
      if (value === null) return null;
      known.push(value);
    }
    return body(...known);
  };
  return {
    sql: call(
      context,
      key,
      () => guarded,
      args.map(({ sql }) => sql),
    ),
    type: type.kind === "text" ? asCollated(type, args) : type,
  };
}

/** The type of a text made of texts, with their collation. */
function asCollated(type: Extract<SqlType, { kind: "text" }>, args: readonly Expr[]): SqlType {
  const collation = args.map((arg) => asText(arg.type).collation).reduce(stronger, type.collation);
  return collation === undefined ? type : { ...type, collation };
}

/** Refuses a call with parts that only some functions have. */
export function plain({ name, body }: Call): void {
  for (const part of ["over", "filter", "null_treatment", "within_group"] as const) {
    const value = body[part];
    if (value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0))
      unsupported(`${name.toUpperCase()} with ${part.replaceAll("_", " ")}`);
  }
}
