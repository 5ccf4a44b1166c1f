import { decimalOf, decimalText, powerOfTen } from "../../values/decimal.ts";
import { SqlError, unsupported } from "../../values/sql-error.ts";
import { keyOf, needsKey } from "../../convert/key.ts";
import { bigint, decimal, float, int, text, typeName, type SqlType, type Stored } from "../../types.ts";
import { list, node, variant, word, type Json, type Node } from "../ast.ts";
import type { Context } from "../context.ts";
import { call, implicit, keySql, signature, type Expr } from "../expr.ts";
import { groupingBits } from "../grouped.ts";
import { translate } from "../recurse.ts";
import { orderClause, translateWindowOrder } from "../order.ts";
import { asText } from "../type-rules.ts";
import { decimalOperation } from "../operators.ts";
import type { Call } from "./builder.ts";
import { overClause, type Over } from "./windows.ts";

/** The context of what stands inside an aggregate: plain rows again, and no second aggregate. */
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

type Use = { value: Expr; distinct: string; over: Over };

function invalid(type: SqlType, name: string): SqlError {
  const shown = type.kind === "null" ? "NULL" : typeName(type);
  return new SqlError(`Operand data type ${shown} is invalid for ${name} operator.`);
}

function wholeSum(context: Context, { value, distinct, over }: Use, type: SqlType): Expr {
  const size = type.kind === "int" && type.size === "bigint" ? "bigint" : "int";
  const check = call(
    context,
    `sum in ${size}`,
    () =>
      (sum = null) => {
        const limit = size === "int" ? 2_147_483_647n : 9_223_372_036_854_775_807n;
        if (sum !== null && (BigInt(sum as number | bigint) > limit || BigInt(sum as number | bigint) < -limit - 1n)) {
          throw new SqlError(`Arithmetic overflow error converting expression to data type ${size}.`);
        }
        return sum;
      },
    [`sum(${distinct}${value.sql})${over.sql}`],
  );
  return { sql: check, type: size === "int" ? int : bigint };
}

type Sum = { units: bigint; seen: number };

/** SUM of decimals, exact; gives units and count so that AVG can share it. */
function decimalSum(
  context: Context,
  { value, distinct, over }: Use,
  type: Extract<SqlType, { kind: "decimal" }>,
): string {
  const move = (state: Sum, given: Stored | undefined, sign: bigint): Sum =>
    given === null || given === undefined
      ? state
      : { units: state.units + sign * decimalOf(String(given)).units, seen: state.seen + Number(sign) };
  const name = context.house.functions.aggregate<Sum>(`decimal sum ${type.scale}`, () => ({
    start: () => ({ units: 0n, seen: 0 }),
    step: (state, given) => move(state, given, 1n),
    inverse: (state, given) => move(state, given, -1n),
    result({ units, seen }) {
      if (seen === 0) return null;
      if ((units < 0n ? -units : units) >= powerOfTen(38))
        throw new SqlError("Arithmetic overflow error converting expression to data type numeric.");
      return decimalText({ units, scale: type.scale });
    },
  }));
  return `${name}(${distinct}${value.sql})${over.sql}`;
}

function numeric({ value }: Use, name: string): Extract<SqlType, { kind: "int" | "decimal" | "float" }> {
  const { type } = value;
  if (type.kind === "int" || type.kind === "decimal" || type.kind === "float") return type;
  throw invalid(type, name);
}

function sum(context: Context, use: Use): Expr {
  const type = numeric(use, "sum");
  if (type.kind === "int") return wholeSum(context, use, type);
  if (type.kind === "float") return { sql: `sum(${use.distinct}${use.value.sql})${use.over.sql}`, type: float };
  const own = type.money === undefined ? decimal(38, type.scale) : { ...type, precision: 19, money: "money" as const };
  return { sql: decimalSum(context, use, type), type: own };
}

function average(context: Context, use: Use): Expr {
  const type = numeric(use, "avg");
  const { value, distinct, over } = use;
  if (type.kind === "float") return { sql: `avg(${distinct}${value.sql})${over.sql}`, type: float };
  const count = `count(${distinct}${value.sql})${over.sql}`;
  // SQLite divides integers as SQL Server does: cut towards zero.
  if (type.kind === "int")
    return { sql: `(${wholeSum(context, use, type).sql} / ${count})`, type: type.size === "bigint" ? bigint : int };
  const result: SqlType = { kind: "decimal", precision: 38, scale: Math.max(6, type.scale) };
  if (type.money !== undefined) return unsupported("AVG of money");
  const divide = call(
    context,
    `avg ${signature(result)}`,
    () =>
      (a = null, b = null) =>
        Number(b) === 0 ? null : decimalOperation("/", result)(a, b === null ? null : String(b)),
    [decimalSum(context, use, type), count],
  );
  return { sql: divide, type: result };
}

function extreme(context: Context, { value, over }: Use, name: "min" | "max"): Expr {
  const { type } = value;
  if (type.kind === "bit" || type.kind === "xml" || type.kind === "null") throw invalid(type, name);
  if (!needsKey(type)) return { sql: `${name}(${value.sql})${over.sql}`, type };
  if (over.isSliding) return unsupported(`${name.toUpperCase()} of ${typeName(type)} over a moving frame`);
  type Best = { value: Stored; key: Stored };
  const key = keyOf(type);
  const made = context.house.functions.aggregate<Best>(
    `${name} ${type.kind} ${type.kind === "decimal" ? signature(type) : ""}`,
    () => ({
      start: () => ({ value: null, key: null }),
      step(best, given = null) {
        if (given === null) return best;
        const own = key(given);
        if (own === null || (best.key !== null && !(name === "min" ? own < best.key : own > best.key))) return best;
        return { value: given, key: own };
      },
      // SQLite wants it for every window, but calls it only when a frame's start moves, which is refused above.
      inverse: (best) => best,
      result: (best) => best.value,
    }),
  );
  return { sql: `${made}(${value.sql})${over.sql}`, type };
}

/** STDEV and VAR of a sample or of all, as float. */
function spread(context: Context, { value, distinct, over }: Use, name: string): Expr {
  numeric({ value, distinct, over }, name);
  const asFloat = implicit(context, value, float);
  type Moments = { n: number; mean: number; m2: number };
  const isSample = !name.endsWith("p");
  if (over.isSliding) return unsupported(`${name.toUpperCase()} over a moving frame`);
  const made = context.house.functions.aggregate<Moments>(name, () => ({
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

function stringAgg(
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
  const made = context.house.functions.aggregate<Joined>(`string_agg ${unicode} ${limit}`, () => ({
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

/** An aggregate over columns of a query around belongs to that query, which no one means; refused. */
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
