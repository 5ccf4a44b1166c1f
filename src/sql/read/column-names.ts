/** A column as the query leaves it: its name, or one to suggest when it has none. */
export type Unsettled = { name: string | undefined; suggestion?: string };

/** MCE takes names for equal that differ in case, or in blanks around them. */
const folded = (name: string) => name.trim().toLowerCase();

/** Distinct names for a query's columns, in order: the first of equal names keeps it, later ones get `_2`, `_3`. */
export function settledNames(columns: readonly Unsettled[]): string[] {
  const written = new Set(columns.flatMap(({ name }) => (name === undefined ? [] : [folded(name)])));
  const used = new Set<string>();
  const counts = new Map<string, number>();
  const isTaken = (name: string): boolean => used.has(folded(name)) || written.has(folded(name));
  const free = (name: string): string => {
    if (!isTaken(name)) return name;
    let count = counts.get(name.toLowerCase()) ?? 2;
    while (isTaken(`${name}_${count}`)) count += 1;
    counts.set(name.toLowerCase(), count + 1);
    return `${name}_${count}`;
  };
  return columns.map(({ name: given, suggestion }, index) => {
    // Nobody can address a column of blanks.
    const name = given?.trim() === "" ? undefined : given;
    const wanted = name ?? suggestion ?? `Column${index + 1}`;
    const isWritten = name !== undefined && !used.has(folded(name));
    const settled = isWritten ? wanted : free(wanted);
    used.add(folded(settled));
    return settled;
  });
}
