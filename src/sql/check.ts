import { diagnosticsOf, type Diagnostic, type Finding } from "./diagnostic.ts";
import type { OutputColumn, TableField, TableRef } from "./fields.ts";
import { guard } from "./guard.ts";
import { inferredByTokens, inferredOf, tablesIn, tablesOf, type QueryTable } from "./infer.ts";
import { clauseFindings } from "./lint/clauses.ts";
import { calledFindings, unknownFunctionFindings } from "./lint/functions.ts";
import { groupingFindings } from "./lint/grouping.ts";
import { nameFindings } from "./lint/names.ts";
import { placeOfSelect } from "./text/places.ts";
import { numberPrefixFindings, tableFindings, targetTokenFindings, type Target } from "./lint/tables.ts";
import { widthFindings } from "./lint/width.ts";
import { oneQuery, readQuery, type OneQuery } from "./read/one-query.ts";
import { linesOf, type Lines } from "./text/positions.ts";
import { scan } from "./text/scan.ts";

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

/** What else is known: where the result goes, and which Data Extensions there are to have meant. */
export type CheckContext = { target?: Target; tableNames?: readonly string[] };

/** An editor needs no more. */
const maxDiagnostics = 50;

function checked(diagnostics: Diagnostic[], rest: Omit<Checked, "ok" | "diagnostics">): Checked {
  const seen = diagnostics.slice(0, maxDiagnostics);
  return { ok: diagnostics.every(({ severity }) => severity === "warning"), diagnostics: seen, ...rest };
}

/** A remark where the parser lost its way; at the text's end when it does not say where, since then the text ends too early. */
function notUnderstood({ why, at }: OneQuery & { kind: "unknown" }, lines: Lines, end: number): Diagnostic {
  const { line, column } = at ?? lines.at(end);
  const fix = "MCE itself will say whether it is right";
  const place = { line, column, endLine: line, endColumn: column + 1 };
  return { code: "NOT_UNDERSTOOD", severity: "warning", message: why, ...place, fix };
}

/** What is known of a text without its syntax tree. */
function byTokens(sql: string, why: string): Pick<Checked, "tables" | "columns" | "sql"> {
  const found = tablesOf(sql);
  const tables = found.kind === "known" ? found.tables : [];
  const inferred = inferredByTokens(sql, why);
  return inferred.kind === "inferred"
    ? { tables, columns: inferred.columns, sql: inferred.sql }
    : { tables, columns: [] };
}

/**
 * Checks a query before it runs: guard, lint, tables, and the columns its result will have.
 *
 * Errors are what fails in MCE for certain, warnings what may; a text the parser does not know is "not understood here",
 * and MCE's own validation decides. Never throws.
 *
 * @param fieldsOf the fields of a Data Extension; nothing for one nobody knows
 */
export function check(
  text: string,
  fieldsOf: (table: TableRef) => readonly TableField[] | undefined,
  { target, tableNames = [] }: CheckContext = {},
): Checked {
  const guarded = guard(text);
  const nothing = { tables: [], columns: [], notes: [] };
  if (!guarded.ok) return checked(guarded.diagnostics, nothing);
  const { sql, notes } = guarded;
  const lines = linesOf(sql);
  const { tokens } = scan(sql);
  const findings: Finding[] = [
    ...clauseFindings(tokens),
    ...calledFindings(tokens),
    ...numberPrefixFindings(tokens, sql),
  ];
  const one = oneQuery(sql);
  if (one.kind === "unknown") {
    findings.push(...targetTokenFindings(sql, tokens, target));
    const remark = notUnderstood(one, lines, tokens.at(-1)?.end ?? 0);
    return checked([...diagnosticsOf(lines, findings), remark], { ...byTokens(sql, one.why), notes });
  }
  const { reading, columns } = readQuery(sql, one.query, fieldsOf);
  findings.push(
    ...tableFindings(one.query, reading, target),
    ...unknownFunctionFindings(one.query, reading),
    ...nameFindings(reading, tableNames),
    ...groupingFindings(reading),
  );
  const tables = tablesIn(one.query);
  const inferred = inferredOf(reading, columns);
  if (inferred.kind !== "inferred") {
    const refusals = inferred.kind === "refused" ? inferred.diagnostics : [];
    return checked([...refusals, ...diagnosticsOf(lines, findings)], { tables, columns: [], notes });
  }
  findings.push(...widthFindings(inferred.columns, placeOfSelect(reading, one.query)));
  return checked(diagnosticsOf(lines, findings), {
    tables,
    columns: inferred.columns,
    sql: inferred.sql,
    notes: [...notes, ...inferred.notes],
  });
}
