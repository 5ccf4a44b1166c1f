import { textAsked, type AskedText } from "./asked-text.ts";
import type { Checked } from "./check.ts";
import { isError, type Diagnostic } from "./diagnostic.ts";
import { mceDiagnostics } from "./mce-diagnostics.ts";
import type { MceVerdict } from "./mce-verdict.ts";
import { isSame, ofColumns, openAlone } from "./same-complaint.ts";
import type { Query } from "./query.ts";
import { inlineCommonTables } from "./rewrite/common-tables.ts";
import { exposedTables } from "./rewrite/exposed.ts";
import { write, type Part } from "./rewrite/written.ts";

/**
 * The text that asks MCE whether common table expressions can stand alone, where nobody here knows whether their names are
 * columns of their own tables (D47). One text for all: what stands behind EXISTS needs no names, and there is no query around.
 *
 * @returns nothing where all is known
 */
export function aloneText(query: Query, asked: AskedText, { diagnostics }: Checked): AskedText | undefined {
  if (!diagnostics.some(openUnsure(asked))) return undefined;
  const parts = exposedTables(query.tree).flatMap(({ name, query: body }, index): Part[] => [
    { text: index === 0 ? "SELECT 1 AS [QPP_Alone] WHERE EXISTS (" : " AND EXISTS (", source: name },
    { start: body.start, end: body.end },
    { text: ")", source: name },
  ]);
  const written = write(query.sql, inlineCommonTables(query).splices, parts);
  return written && textAsked(written, query.lines);
}

/** Whether a complaint is a guess at what MCE finds in the tables of a common table expression that stands inside of another query. */
function openUnsure(asked: AskedText): (diagnostic: Diagnostic) => boolean {
  const isAlone = openAlone(asked);
  return (one) => one.code === "UNSURE_COLUMN" || (one.severity === "warning" && isAlone(one));
}

const fix = "Write its table's name before it, so that Marketing Cloud cannot take it from the query around";

/**
 * A check with what MCE says of the common table expressions alone. What it does not say is an error: the text might run
 * with another meaning (R18).
 *
 * @param said undefined: MCE did not answer
 */
export function withAlone(checked: Checked, asked: AskedText, alone: AskedText, said: MceVerdict | undefined): Checked {
  const isUnsure = openUnsure(asked);
  const all = said === undefined ? [] : mceDiagnostics(alone, said.errors);
  const theirs = all.filter(({ code }) => ofColumns.has(code));
  const isTold = said !== undefined && (said.isValid ? all.length === 0 : theirs.length > 0);
  const [first] = mceDiagnostics(alone, [{ text: "", shown: "" }]);
  const ours = checked.diagnostics.flatMap((own): Diagnostic[] => {
    if (!isUnsure(own)) return [own];
    if (!isTold) return [{ ...own, severity: "error", fix: own.fix ?? fix }];
    if (own.code === "UNSURE_COLUMN") return [];
    const same = theirs.find((one) => isSame(own, one, first));
    return [same === undefined ? own : { ...own, severity: "error", mce: same.message }];
  });
  const more = theirs.filter((one) => !ours.some((own) => isSame(own, one, first)));
  const diagnostics = [...ours, ...more].sort((one, other) => one.line - other.line || one.column - other.column);
  return { ...checked, ok: !diagnostics.some(isError), diagnostics };
}
