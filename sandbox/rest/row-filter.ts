import type { Field, Value } from "../engine/types.ts";
import { compareValues } from "./compare-values.ts";

export type RowTest = (values: readonly Value[]) => boolean;

const term =
  /^\s*\[?([^\s\]]+(?:\s[^\s\]]+)*?)\]?\s+(eq|ne|gt|lt|ge|le|like)\s+(?:'((?:[^']|'')*)'|([^\s']+))\s*(?:(and|or)\b|$)/i;

/**
 * Reads `$filter`: terms such as `email eq 'x'` joined by and/or, `and` first. Some clients use it; one author writes that
 * REST has no such thing (MCE 13).
 *
 * @returns a test of a row's values in field order, or the error's text
 */
export function readFilterExpression(source: string, fields: readonly Field[]): RowTest | string {
  const groups: RowTest[][] = [[]];
  let rest = source;
  while (rest.trim() !== "") {
    const match = term.exec(rest);
    if (match === null) return `The filter ${source} is invalid.`;
    const [whole, name = "", operator = "", quoted, bare, joint] = match;
    const at = fields.findIndex((it) => it.name.toLowerCase() === name.toLowerCase());
    const field = fields[at];
    if (field === undefined) return `The field ${name} does not exist.`;
    const wanted = quoted?.replaceAll("''", "'") ?? bare ?? "";
    groups.at(-1)?.push((values) => holds(operator.toLowerCase(), values[at] ?? null, wanted, field.fieldType));
    if (joint?.toLowerCase() === "or") groups.push([]);
    rest = rest.slice(whole.length);
    if (joint !== undefined && rest.trim() === "") return `The filter ${source} is invalid.`;
  }
  return (values) => groups.some((group) => group.every((test) => test(values)));
}

function holds(operator: string, value: Value, wanted: string, fieldType: string): boolean {
  if (value === null) return false;
  const way = compareValues(value, wanted, fieldType);
  switch (operator) {
    case "eq":
      return way === 0;
    case "ne":
      return way !== 0;
    case "gt":
      return way > 0;
    case "lt":
      return way < 0;
    case "ge":
      return way >= 0;
    case "le":
      return way <= 0;
    default:
      return new RegExp(
        `^${wanted
          .replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
          .replaceAll("%", ".*")
          .replaceAll("_", ".")}$`,
        "is",
      ).test(value);
  }
}
