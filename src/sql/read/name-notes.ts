import type { Span } from "../syntax/tree.ts";
import type { ResultList } from "./reading.ts";

/** A column of a result as its list writes it: its place, and its name when it has one. */
type Written = Span & { name: string | undefined };

/** The columns of a result's list, stars written out. */
export function writtenColumns({ items }: ResultList): Written[] {
  return items.flatMap(({ node, item }): Written[] => {
    const { start, end } = node;
    if (item.kind === "expression") return [{ start, end, name: item.name }];
    return item.columns.map(({ column: { name } }) => ({ start, end, name }));
  });
}

/** Whether a name addresses nothing. */
export function isBlank(name: string | undefined): boolean {
  return name === undefined || name.trim() === "";
}

/** What to tell of the names that a result gets instead of those its list writes. */
export function nameNotes(list: ResultList, names: readonly string[]): string[] {
  return writtenColumns(list).flatMap(({ name }, index) => {
    const settled = names[index] ?? "";
    if (name === settled) return [];
    if (isBlank(name)) return [`Column ${index + 1} has no name; it is called ${settled}`];
    return [`Column ${index + 1} repeats the name ${name}; it is called ${settled}`];
  });
}
