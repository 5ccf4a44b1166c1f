import { said } from "./lint/said.ts";
import { diagnosticAt, diagnosticsOf, isError, placedEdit, type Diagnostic, type Finding } from "./diagnostic.ts";
import type { OutputColumn, TableField, TableRef } from "./fields.ts";
import { resultOf, tablesIn, type QueryTable } from "./infer.ts";
import { withNamesAsWritten } from "./lint/as-written.ts";
import { batchSeparatorFindings } from "./lint/batch-separator.ts";
import { clauseFindings } from "./lint/clauses.ts";
import { enterpriseViewFindings } from "./lint/enterprise-views.ts";
import { mendedTogether } from "./lint/together.ts";
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
import { unsureFindings } from "./lint/unsure-columns.ts";
import { widthFindings } from "./lint/width.ts";
import { maxColumns, readGuarded, whyFromLost, whyLost, type GuardedQuery, type Query } from "./query.ts";
import { readTree } from "./read/read-tree.ts";
import type { Reading } from "./read/reading.ts";
import { repairLost, repairRefused, type Repair, type Trial } from "./repair/repair.ts";
import { illegalOrder } from "./rewrite/last-order.ts";
import { rewrite, type How, type Look } from "./rewrite/rewrite.ts";
import { mainSelect, placeOfSelect, tokenIndexAt } from "./syntax/places.ts";
import { linesOf } from "./text/positions.ts";

/** What there is to say about a query; `ok` when nothing of it is an error. Without `sql` the columns are not known. */
export type Checked = {
  ok: boolean;
  diagnostics: Diagnostic[];
  tables: QueryTable[];
  columns: OutputColumn[];
  /** The text to run, which gives all rows: cut, stars written out, columns named. */
  sql?: string;
  /** The look at its first rows; absent into a target, and where the columns are not sure. */
  look?: Look;
  /** The text as one can save it in Automation Studio. */
  portable?: string;
  notes: string[];
};

/**
 * What else is known: where the result goes, which Data Extensions there are to have meant, where and when it runs, and why
 * the fields of some tables could not be read, by the tables' keys; and which tables FROM reaches by `Ent.`.
 */
export type CheckContext = How & {
  target?: Target;
  tableNames?: readonly string[];
  unreadTables?: ReadonlyMap<string, string>;
  isShared?: (name: string) => boolean;
  /** The business unit has a parent. */
  isChild?: boolean;
  /** Variables that will have a value, by lower-cased names. */
  variables?: ReadonlySet<string>;
  /** Epoch milliseconds; absent: nothing is said of how far back data views go. */
  now?: number;
};

/** An editor needs no more. */
const maxDiagnostics = 50;

/** What a check found: why there is no result to keep, and what else there is to say. */
type Found = Omit<Checked, "ok" | "diagnostics"> & { refusals?: readonly Diagnostic[]; findings: Finding[] };

type FieldsOf = (table: TableRef) => readonly TableField[] | undefined;

function checked(query: Query, { refusals = [], findings, ...rest }: Found, repair: Repair | undefined): Checked {
  const remark = notUnderstood(query, repair);
  const isSaid = findings.some(({ remark: { code } }) => code === "CTE");
  const last = remark === undefined || isSaid ? [] : [remark];
  const first = refusals.slice(0, maxDiagnostics);
  const others = diagnosticsOf(query.lines, findings, maxDiagnostics - first.length - last.length);
  return {
    ok: first.length === 0 && !findings.some(({ remark }) => isError(remark)),
    diagnostics: [...first, ...others, ...last],
    ...rest,
  };
}

/** A remark where the reader lost its way. */
function notUnderstood(query: Query, repair: Repair | undefined): Diagnostic | undefined {
  const { lines, lost } = query;
  const message = whyLost(query);
  if (lost === undefined || message === undefined) return undefined;
  const fix = { fix: "MCE itself will say whether it is right", ...repair };
  return diagnosticAt(lines, lost.start, lost.start + 1, {
    code: "NOT_UNDERSTOOD",
    severity: "warning",
    message,
    ...fix,
  });
}

/** A result no Data Extension has fields for; its names need not be settled then. */
function tooManyColumns(count: number, place: { start: number; end: number }): Finding {
  return { ...place, remark: said("TOO_MANY_COLUMNS", count, maxColumns) };
}

/** What the syntax tree tells; in a text that is not understood only what may be the target. */
function treeFindings(query: Query, reading: Reading, context: CheckContext): Finding[] {
  const { target, tableNames = [], unreadTables = new Map<string, string>(), isChild = false, now, isShared } = context;
  const { sql, tokens, tree, lost } = query;
  if (lost !== undefined) return targetTokenFindings(sql, tokens, target);
  const like = openNearest();
  const common = tree.commonTables.map(({ name }) => name.value);
  return [
    ...tableFindings(tree, reading, target),
    ...unknownFunctionFindings(tree, like),
    ...nameFindings(reading, { otherTables: [...common, ...tableNames], unreadTables, isChild, isShared }, like),
    ...unsureFindings(tree, reading),
    ...nullFindings(tree, reading),
    ...unequalFindings(reading),
    ...groupingFindings(reading),
    ...enterpriseViewFindings(tree, isChild),
    ...reachFindings(reading, now),
    ...trackingJoinFindings(reading),
  ];
}

/** What is known of a text by its syntax tree. */
function byTree(query: Query, fieldsOf: FieldsOf, context: CheckContext): Found {
  const { tree, sql, tokens } = query;
  const known = { tables: tablesIn(tree), columns: [], notes: [] };
  const lostWith = lostWithFindings(query);
  if (lostWith.length > 0) return { ...known, findings: lostWith };
  const items = mainSelect(tree)?.items ?? [];
  const [first] = items;
  if (items.length > maxColumns && first !== undefined) {
    const findings = targetTokenFindings(sql, tokens, context.target);
    return { ...known, findings: [...findings, tooManyColumns(items.length, first)] };
  }
  const { reading, columns } = readTree(query, fieldsOf, whyFromLost(query));
  const findings = treeFindings(query, reading, context);
  const place = placeOfSelect(tree);
  if (columns.columns.length > maxColumns) {
    findings.push(tooManyColumns(columns.columns.length, place));
    return { ...known, findings };
  }
  const inferred = resultOf(query, reading, columns);
  if (inferred.kind === "refused") return { ...known, findings, refusals: inferred.diagnostics };
  if (inferred.kind === "unknown") return { ...known, findings };
  if (query.lost === undefined) findings.push(...widthFindings(inferred.columns, place));
  const names = inferred.columns.map(({ name }) => name);
  const { rewritten, findings: wrong } = rewrite(query, reading, names, context);
  if (rewritten === undefined) return { ...known, findings: [...findings, ...wrong], columns: inferred.columns };
  const { fields, notes, ...texts } = rewritten;
  const output = inferred.columns.map((column, index) => withField(column, fields[index]));
  return { ...known, ...texts, findings, columns: output, notes: [...notes, ...inferred.notes] };
}

/** A query with WITH has to be understood: MCE runs none as it is written. */
function lostWithFindings(query: Query): Finding[] {
  const { lost, tree, tokens } = query;
  const first = tokens[tokenIndexAt(tokens, tree.start)];
  const why = whyLost(query);
  if (lost === undefined || why === undefined || first?.upper !== "WITH") return [];
  return [{ start: lost.start, end: lost.end, remark: said("CTE:lost", why) }];
}

/** Whether a clause that MCE does not allow is left out by the rewriting. */
function isLeftOut({ tree, lost }: Query, { start, remark }: Finding): boolean {
  return remark.code === "ORDER_BY_WITHOUT_TOP" && lost === undefined && illegalOrder(tree)?.start === start;
}

/** A column and the field that holds it, where that has another name. */
function withField(column: OutputColumn, field: string | undefined): OutputColumn {
  return field === undefined || field === column.name ? column : { ...column, field };
}

/**
 * Checks a query before it runs: guard, lint, tables, and the columns its result will have.
 *
 * Errors are what fails in MCE for certain, warnings what may; where a text is "not understood here", MCE's own validation
 * decides. Never throws.
 *
 * @param fieldsOf the fields of a Data Extension; nothing for one nobody knows
 */
export function check(text: string, fieldsOf: FieldsOf, context: CheckContext = {}): Checked {
  return checkGuarded(readGuarded(text, context.variables), fieldsOf, context);
}

/** Checks a text that has been read. */
export function checkGuarded(guarded: GuardedQuery, fieldsOf: FieldsOf, context: CheckContext = {}): Checked {
  const trial: Trial = {
    read: (tried) => readGuarded(tried, context.variables),
    check: (tried) => checkRead(tried, fieldsOf, context, undefined).diagnostics,
  };
  return checkRead(guarded, fieldsOf, context, trial);
}

/** Refusals, the first with the change that makes the text one that may run. */
function repaired(sql: string, diagnostics: readonly Diagnostic[], trial: Trial | undefined): Diagnostic[] {
  const [first, ...others] = diagnostics;
  const isClear = first === undefined || trial === undefined || diagnostics.some(({ edits }) => edits !== undefined);
  const repair = isClear ? undefined : repairRefused(sql, first, trial);
  if (first === undefined || repair === undefined) return [...diagnostics];
  const edits = repair.edits.map((edit) => placedEdit(linesOf(sql), edit));
  return [{ ...first, fix: repair.fix, edits }, ...others];
}

function checkRead(
  guarded: GuardedQuery,
  fieldsOf: FieldsOf,
  context: CheckContext,
  trial: Trial | undefined,
): Checked {
  if (!guarded.ok) {
    const diagnostics = repaired(guarded.sql, guarded.diagnostics, trial);
    return { ok: false, diagnostics, tables: [], columns: [], notes: [] };
  }
  const { query, notes, changed } = guarded;
  const { sql, tokens } = query;
  const { findings: known, ...found } = byTree(query, fieldsOf, context);
  const all = [
    ...changed,
    ...clauseFindings(tokens, sql).filter((finding) => !isLeftOut(query, finding)),
    ...calledFindings(tokens),
    ...batchSeparatorFindings(tokens, query.lost === undefined),
    ...foreignSignFindings(tokens, sql),
    ...reservedFindings(tokens, sql),
    ...numberPrefixFindings(tokens, sql),
    ...known,
  ];
  const { tables } = found;
  const written = withNamesAsWritten(query, { tables, tableNames: context.tableNames ?? [], fieldsOf }, all);
  const findings = mendedTogether(sql, written);
  // What a rule has an answer for is no riddle.
  const isClear = findings.some(({ remark }) => isError(remark) && remark.edits !== undefined);
  const repair = isClear || trial === undefined ? undefined : repairLost(query, trial);
  return checked(query, { ...found, findings, notes: [...notes, ...found.notes] }, repair);
}
