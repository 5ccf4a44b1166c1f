import { keyOf, needsKey } from "../../convert/key.ts";
import { unsupported } from "../../values/sql-error.ts";
import { float, typeName, type Stored } from "../../types.ts";
import type { Context, Expr } from "../model.ts";
import { implicit, signature } from "../expr.ts";
import { invalid, type Use } from "./aggregate-use.ts";
import { numeric } from "./sums.ts";

/** MIN and MAX, in the order of the collation for texts. */
export function extreme(context: Context, { value, over }: Use, name: "min" | "max"): Expr {
  const { type } = value;
  if (type.kind === "bit" || type.kind === "xml" || type.kind === "null") throw invalid(type, name);
  if (!needsKey(type)) return { sql: `${name}(${value.sql})${over.sql}`, type };
  if (over.isSliding) return unsupported(`${name.toUpperCase()} of ${typeName(type)} over a moving frame`);
  type Best = { value: Stored; key: Stored };
  const key = keyOf(type);
  const made = context.runtime.functions.aggregate<Best>(
    `${name} ${type.kind} ${type.kind === "decimal" || type.kind === "text" ? signature(type) : ""}`,
    () => ({
      start: () => ({ value: null, key: null }),
      step(best, given = null) {
        if (given === null) return best;
        const own = key(given);
        if (own === null || (best.key !== null && !(name === "min" ? own < best.key : own > best.key))) return best;
        return { value: given, key: own };
      },
      // SQLite requires it for every window, but calls it only when a frame's start moves, which is refused above.
      inverse: (best) => best,
      result: (best) => best.value,
    }),
  );
  return { sql: `${made}(${value.sql})${over.sql}`, type };
}

/** STDEV and VAR of a sample or of all, as float. */
export function spread(context: Context, { value, distinct, over }: Use, name: string): Expr {
  numeric({ value, distinct, over }, name);
  const asFloat = implicit(context, value, float);
  type Moments = { n: number; mean: number; m2: number };
  const isSample = !name.endsWith("p");
  if (over.isSliding) return unsupported(`${name.toUpperCase()} over a moving frame`);
  const made = context.runtime.functions.aggregate<Moments>(name, () => ({
    start: () => ({ n: 0, mean: 0, m2: 0 }),
    step(state, given = null) {
      if (given === null) return state;
      const n = state.n + 1;
      const delta = Number(given) - state.mean;
      const mean = state.mean + delta / n;
      return { n, mean, m2: state.m2 + delta * (Number(given) - mean) };
    },
    inverse: (state) => state,
    result({ n, m2 }) {
      const divisor = isSample ? n - 1 : n;
      if (n === 0 || divisor === 0) return null;
      return name.startsWith("stdev") ? Math.sqrt(m2 / divisor) : m2 / divisor;
    },
  }));
  return { sql: `${made}(${distinct}${asFloat.sql})${over.sql}`, type: float };
}
