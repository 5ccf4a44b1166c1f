import { diagnosticsOf, isWarning, type Diagnostic, type Finding } from "./diagnostic.ts";
import type { OutputColumn, TableField, TableRef } from "./fields.ts";
import { inferredByTokens, inferredOf, starFinding, tablesIn, tablesRead, type QueryTable } from "./infer.ts";
import { withNamesAsWritten } from "./lint/as-written.ts";
import { clauseFindings } from "./lint/clauses.ts";
import { enterpriseViewFindings } from "./lint/enterprise-views.ts";
import { foreignSignFindings } from "./lint/foreign-signs.ts";
import { calledFindings, unknownFunctionFindings } from "./lint/functions.ts";
import { groupingFindings } from "./lint/grouping.ts";
import { nullFindings } from "./lint/nulls.ts";
import { nameFindings } from "./lint/names.ts";
import { openNearest } from "./lint/nearest.ts";
import { reservedFindings } from "./lint/reserved.ts";
import { numberPrefixFindings, tableFindings, targetTokenFindings, type Target } from "./lint/tables.ts";
import { trackingJoinFindings } from "./lint/tracking-joins.ts";
import { reachFindings } from "./lint/view-reach.ts";
import { unequalFindings } from "./lint/unequal.ts";
import { widthFindings } from "./lint/width.ts";
import { maxColumns, readGuarded, type GuardedQuery, type Query } from "./query.ts";
import { readTree, type OneQuery } from "./read/one-query.ts";
import { mainItems, starsByTokens } from "./text/by-tokens.ts";
import { placeOfSelect } from "./text/places.ts";

/** What there is to say about a query; `ok` when nothing of it is an error. Without `sql` the columns are not known. */
export type Checked = {
  ok: boolean;
  diagnostics: Diagnostic[];
  tables: QueryTable[];
  columns: OutputColumn[];
  /** The text to run: cut, stars written out, columns named. */
  sql?: string;
  notes: string[];
};

/**
 * What else is known: where the result goes, which Data Extensions there are to have meant, where and when it runs, and why
 * the fields of some tables could not be read, by the tables' keys; and which tables FROM reaches by `Ent.`.
 */
export type CheckContext = {
  target?: Target;
  tableNames?: readonly string[];
  unreadTables?: ReadonlyMap<string, string>;
  isShared?: (name: string) => boolean;
  /** The business unit has a parent. */
  isChild?: boolean;
  /** Epoch milliseconds; absent: nothing is said of how far back data views go. */
  now?: number;
};

/** An editor needs no more. */
const maxDiagnostics = 50;

/** What a check found: why there is no result to keep, what else there is to say, and where the parser lost its way. */
type Found = Omit<Checked, "ok" | "diagnostics"> & {
  refusals?: readonly Diagnostic[];
  findings: Finding[];
  remark?: Diagnostic;
};

type FieldsOf = (table: TableRef) => readonly TableField[] | undefined;

function checked({ lines }: Query, { refusals = [], findings, remark, ...rest }: Found): Checked {
  const last = remark === undefined ? [] : [remark];
  const first = refusals.slice(0, maxDiagnostics);
  const others = diagnosticsOf(lines, findings, maxDiagnostics - first.length - last.length);
  return { ok: first.length === 0 && findings.every(isWarning), diagnostics: [...first, ...others, ...last], ...rest };
}

/** A remark where the parser lost its way; at the text's end when it does not say where, since then the text ends too early. */
function notUnderstood({ lines, tokens }: Query, { why, at }: OneQuery & { kind: "unknown" }): Diagnostic {
  const { line, column } = at ?? lines.at(tokens.at(-1)?.end ?? 0);
  const fix = "MCE itself will say whether it is right";
  const place = { line, column, endLine: line, endColumn: column + 1 };
  return { code: "NOT_UNDERSTOOD", severity: "warning", message: why, ...place, fix };
}

/** A result no Data Extension has fields for; its names need not be settled then. */
function tooManyColumns(count: number, place: { start: number; end: number }): Finding {
  const message = `The result has ${count} columns; a run takes ${maxColumns} at most`;
  return { ...place, remark: { code: "TOO_MANY_COLUMNS", message, fix: "Select the columns you need" } };
}

/** What is known of a text without its syntax tree. */
function byTokens(query: Query, tree: OneQuery & { kind: "unknown" }, target: Target | undefined): Found {
  const { sql, tokens } = query;
  const found = tablesRead(query);
  const tables = found.kind === "known" ? found.tables : [];
  const findings = targetTokenFindings(sql, tokens, target);
  const known = { findings, tables, columns: [], notes: [] };
  const items = mainItems(tokens);
  const first = tokens[items[0]?.first ?? 0];
  if (items.length > maxColumns && first !== undefined) {
    findings.push(tooManyColumns(items.length, { start: first.start, end: first.end }));
    return known;
  }
  const remark = notUnderstood(query, tree);
  const inferred = inferredByTokens(query, tree.why);
  if (inferred.kind === "inferred") return { ...known, remark, columns: inferred.columns, sql: inferred.sql };
  findings.push(...starsByTokens(tokens, items).map((star) => starFinding(star, tree.why)));
  return { ...known, remark };
}

/** What is known of a text by its syntax tree. */
function byTree(query: Query, tree: unknown, fieldsOf: FieldsOf, context: CheckContext): Found {
  const { target, tableNames = [], unreadTables = new Map<string, string>(), isChild = false, now, isShared } = context;
  const { reading, columns } = readTree(query, tree, fieldsOf);
  const like = openNearest();
  const findings = [
    ...tableFindings(tree, reading, target),
    ...unknownFunctionFindings(tree, reading, like),
    ...nameFindings(reading, { otherTables: tableNames, unreadTables, isChild, isShared }, like),
    ...nullFindings(tree, reading),
    ...unequalFindings(reading),
    ...groupingFindings(reading),
    ...enterpriseViewFindings(tree, reading, isChild),
    ...reachFindings(reading, now),
    ...trackingJoinFindings(reading),
  ];
  const known = { findings, tables: tablesIn(tree), columns: [], notes: [] };
  const place = placeOfSelect(reading, tree);
  if (columns.columns.length > maxColumns) {
    findings.push(tooManyColumns(columns.columns.length, place));
    return known;
  }
  const inferred = inferredOf(reading, columns);
  if (inferred.kind === "refused") return { ...known, refusals: inferred.diagnostics };
  if (inferred.kind === "unknown") return known;
  findings.push(...widthFindings(inferred.columns, place));
  return { ...known, columns: inferred.columns, sql: inferred.sql, notes: inferred.notes };
}

/**
 * Checks a query before it runs: guard, lint, tables, and the columns its result will have.
 *
 * Errors are what fails in MCE for certain, warnings what may; a text the parser does not know, or is not asked about
 * because of its depth, is "not understood here", and MCE's own validation decides. Never throws.
 *
 * @param fieldsOf the fields of a Data Extension; nothing for one nobody knows
 */
export function check(text: string, fieldsOf: FieldsOf, context: CheckContext = {}): Checked {
  return checkGuarded(readGuarded(text), fieldsOf, context);
}

/** Checks a text that has been read. */
export function checkGuarded(guarded: GuardedQuery, fieldsOf: FieldsOf, context: CheckContext = {}): Checked {
  if (!guarded.ok) return { ok: false, diagnostics: guarded.diagnostics, tables: [], columns: [], notes: [] };
  const { query, notes, changed } = guarded;
  const { sql, tokens, tree } = query;
  const { findings: known, ...found } =
    tree.kind === "unknown" ? byTokens(query, tree, context.target) : byTree(query, tree.query, fieldsOf, context);
  const all = [
    ...changed,
    ...clauseFindings(tokens),
    ...calledFindings(tokens),
    ...foreignSignFindings(tokens, sql),
    ...reservedFindings(tokens, sql),
    ...numberPrefixFindings(tokens, sql),
    ...known,
  ];
  const { tables } = found;
  const findings = withNamesAsWritten(query, { tables, tableNames: context.tableNames ?? [], fieldsOf }, all);
  return checked(query, { ...found, findings, notes: [...notes, ...found.notes] });
}
