import { dataViewNames } from "../data-views.ts";
import type { Finding, Remark } from "../diagnostic.ts";
import type { TableRef } from "../fields.ts";
import type { Doubt, Reading } from "../read/reading.ts";
import { isSameName, resolve, type Relation } from "../read/scope.ts";
import { tableKey } from "../read/tables.ts";
import type { Nearest } from "./nearest.ts";
import { bracketed } from "../text/splice.ts";
import { placeOf } from "../syntax/places.ts";
import type { Name } from "../syntax/tree.ts";
import { columnFix, maxFixes, maybeBit, type ColumnDoubt, type Looking } from "./column-fix.ts";
import { didYouMean } from "./name-edits.ts";
import { unknownPrefix } from "./prefix-fix.ts";
import { isView, openVisible } from "./visible.ts";

/** What is known of tables beside those of the query. */
export type Beside = {
  /** Tables of the business unit that may have been meant. */
  otherTables: readonly string[];
  /** Why the fields of some tables could not be read, by the tables' keys. */
  unreadTables: ReadonlyMap<string, string>;
  /** Whether only `Ent.` reaches a table. */
  isShared: ((name: string) => boolean) | undefined;
  isChild: boolean;
};

/** What is looked at, what is known beside it, and the search for what is most like a name. */
type Lint = Beside & Looking;

function unknownColumn(lint: Lint, doubt: ColumnDoubt, found: Relation | undefined): Remark | undefined {
  const name = doubt.parts.at(-1);
  if (name === undefined) return undefined;
  // The columns of the result, which ORDER BY sees, are no table's.
  const relation = found?.alias === "" ? undefined : found;
  const where =
    relation === undefined ? "No table of this query has" : `${relation.table?.name ?? relation.alias} has no`;
  const message = relation === undefined ? `${where} a column ${name.value}` : `${where} column ${name.value}`;
  const fix = columnFix(lint, doubt, relation);
  // The lists of data view columns are gathered from references and may lack one (MCE 8.7).
  const hasView = relation === undefined ? lint.visibleIn(doubt.scope).hasView : isView(relation);
  return { code: "UNKNOWN_COLUMN", severity: hasView ? "warning" : "error", message, ...fix };
}

/** Whether a name in an ON means a table that is joined only behind it: the server says so itself. */
function isJoinedLater({ resolved, parts, scope }: ColumnDoubt): boolean {
  const isMissing = resolved.kind === "no-table" || resolved.kind === "no-column";
  return isMissing && resolve(scope, parts).kind !== resolved.kind;
}

function columnRemark(lint: Lint, doubt: ColumnDoubt): Remark | undefined {
  const { resolved, parts } = doubt;
  if (isJoinedLater(doubt)) return undefined;
  switch (resolved.kind) {
    case "column":
      return undefined;
    case "unknowable":
      return maybeBit(doubt);
    case "no-table":
      return unknownPrefix(lint, doubt);
    case "no-column":
      return unknownColumn(lint, doubt, resolved.relation);
    case "ambiguous": {
      const [one, other] = resolved.relations;
      const name = parts.at(-1)?.value ?? "";
      return {
        code: "AMBIGUOUS_COLUMN",
        message: `${name} is a column of ${one.alias} and of ${other.alias}`,
        fix: `Write ${one.alias}.${name} or ${other.alias}.${name}`,
      };
    }
  }
}

function comparisonRemark({ name, columnIs }: Doubt & { kind: "comparison" }): Remark {
  const code = "TEXT_WITH_NUMBER";
  if (columnIs === "number") {
    const message = `${name.value} is a number, the text beside it is none: the comparison fails the run`;
    return { code, severity: "warning", message, fix: "Write a number" };
  }
  const message = `${name.value} is text, beside it stands a number: the run fails at the first value that is no number`;
  return { code, severity: "warning", message, fix: "Put the number in single quotes" };
}

function tableRemark(lint: Lint, written: Name, table: TableRef): Remark {
  const { otherTables: tables, unreadTables, isShared, nearest } = lint;
  const { name, ent } = table;
  const why = unreadTables.get(tableKey(table));
  if (why !== undefined) {
    const message = `The fields of ${name} could not be read from Marketing Cloud: ${why}`;
    return { code: "FIELDS_UNREAD", severity: "warning", message };
  }
  const code = "UNKNOWN_TABLE";
  if (!ent && isShared?.(name) === true) {
    const message = `${name} is no Data Extension of this business unit but one that the enterprise shares`;
    const edits = [{ start: written.start, end: written.start, text: "Ent." }];
    return { code, severity: "error", message, fix: `Write Ent.${bracketed(name)}`, edits };
  }
  if (name.startsWith("#")) {
    const message = `${name} is no Data Extension: temporary tables do not exist in MCE`;
    return { code, severity: "warning", message };
  }
  const message = `No Data Extension ${name} is known here`;
  const isOwn = ent && tables.some((own) => isSameName(own, name));
  // The tables known here are the business unit's own: behind Ent. none of them can stand.
  const like = didYouMean(nearest, written, tables, () => !ent);
  const fix = isOwn ? { fix: `Write ${bracketed(name)} without Ent.` } : like;
  return { code, severity: "warning", message, ...fix };
}

function finding(lint: Lint, doubt: Doubt): Finding | undefined {
  if (doubt.kind === "union") {
    const message = `This SELECT has ${doubt.right} columns, the first one ${doubt.left}: a UNION needs equally many`;
    return { ...doubt.place, remark: { code: "UNION_COLUMNS", message } };
  }
  if (doubt.kind === "wide-subquery") {
    const message = `This SELECT stands for one value but has ${doubt.columns} columns`;
    return { ...doubt.place, remark: { code: "SUBQUERY_COLUMNS", message, fix: "Select one column, or use EXISTS" } };
  }
  if (doubt.kind === "comparison") return { ...placeOf([doubt.name]), remark: comparisonRemark(doubt) };
  if (doubt.kind === "outer") {
    const message = `${doubt.name.value} comes from the query around: ${doubt.tables.join(" and ")} has no such column`;
    return { ...placeOf([doubt.name]), remark: { code: "OUTER_COLUMN", severity: "warning", message } };
  }
  if (doubt.kind === "table") return { ...placeOf([doubt.name]), remark: tableRemark(lint, doubt.name, doubt.table) };
  const last = doubt.parts.slice(doubt.resolved.kind === "no-table" ? 0 : -1);
  const place = placeOf(last);
  const remark = columnRemark(lint, doubt);
  return remark && { ...place, remark };
}

/** What to say about the names a reading could not place, with the name each may be meant for. */
export function nameFindings(reading: Reading, beside: Beside, nearest: Nearest): Finding[] {
  const room = { fixes: maxFixes };
  const selects = new Map(reading.selects.map(({ select, scope }) => [scope, select]));
  const lint: Lint = {
    ...beside,
    otherTables: [...beside.otherTables, ...dataViewNames],
    reading,
    nearest,
    selects,
    room,
    visibleIn: openVisible(),
  };
  return reading.doubts.flatMap((doubt) => finding(lint, doubt) ?? []);
}
