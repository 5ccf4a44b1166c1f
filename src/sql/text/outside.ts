import { beforeUnclosed, type Scan } from "../syntax/scan.ts";

const closed = new Set(["string", "bracket", "quoted"]);

/**
 * The matches of a pattern that stand neither in a string, a bracketed or quoted name nor in a comment, and not behind what
 * the text leaves open.
 *
 * @param pattern with the `g` flag
 */
export function matchesOutside(sql: string, scanned: Scan, pattern: RegExp): RegExpExecArray[] {
  const { comments } = scanned;
  const [open] = scanned.unclosed;
  const found = [...sql.matchAll(pattern)];
  if (found.length === 0) return [];
  const spans = [
    ...beforeUnclosed(scanned).flatMap(({ kind, start, end }) => (closed.has(kind) ? [{ start, end }] : [])),
    ...comments.map(([start, end]) => ({ start, end })),
    ...(open === undefined ? [] : [{ start: open.start, end: sql.length }]),
  ].sort((one, other) => one.start - other.start);
  let next = 0;
  return found.filter(({ index }) => {
    while ((spans[next]?.end ?? Number.POSITIVE_INFINITY) <= index) next += 1;
    return index < (spans[next]?.start ?? Number.POSITIVE_INFINITY);
  });
}
