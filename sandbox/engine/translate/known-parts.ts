import { unsupported } from "../values/sql-error.ts";
import type { Json, Node } from "./ast.ts";

function isEmpty(value: Json | undefined): boolean {
  if (value === null || value === undefined || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** Refuses a node with a part that the translator would not read: ignoring it could give wrong rows. */
export function knownParts(body: Node, known: readonly string[], construct: string): void {
  for (const [part, value] of Object.entries(body)) {
    if (!isEmpty(value) && !known.includes(part)) unsupported(`${construct} with ${part.replaceAll("_", " ")}`);
  }
}
