/** A column as the query leaves it: its name, or one to suggest when it has none. */
export type Unsettled = { name: string | undefined; suggestion?: string };

function free(name: string, isTaken: (name: string) => boolean): string {
  if (!isTaken(name)) return name;
  for (let count = 2; ; count += 1) {
    if (!isTaken(`${name}_${count}`)) return `${name}_${count}`;
  }
}

/** MCE takes names for equal that differ in case, or in blanks around them. */
const folded = (name: string) => name.trim().toLowerCase();

/** Distinct names for a query's columns, in order: the first of equal names keeps it, later ones get `_2`, `_3`. */
export function settledNames(columns: readonly Unsettled[]): string[] {
  const written = new Set(columns.flatMap(({ name }) => (name === undefined ? [] : [folded(name)])));
  const used = new Set<string>();
  return columns.map(({ name: given, suggestion }, index) => {
    // Nobody can address a column of blanks.
    const name = given?.trim() === "" ? undefined : given;
    const wanted = name ?? suggestion ?? `Column${index + 1}`;
    const isWritten = name !== undefined && !used.has(folded(name));
    const settled = isWritten
      ? wanted
      : free(wanted, (candidate) => used.has(folded(candidate)) || written.has(folded(candidate)));
    used.add(folded(settled));
    return settled;
  });
}
