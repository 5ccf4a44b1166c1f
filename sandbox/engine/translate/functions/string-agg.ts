import { SqlError, unsupported } from "../../values/sql-error.ts";
import { text } from "../../types.ts";
import { list, type Json } from "../ast.ts";
import type { Context, Expr } from "../model.ts";
import { implicit } from "../expr.ts";
import { translate } from "../expression.ts";
import type { Over } from "./aggregate-use.ts";
import { orderClause, translateWindowOrder } from "../order.ts";
import { asText } from "../type-rules.ts";
import type { Call } from "./builder.ts";

/** STRING_AGG, with WITHIN GROUP or without. */
export function stringAgg(
  context: Context,
  inside: Context,
  written: Call,
  args: Json[],
  over: Over,
  isDistinct: boolean,
): Expr {
  if (over.sql !== "") return unsupported("STRING_AGG with OVER");
  if (isDistinct) throw new SqlError("Incorrect syntax near the keyword 'DISTINCT'.");
  const [value, separator] = args.map((arg) => translate(inside, arg));
  if (value === undefined || separator === undefined)
    throw new SqlError("The string_agg function requires 2 argument(s).");
  const order = orderClause(translateWindowOrder(inside, list(written.body["within_group"])));
  const source = implicit(context, value, asText(value.type));
  type Joined = { parts: string[]; separator: string };
  const unicode = asText(source.type).unicode;
  const length = asText(source.type).length;
  const limit = length === "max" ? Infinity : 8000;
  const made = context.runtime.functions.aggregate<Joined>(`string_agg ${unicode} ${limit}`, () => ({
    start: () => ({ parts: [], separator: "" }),
    step(state, given = null, by = null) {
      if (given !== null) state.parts.push(String(given));
      state.separator = by === null ? "" : String(by);
      return state;
    },
    result({ parts, separator: glue }) {
      if (parts.length === 0) return null;
      const joined = parts.join(glue);
      if (joined.length * (unicode ? 2 : 1) > limit)
        throw new SqlError(
          "STRING_AGG aggregation result exceeded the limit of 8000 bytes. Use LOB types to avoid result truncation.",
        );
      return joined;
    },
  }));
  return {
    sql: `${made}(${source.sql}, ${implicit(context, separator, text("max")).sql}${order})`,
    type: text(length === "max" ? "max" : unicode ? 4000 : 8000, unicode),
  };
}
