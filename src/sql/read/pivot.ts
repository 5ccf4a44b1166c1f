import { columnNamed, isSameName, type Column, type Columns } from "./scope.ts";
import { text, widestOf, type SqlType } from "../types/sql-type.ts";

function isOneOf(names: readonly string[], column: Column): boolean {
  return names.some((name) => column.name !== undefined && isSameName(name, column.name));
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
  const kept = source.columns.filter((column) => !isOneOf(usedUp, column));
  const values = (names ?? []).flatMap((name) => (name === undefined ? [] : [{ name, type }]));
  const isLiteral = names !== undefined && values.length === names.length;
  return { columns: [...kept, ...values], isOpen: source.isOpen || !isLiteral };
}

/** The columns UNPIVOT gives: the source's without the turned ones, then the value and the name it came from. */
export function unpivotColumns(source: Columns, turned: readonly string[], value: string, name: string): Columns {
  const kept = source.columns.filter((column) => !isOneOf(turned, column));
  const types = turned.flatMap((column) => columnNamed(source.columns, column)?.type ?? []);
  return {
    columns: [...kept, { name: value, type: widestOf(types) }, { name, type: text(128) }],
    isOpen: source.isOpen,
  };
}
