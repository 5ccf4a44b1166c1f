import { dataViewNames } from "../data-views.ts";
import type { Finding, Remark } from "../diagnostic.ts";
import type { TableRef } from "../fields.ts";
import type { Doubt, Reading } from "../read/reading.ts";
import { isSameName, resolve, type Relation, type Scope } from "../read/scope.ts";
import { tableKey } from "../read/tables.ts";
import type { Nearest } from "./nearest.ts";
import { bracketed } from "../text/splice.ts";
import { asItLooks, lookAlikeLetter } from "../text/letters.ts";
import { placeOf } from "../syntax/places.ts";
import type { Name } from "../syntax/tree.ts";
import { isView, openVisible, type Visible } from "./visible.ts";
import { viewColumnFix } from "./view-columns.ts";

type ColumnDoubt = Doubt & { kind: "column" };

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
type Lint = Beside & { reading: Reading; nearest: Nearest; visibleIn: (scope: Scope) => Visible };

function* namesOfColumns(relations: readonly Relation[]): Iterable<string> {
  for (const { columns } of relations) for (const { name } of columns) if (name !== undefined) yield name;
}

function withFix(remark: Remark, fix: string | undefined): Remark {
  return fix === undefined ? remark : { ...remark, fix };
}

function didYouMean(nearest: Nearest, name: string, names: Iterable<string>): string | undefined {
  const like = nearest(name, names);
  if (like === undefined) return undefined;
  const letter = isSameName(asItLooks(like), asItLooks(name)) ? lookAlikeLetter(name) : undefined;
  return letter === undefined ? `Did you mean ${like}?` : `Write ${like}: ${letter.says}`;
}

function unknownPrefix(table: Name, { byTable, aliases }: Visible, nearest: Nearest): Remark {
  const renamed = byTable.get(table.value.toLowerCase());
  const remark = { code: "UNKNOWN_PREFIX", message: `${table.value} is no table of this FROM` };
  if (renamed !== undefined)
    return { ...remark, fix: `${table.value} is called ${renamed.alias} here: write ${renamed.alias}.` };
  return withFix(remark, didYouMean(nearest, table.value, aliases));
}

/** The number T-SQL has for `True` or `False`, which are names like any other there. */
function bitOf(name: Name | undefined): number | undefined {
  const word = name?.isQuoted === false ? name.value.toLowerCase() : "";
  return word === "true" ? 1 : word === "false" ? 0 : undefined;
}

/** `True` where a table may have such a column, for all that is known. */
function maybeBit({ parts }: ColumnDoubt): Remark | undefined {
  const bit = parts.length === 1 ? bitOf(parts[0]) : undefined;
  if (bit === undefined) return undefined;
  const message = `${parts[0]?.value ?? ""} is a column's name in T-SQL, no value`;
  return { code: "UNKNOWN_COLUMN", severity: "warning", message, fix: `Write ${bit}: a Boolean is 1 or 0 in T-SQL` };
}

/** What to do about a name that no column has: an alias used too early, text in double quotes, a slip of the hand. */
function columnFix(
  { reading, nearest, isChild, visibleIn }: Lint,
  { parts, scope }: ColumnDoubt,
  start: number,
  relation: Relation | undefined,
): string | undefined {
  const name = parts.at(-1)?.value ?? "";
  const bit = parts.length === 1 ? bitOf(parts[0]) : undefined;
  if (bit !== undefined) return `Write ${bit}: a Boolean is 1 or 0 in T-SQL`;
  if (reading.sql[start] === '"') return "Text stands in single quotes: '…'";
  const isAlias = parts.length === 1 && reading.aliases.get(scope)?.has(name.toLowerCase()) === true;
  if (isAlias) return "An alias of the select list is known in ORDER BY only: repeat its expression here";
  const { relations } = visibleIn(scope);
  const meant = relation === undefined ? relations : [relation];
  return viewColumnFix(name, meant, relations, isChild) ?? didYouMean(nearest, name, namesOfColumns(meant));
}

function unknownColumn(
  lint: Lint,
  doubt: ColumnDoubt,
  relation: Relation | undefined,
  start: number,
): Remark | undefined {
  const name = doubt.parts.at(-1);
  if (name === undefined) return undefined;
  const where =
    relation === undefined ? "No table of this query has" : `${relation.table?.name ?? relation.alias} has no`;
  const message = relation === undefined ? `${where} a column ${name.value}` : `${where} column ${name.value}`;
  const fix = columnFix(lint, doubt, start, relation);
  // The lists of data view columns are gathered from references and may lack one (MCE 8.7).
  const hasView = relation === undefined ? lint.visibleIn(doubt.scope).hasView : isView(relation);
  return withFix({ code: "UNKNOWN_COLUMN", severity: hasView ? "warning" : "error", message }, fix);
}

/** Whether a name in an ON means a table that is joined only behind it: the server says so itself. */
function isJoinedLater({ resolved, parts, scope }: ColumnDoubt): boolean {
  const isMissing = resolved.kind === "no-table" || resolved.kind === "no-column";
  return isMissing && resolve(scope, parts).kind !== resolved.kind;
}

function columnRemark(lint: Lint, doubt: ColumnDoubt, start: number): Remark | undefined {
  const { resolved, parts, scope } = doubt;
  if (isJoinedLater(doubt)) return undefined;
  switch (resolved.kind) {
    case "column":
      return undefined;
    case "unknowable":
      return maybeBit(doubt);
    case "no-table":
      return unknownPrefix(resolved.table, lint.visibleIn(scope), lint.nearest);
    case "no-column":
      return unknownColumn(lint, doubt, resolved.relation, start);
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

function tableRemark(lint: Lint, table: TableRef): Remark {
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
    return { code, severity: "error", message, fix: `Write Ent.${bracketed(name)}` };
  }
  const message = `No Data Extension ${name} is known here`;
  const isOwn = ent && tables.some((own) => isSameName(own, name));
  const fix = isOwn ? `Write ${bracketed(name)} without Ent.` : didYouMean(nearest, name, tables);
  return withFix({ code, severity: "warning", message }, fix);
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
  if (doubt.kind === "table") return { ...placeOf([doubt.name]), remark: tableRemark(lint, doubt.table) };
  const last = doubt.parts.slice(doubt.resolved.kind === "no-table" ? 0 : -1);
  const place = placeOf(last);
  const remark = columnRemark(lint, doubt, place.start);
  return remark && { ...place, remark };
}

/** What to say about the names a reading could not place, with the name each may be meant for. */
export function nameFindings(reading: Reading, beside: Beside, nearest: Nearest): Finding[] {
  const otherTables = [...beside.otherTables, ...dataViewNames];
  const lint: Lint = { ...beside, otherTables, reading, nearest, visibleIn: openVisible() };
  return reading.doubts.flatMap((doubt) => finding(lint, doubt) ?? []);
}
