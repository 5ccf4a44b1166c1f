import { typeName, type Collation, type SqlType } from "../types.ts";
import { comparisonOf, knownComparison, type Comparison } from "../values/comparison.ts";
import { SqlError, unsupported } from "../values/sql-error.ts";
import type { Expr } from "./model.ts";

/** The database's own. */
const usual: Collation = { name: "SQL_Latin1_General_CP1_CI_AS", isExplicit: false };

/** The collation that COLLATE gave a value, directly or further in. */
function collationOf(type: SqlType): Collation | undefined {
  return type.kind === "text" ? type.collation : undefined;
}

/** How texts of these types compare with one another. */
export function comparisonAmong(types: readonly SqlType[]): Comparison {
  return knownComparison(types.map(collationOf).reduce(stronger, undefined)?.name);
}

/** Which of two collations applies: an explicit one wins; two explicit ones conflict, and so do those of two columns. */
export function stronger(left: Collation | undefined, right: Collation | undefined): Collation | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  if (left.name.toLowerCase() === right.name.toLowerCase()) return left.isExplicit ? left : right;
  if (left.isExplicit !== right.isExplicit) return left.isExplicit ? left : right;
  throw new SqlError(
    `Cannot resolve the collation conflict between "${left.name}" and "${right.name}" in the equal to operation.`,
  );
}

/** The type of a column, whose collation is implicit. */
export function asColumnType(type: SqlType): SqlType {
  const collation = collationOf(type);
  if (type.kind !== "text" || collation === undefined) return type;
  return { ...type, collation: { ...collation, isExplicit: false } };
}

/** The values with their common collation; a column of the database has its own, a literal has none. */
export function meetingCollation(values: readonly Expr[]): (value: Expr) => Expr {
  const given = values.map(({ type }) => collationOf(type)).reduce(stronger, undefined);
  const isColumn = ({ type, constant }: Expr) =>
    type.kind === "text" && type.collation === undefined && constant === undefined;
  if (given?.isExplicit === false && values.some(isColumn)) stronger(given, usual);
  return (value) => (given === undefined ? value : inCollation(value, given));
}

/** The value under a collation; a column with its key is used only where both compare alike. */
export function inCollation(value: Expr, collation: Collation | undefined): Expr {
  const { key, ...rest } = value;
  if (rest.type.kind !== "text" || collation === undefined) return value;
  const type: SqlType = { ...rest.type, collation };
  const isAlike = knownComparison(rest.type.collation?.name).id === knownComparison(collation.name).id;
  return isAlike && key !== undefined ? { ...rest, key, type } : { ...rest, type };
}

/** `value COLLATE name`. Throws SQL Server's errors for an unknown name and for a value that is not text. */
export function collated(value: Expr, written: string): Expr {
  const isUsual = written.toLowerCase() === "database_default";
  const found = isUsual ? undefined : comparisonOf(written);
  if (found === "unknown") throw new SqlError(`Invalid collation '${written}'.`);
  if (found === "foreign") return unsupported(`COLLATE ${written}`);
  if (value.type.kind === "null") return value;
  if (value.type.kind !== "text")
    throw new SqlError(`Expression type ${typeName(value.type)} is invalid for COLLATE clause.`);
  const name = isUsual ? usual.name : written;
  // In parentheses GROUP BY no longer takes it for the column itself.
  const sql = value.constant === undefined ? `(${value.sql})` : value.sql;
  return inCollation({ ...value, sql }, { name, isExplicit: true });
}
