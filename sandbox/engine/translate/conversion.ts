import { conversion } from "../convert/convert.ts";
import { SqlError, unsupported } from "../values/sql-error.ts";
import { typeName, type SqlType } from "../types.ts";
import { list, node, variant, word, type Json, type Node } from "./ast.ts";
import type { Context, Expr } from "./model.ts";
import { call, cast, signature } from "./expr.ts";
import { translate } from "./expression.ts";
import { dataType } from "./data-type.ts";

function allowed(from: SqlType, to: SqlType): void {
  const dateOnly = (type: SqlType): boolean =>
    type.kind === "time" ||
    type.kind === "offset" ||
    (type.kind === "moment" && (type.size === "date" || type.size === "datetime2"));
  const numeric = (type: SqlType): boolean =>
    type.kind === "int" || type.kind === "bit" || type.kind === "decimal" || type.kind === "float";
  const refused =
    (dateOnly(from) && numeric(to)) ||
    (numeric(from) && dateOnly(to)) ||
    (from.kind === "guid" && (numeric(to) || to.kind === "moment" || dateOnly(to))) ||
    (to.kind === "guid" && (numeric(from) || from.kind === "moment" || dateOnly(from))) ||
    (from.kind === "moment" && from.size === "date" && to.kind === "time") ||
    (from.kind === "time" && to.kind === "moment" && to.size === "date");
  if (refused)
    throw new SqlError(`Explicit conversion from data type ${typeName(from)} to ${typeName(to)} is not allowed.`);
}

/** A value cast to a type; with `isTry`, NULL in place of an error. */
export function castTo(context: Context, value: Expr, type: SqlType, isTry: boolean, style?: number): Expr {
  allowed(value.type, type);
  if (!isTry) return cast(context, value, type, style);
  if (value.type.kind === "null") return { sql: "NULL", type };
  const { type: from } = value;
  const convert = conversion(from, type, style);
  const body =
    () =>
    (given: Parameters<typeof convert>[0] = null): ReturnType<typeof convert> => {
      try {
        return convert(given);
      } catch (error) {
        if (error instanceof SqlError) return null;
        throw error;
      }
    };
  return { sql: call(context, `try ${signature(from)} ${signature(type)} ${style ?? ""}`, body, [value.sql]), type };
}

/** CAST and TRY_CAST. */
export function translateCast(context: Context, body: Node): Expr {
  const value = translate(context, body["expr"] ?? null);
  return castTo(context, value, dataType(body["data_type"] ?? null), word(body["kind"]) === "TryCast");
}

function styleOf(json: Json): number {
  const { name, body } = variant(json);
  if (name === "Value") {
    const { name: kind, body: inner } = variant(node(body)["value"]);
    if (kind === "Number") return Number(list(inner)[0]);
  }
  return unsupported("CONVERT with a style that is no number");
}

/** CONVERT and TRY_CONVERT. */
export function translateConvert(context: Context, body: Node): Expr {
  const value = translate(context, body["expr"] ?? null);
  const [style] = list(body["styles"]).map(styleOf);
  return castTo(context, value, dataType(body["data_type"] ?? null), body["is_try"] === true, style);
}
