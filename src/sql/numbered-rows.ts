/** Fields of one row by their lower-cased names, as MCE sends them. */
type Row = Readonly<Record<string, string>>;

/** Whether every row has its number in the query's order (`lookParts`). */
export function isNumbered(rows: readonly Row[], column: string): boolean {
  return rows.every((row) => numberOf(row, column) > 0);
}

/** Whether the rows are those the query numbered `first`, `first + 1` and so on. */
export function isInPlace(rows: readonly Row[], column: string, first: number): boolean {
  return rows.every((row, index) => numberOf(row, column) === first + index);
}

/** The rows in the query's order, by their numbers: all of them must have one (`isNumbered`). */
export function inOrder(rows: readonly Row[], column: string): Row[] {
  return rows.toSorted((one, other) => numberOf(one, column) - numberOf(other, column));
}

function numberOf(row: Row, column: string): number {
  return Number(row[column.toLowerCase()] ?? Number.NaN);
}
