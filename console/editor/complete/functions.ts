import { snippet, type Completion } from "@codemirror/autocomplete";
import type { SqlFunction } from "#client/schema-types.ts";
import { catalogue } from "../../engine/catalogue.ts";
import { functionDocs } from "../docs/docs.ts";

/** The functions of T-SQL, each with stops for its arguments. */
export function functionOptions(): Completion[] {
  return [...catalogue.get().functions.values()].map(option);
}

const boosts = { usual: 1, disputed: -5, newer: -8, foreign: -20 };

function option(entry: SqlFunction): Completion {
  return {
    label: entry.name,
    detail: entry.returns,
    type: "function",
    boost: boosts[entry.evidence],
    apply: snippet(templateOf(entry.signature)),
    info: () => functionDocs(entry),
  };
}

/** A signature as a template: `LEFT(text, length)` has two stops; what may be left out is left out. */
export function templateOf(signature: string): string {
  const needed = signature
    .replace(/\[[^[\]]*\]/g, "")
    .replace(/,\s*…/g, "")
    .replace(/\s+/g, " ")
    .replace("( ", "(");
  return needed.replace(/(?<![\p{L}_])[a-z][\p{L}_]*/gu, (word) => `\${${word}}`);
}
