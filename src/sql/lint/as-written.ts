import { isError, type Finding } from "../diagnostic.ts";
import type { TableField, TableRef } from "../fields.ts";
import type { Query } from "../query.ts";
import { aliasBracketFindings } from "./alias-brackets.ts";
import { columnBracketFindings, tableBracketFindings } from "./brackets.ts";
import { letterFindings } from "./letters.ts";

/** The columns of more tables than this, which no real query has, are not looked for. */
const maxTables = 250;

/** What is known of the tables around a text. */
type Around = {
  tables: readonly TableRef[];
  tableNames: readonly string[];
  fieldsOf: (table: TableRef) => readonly TableField[] | undefined;
};

/** What is said of the pieces of a name that is not written as one. */
const consequences = new Set([
  "UNKNOWN_COLUMN",
  "UNKNOWN_PREFIX",
  "UNKNOWN_FUNCTION",
  "UNKNOWN_TABLE",
  "RESERVED_WORD",
]);

/**
 * Findings, and those on how names are written: brackets that are missing, letters that only look right.
 *
 * What the other rules say of a name's pieces is left out where the whole name is found; an error among them stays one.
 */
export function withNamesAsWritten(
  { sql, tokens, lost }: Query,
  { tables, tableNames, fieldsOf }: Around,
  findings: readonly Finding[],
): Finding[] {
  // A text that is too deep to be read may be right.
  if (lost?.code === "TOO_DEEP") return [...findings];
  const isRead = lost === undefined;
  const isLost = (start: number, end: number): boolean =>
    lost !== undefined && lost.start >= start && lost.start <= end + 1;
  const written = { sql, tokens, isRead, isLost };
  const fields = tables.slice(0, maxTables).flatMap((table) => fieldsOf(table) ?? []);
  const columns = new Set(fields.map(({ name }) => name));
  const lowerColumns = new Set([...columns].map((name) => name.toLowerCase()));
  const isTable = (name: string) => fieldsOf({ name, ent: false }) !== undefined;
  const names = [
    ...tableBracketFindings(written, tableNames, isTable),
    ...columnBracketFindings(written, columns, lowerColumns),
  ].sort((one, other) => one.start - other.start);
  const aliases = isRead
    ? []
    : aliasBracketFindings(sql, tokens).filter(({ start }) => covering(names, start) === undefined);
  const isKnown = (name: string) => lowerColumns.has(name) || isTable(name);
  return [...joined(findings, names), ...aliases, ...letterFindings({ sql, tokens, isRead, isKnown })];
}

/** Findings with the names in the place of what was said of their pieces. */
function joined(findings: readonly Finding[], names: readonly Finding[]): Finding[] {
  const rest: Finding[] = [];
  const errors = new Set<Finding>();
  for (const finding of findings) {
    const name = consequences.has(finding.remark.code) ? covering(names, finding.start) : undefined;
    if (name === undefined) rest.push(finding);
    else if (isError(finding.remark)) errors.add(name);
  }
  const graver = names.map((name) =>
    errors.has(name) ? { ...name, remark: { ...name.remark, severity: "error" as const } } : name,
  );
  return [...rest, ...graver];
}

/** The name a place lies in: the last that begins at or before it, when it reaches so far. */
function covering(ordered: readonly Finding[], start: number): Finding | undefined {
  const behind = ordered.findIndex((name) => name.start > start);
  const name = ordered.at(behind < 0 ? -1 : behind - 1);
  return name !== undefined && name.start <= start && start < name.end ? name : undefined;
}
