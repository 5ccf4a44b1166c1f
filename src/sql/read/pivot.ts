import { columnNamed, type Column, type Columns } from "./scope.ts";
import { text, widestOf, type SqlType } from "../types/sql-type.ts";

/** The columns that have none of these names. */
function without(columns: readonly Column[], names: readonly string[]): Column[] {
  const gone = new Set(names.map((name) => name.toLowerCase()));
  return columns.filter(({ name }) => name === undefined || !gone.has(name.toLowerCase()));
}

/**
 * The columns PIVOT gives: the source's without those it uses up, then one per literal value.
 *
 * @param names the values as columns; nothing, or a hole, where they are no literals
 */
export function pivotColumns(
  source: Columns,
  usedUp: readonly string[],
  names: readonly (string | undefined)[] | undefined,
  type: SqlType,
): Columns {
  const kept = without(source.columns, usedUp);
  const values = (names ?? []).flatMap((name) => (name === undefined ? [] : [{ name, type }]));
  const isLiteral = names !== undefined && values.length === names.length;
  return { columns: [...kept, ...values], isOpen: source.isOpen || !isLiteral };
}

/** The columns UNPIVOT gives: the source's without the turned ones, then the value and the name it came from. */
export function unpivotColumns(source: Columns, turned: readonly string[], value: string, name: string): Columns {
  const kept = without(source.columns, turned);
  const types = turned.flatMap((column) => columnNamed(source.columns, column)?.type ?? []);
  return {
    columns: [...kept, { name: value, type: widestOf(types) }, { name, type: text(128) }],
    isOpen: source.isOpen,
  };
}
