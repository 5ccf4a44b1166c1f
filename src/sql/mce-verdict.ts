import type { Checked } from "./check.ts";
import type { AskedText } from "./asked-text.ts";
import { isError, type Diagnostic } from "./diagnostic.ts";
import { explainSqlError } from "./error-catalogue.ts";
import { mceDiagnostics, type MceMessage } from "./mce-diagnostics.ts";

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

/** To MCE a view of the parent is a table that a child has not. */
const theirCodes: Readonly<Record<string, string>> = { VIEW_NEEDS_ENT: "UNKNOWN_TABLE" };

/** The same complaint: MCE gives no places, so its own stands where the name it speaks of is met first, or at the text's first word. */
function isSame(ours: Diagnostic, theirs: Diagnostic, first: Diagnostic | undefined): boolean {
  if ((theirCodes[ours.code] ?? ours.code) !== theirs.code) return false;
  const isHere = (place: Diagnostic): boolean => place.line === theirs.line && place.column === theirs.column;
  if (isHere(ours) || (first !== undefined && isHere(first))) return true;
  const parts = explainSqlError(theirs.message)?.name?.split(".");
  const name = parts?.at(theirs.code === "UNKNOWN_PREFIX" ? 0 : -1);
  return name === undefined || hasWord(ours.message, name);
}

/** Whether a message speaks of a name, and of no longer one. */
function hasWord(message: string, name: string): boolean {
  const [text, word] = [message.toLowerCase(), name.toLowerCase()];
  const at = text.indexOf(word);
  const around = `${text[at - 1] ?? ""} ${text[at + word.length] ?? ""}`;
  return at >= 0 && !/[\p{L}\p{N}_]/u.test(around);
}

/** What MCE only warns of; what it says of every query without WHERE is no warning at all. */
function warning(diagnostic: Diagnostic): Diagnostic {
  const code = diagnostic.code === "MCE_REFUSED" ? "MCE_WARNING" : diagnostic.code;
  return { ...diagnostic, code, severity: diagnostic.severity === "info" ? "info" : "warning" };
}

/** Names that MCE may have found in a query around theirs. */
const ofColumns: ReadonlySet<string> = new Set(["UNKNOWN_COLUMN", "UNKNOWN_PREFIX"]);

/** Whether a complaint is about a column of a piece that MCE did not see alone. */
function openAlone({ of, lines }: AskedText): (ours: Diagnostic) => boolean {
  if (of === undefined) return () => false;
  const places = of.alone.map(({ start, end }) => [lines.at(start), lines.at(end)] as const);
  return ({ code, line, column }) =>
    ofColumns.has(code) &&
    places.some(
      ([from, to]) =>
        (line > from.line || (line === from.line && column >= from.column)) &&
        (line < to.line || (line === to.line && column < to.column)),
    );
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
