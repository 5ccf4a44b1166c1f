import { conversion, isImplicit, sameStorage } from "../convert/convert.ts";
import { keyOf, needsKey } from "../convert/key.ts";
import { knownComparison, usualComparison } from "../values/comparison.ts";
import { SqlError, unsupported } from "../values/sql-error.ts";
import { typeName, type SqlType, type Stored } from "../types.ts";
import type { Scalar } from "../udfs/functions.ts";
import { inCollation } from "./collation.ts";
import type { Context, Expr } from "./model.ts";

/** A value as SQLite writes it. */
function literalSql(value: Stored): string {
  if (value === null) return "NULL";
  if (typeof value === "string") {
    if (value.includes("\u0000")) return unsupported("a text with the character U+0000");
    return `'${value.replaceAll("'", "''")}'`;
  }
  if (value instanceof Uint8Array) return `X'${Buffer.from(value).toString("hex")}'`;
  if (typeof value === "number" && !Number.isInteger(value)) return value.toExponential();
  return String(value);
}

/** A literal of a type. */
export function constant(value: Stored, type: SqlType): Expr {
  // A whole float must not become an integer in SQLite.
  const sql = type.kind === "float" && typeof value === "number" ? value.toExponential(16) : literalSql(value);
  return { sql, type, constant: value };
}

/** A short text that is the same for equal types. */
export function signature(type: SqlType): string {
  return JSON.stringify(type);
}

/** A call of a scalar function; registered on first use under `key`. */
export function call(
  context: Context,
  key: string,
  body: () => Scalar,
  args: readonly string[],
  isVolatile = false,
): string {
  return `${context.runtime.functions.scalar(key, body, isVolatile)}(${args.join(", ")})`;
}

/** The value as another type, as CAST does it; literals are converted here when possible. */
export function cast(context: Context, value: Expr, type: SqlType, style?: number): Expr {
  if (value.type.kind === "null") return { sql: value.sql, type };
  const { isLiteral: _isLiteral, ...known } = value;
  if (style === undefined && sameStorage(value.type, type)) return retyped(known, type);
  const { type: from } = value;
  if (value.constant !== undefined) {
    try {
      return constant(conversion(from, type, style)(value.constant), type);
    } catch (error) {
      // A literal that cannot be converted fails when its row is reached, as SQL Server has it, not before.
      if (!(error instanceof SqlError)) throw error;
    }
  }
  const key = `cast ${signature(from)} ${signature(type)} ${style ?? ""}`;
  const convert = conversion(from, type, style);
  return { sql: call(context, key, () => (given) => convert(given ?? null), [value.sql]), type };
}

/** The value as another type with the same storage; a text keeps its collation unless the type has one. */
function retyped(value: Expr, type: SqlType): Expr {
  if (type.kind !== "text" || value.type.kind !== "text") return { ...value, type };
  const collation = type.collation ?? value.type.collation;
  const { key } = inCollation(value, collation);
  const { key: _before, ...known } = value;
  return {
    ...known,
    ...(key === undefined ? {} : { key }),
    type: collation === undefined ? type : { ...type, collation },
  };
}

/** The value as another type where no CAST is written; throws where SQL Server requires one. */
export function implicit(context: Context, value: Expr, type: SqlType): Expr {
  if (!isImplicit(value.type, type)) {
    throw new SqlError(
      `Implicit conversion from data type ${typeName(value.type)} to ${typeName(type)} is not allowed. Use the CONVERT function to run this query.`,
    );
  }
  return cast(context, value, type);
}

/** SQLite's text for the comparison key of a value. */
export function keySql(context: Context, value: Expr): string {
  if (!needsKey(value.type)) return value.sql;
  if (value.key !== undefined) return value.key();
  const { type } = value;
  if (value.constant !== undefined) return literalSql(keyOf(type)(value.constant));
  const name = `key ${keyKind(type)}`;
  return call(
    context,
    name,
    () => {
      const key = keyOf(type);
      return (given) => key(given ?? null);
    },
    [value.sql],
  );
}

/** A name for the kind of keys of a type. */
function keyKind(type: SqlType): string {
  if (type.kind === "decimal") return type.precision <= 15 ? "short" : "long";
  const { id } = knownComparison(type.kind === "text" ? type.collation?.name : undefined);
  return id === usualComparison.id ? type.kind : `${type.kind} ${id}`;
}
