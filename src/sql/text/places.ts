import { at, type Name } from "../read/ast.ts";
import type { Lines } from "./positions.ts";
import type { Token } from "./scan.ts";

/** What turns the parser's places into offsets of the text. */
export type Places = { lines: Lines; tokens: readonly Token[] };

/** The offset of the parser's `{line, column}`; nothing when it gives none. */
export function offsetOf(places: Places, place: unknown): number | undefined {
  const line = at(place, "line");
  const column = at(place, "column");
  return typeof line === "number" && typeof column === "number" && line > 0
    ? places.lines.offset(line, column)
    : undefined;
}

/** The index of the first token that starts at or behind an offset. */
export function tokenIndexAt(tokens: readonly Token[], offset: number): number {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tokens[middle]?.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where a dotted name stands; the text's first token when the parser does not say. */
export function placeOf(places: Places, parts: readonly Name[]): { start: number; end: number } {
  const start = offsetOf(places, at(parts[0]?.span, "start"));
  const end = offsetOf(places, at(parts.at(-1)?.span, "end"));
  const first = places.tokens[0];
  if (start === undefined || end === undefined) return { start: first?.start ?? 0, end: first?.end ?? 0 };
  return { start, end };
}

function selectToken(node: unknown): unknown {
  if (typeof node !== "object" || node === null) return undefined;
  const own = at(node, "select_token");
  if (own !== undefined && own !== null) return own;
  for (const child of Object.values(node)) {
    const found = selectToken(child);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Where the first SELECT word below a node stands. */
export function placeOfSelect(places: Places, node: unknown): { start: number; end: number } {
  const start = offsetOf(places, at(at(selectToken(node), "span"), "start")) ?? 0;
  const token = places.tokens[tokenIndexAt(places.tokens, start)];
  return { start: token?.start ?? 0, end: token?.end ?? 0 };
}
