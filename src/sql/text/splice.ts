import type { Edit } from "../read/reading.ts";
import { isReserved } from "../syntax/reserved.ts";
import { upperCase } from "./upper-case.ts";

/** A name as T-SQL text that means it whatever it holds. */
export function bracketed(name: string): string {
  return `[${name.replaceAll("]", "]]")}]`;
}

const plainName = /^[\p{L}_][\p{L}\p{M}\p{N}_@#$]*$/u;

/** Whether a name needs brackets: T-SQL would read it as something else, or as more than one word. */
function needsBrackets(name: string): boolean {
  return !plainName.test(name) || isReserved(upperCase(name));
}

/** A name as T-SQL text, in brackets where it needs them. */
export function asWritten(name: string): string {
  return needsBrackets(name) ? bracketed(name) : name;
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
