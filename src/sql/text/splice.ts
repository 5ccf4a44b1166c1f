import type { Edit } from "../read/reading.ts";

/** A name as T-SQL text that means it whatever it holds. */
export function bracketed(name: string): string {
  return `[${name.replaceAll("]", "]]")}]`;
}

/** The text with every edit made; edits must not overlap. Everything else, comments and layout too, stays as it is. */
export function spliced(sql: string, edits: readonly Edit[]): string {
  let done = "";
  let at = 0;
  for (const edit of [...edits].sort((one, other) => one.start - other.start || one.end - other.end)) {
    done += sql.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return done + sql.slice(at);
}
