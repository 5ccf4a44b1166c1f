import type { DataView } from "#client/schema-types.ts";
import { visible } from "./visible.ts";

/** What a person wants to know of a data view, beside its fields. Views that are joined by the same keys share a line. */
export function viewLines({ summary, where, keeps, trap, joins }: DataView): string[] {
  // Not Map.groupBy: Node 20 has none.
  const byKeys = new Map<string, string[]>();
  for (const { view, on } of joins) {
    const keys = on.map(keyText).join(", ");
    byKeys.set(keys, [...(byKeys.get(keys) ?? []), view]);
  }
  return [
    summary,
    `Rows of: ${where}`,
    ...(keeps === undefined ? [] : [`Keeps: ${keeps}`]),
    ...(trap === undefined ? [] : [`Mind: ${trap}`]),
    ...[...byKeys].map(([keys, views]) => `Joins by ${keys}: ${views.join(", ")}`),
  ].map(visible);
}

function keyText({ column, other }: DataView["joins"][number]["on"][number]): string {
  return column === other ? column : `${column} = ${other}`;
}
