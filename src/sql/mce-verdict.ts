import type { Checked } from "./check.ts";
import type { AskedText } from "./asked-text.ts";
import { isError, type Diagnostic } from "./diagnostic.ts";
import { mceDiagnostics, type MceMessage } from "./mce-diagnostics.ts";
import { isSame, openAlone } from "./same-complaint.ts";

/** What MCE's own checker says of a text. */
export type MceVerdict = { isValid: boolean; errors: readonly MceMessage[]; warnings: readonly MceMessage[] };

/** What splicing repairs before anything runs, so that MCE's complaint about the text as written is settled. */
const repaired: ReadonlySet<string> = new Set(["UNNAMED_COLUMN", "DUPLICATE_COLUMN"]);

/** What SQL Server finds by compiling the text: where it finds nothing, we have read wrong. MCE's own rules are checked at save only. */
const compiled: ReadonlySet<string> = new Set([
  "AGGREGATE_IN_WHERE",
  "AMBIGUOUS_COLUMN",
  "DERIVED_WITHOUT_NAME",
  "FOREIGN_FUNCTION",
  "NOT_GROUPED",
  "OWN_FUNCTION",
  "RESERVED_WORD",
  "SUBQUERY_COLUMNS",
  "UNION_COLUMNS",
  "UNKNOWN_COLUMN",
  "UNKNOWN_PREFIX",
  "WINDOW_IN_WHERE",
]);

/** What is only likely to be wrong: where MCE finds nothing wrong, the text means what it says, and no edit is offered. */
const likely: ReadonlySet<string> = new Set([
  ...compiled,
  "LOOK_ALIKE_LETTER",
  "NOT_UNDERSTOOD",
  "UNBRACKETED_NAME",
  "UNKNOWN_FUNCTION",
  "UNKNOWN_TABLE",
]);

function withoutEdits(diagnostic: Diagnostic): Diagnostic {
  const rest = { ...diagnostic };
  delete rest.edits;
  return rest;
}

const refusal = { text: "", shown: "Marketing Cloud refuses the query and gives no reason" };

/** What MCE only warns of; what it says of every query without WHERE is no warning at all. */
function warning(diagnostic: Diagnostic): Diagnostic {
  const code = diagnostic.code === "MCE_REFUSED" ? "MCE_WARNING" : diagnostic.code;
  return { ...diagnostic, code, severity: diagnostic.severity === "info" ? "info" : "warning" };
}

function judged(ours: Diagnostic, theirs: readonly Diagnostic[], first: Diagnostic | undefined, isFine: boolean) {
  const said = theirs.find((diagnostic) => isSame(ours, diagnostic, first));
  if (said?.severity === "error") return { ...ours, severity: "error" as const, mce: said.message };
  if (!isFine || !likely.has(ours.code)) return ours;
  return { ...withoutEdits(ours), ...(compiled.has(ours.code) ? { severity: "warning" as const } : {}) };
}

/**
 * A check with MCE's verdict beside it: what MCE refuses is an error, what it compiles without complaint is at most a
 * warning, and what only MCE knows is added.
 */
export function withVerdict(checked: Checked, asked: AskedText, { isValid, errors, warnings }: MceVerdict): Checked {
  const isSettled = checked.sql !== undefined;
  const all = mceDiagnostics(asked, errors);
  const left = all.filter(({ code }) => !isSettled || !repaired.has(code));
  const isUnexplained = !isValid && all.length === 0;
  const theirs = [
    ...left,
    ...(isUnexplained ? mceDiagnostics(asked, [refusal]) : []),
    ...mceDiagnostics(asked, warnings).map(warning),
  ];
  const [first] = mceDiagnostics(asked, [refusal]);
  const isFine = isValid && all.length === 0;
  const isAlone = openAlone(asked);
  const ours = checked.diagnostics.map((diagnostic) =>
    judged(diagnostic, theirs, first, isFine && !isAlone(diagnostic)),
  );
  const more = theirs.filter((diagnostic) => !ours.some((own) => isSame(own, diagnostic, first)));
  const diagnostics = [...ours, ...more].sort((one, other) => one.line - other.line || one.column - other.column);
  return { ...checked, ok: !diagnostics.some(isError), diagnostics };
}
