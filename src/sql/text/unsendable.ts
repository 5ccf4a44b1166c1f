import { said } from "../lint/said.ts";
import type { Finding, Remark } from "../diagnostic.ts";
import { codePointOf } from "./code-point.ts";

// With the `u` flag a surrogate is met only where it stands alone.
// oxlint-disable-next-line no-control-regex -- these are the characters to find
const unsendable = /[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]/gu;

/** The first 50 characters that XML 1.0 cannot carry: on the way to MCE they would be dropped, which changes the query. */
export function unsendableFindings(sql: string): Finding[] {
  const found: Finding[] = [];
  for (const { 0: char, index: start } of sql.matchAll(unsendable)) {
    if (found.push({ start, end: start + char.length, remark: remarkOn(char) }) === 50) break;
  }
  return found;
}

function remarkOn(char: string): Remark {
  const unit = char.charCodeAt(0);
  const name = codePointOf(char);
  const [what, instead] = char.isWellFormed()
    ? [name, `write it as NCHAR(${unit})`]
    : [`${name}, half of a character,`, "write the whole character"];
  return said("UNSENDABLE_CHARACTER", what, instead);
}
