import { given } from "#lang/given.ts";
import { dataViewNames } from "../data-views.ts";
import type { Finding, Remark } from "../diagnostic.ts";
import type { TableRef } from "../fields.ts";
import type { Doubt, Edit, Reading } from "../read/reading.ts";
import { isSameName, resolve, type Relation } from "../read/scope.ts";
import { tableKey } from "../read/tables.ts";
import type { Nearest } from "./nearest.ts";
import { bracketed } from "../text/splice.ts";
import { placeOf } from "../syntax/places.ts";
import type { Name } from "../syntax/tree.ts";
import { columnFix, maxFixes, maybeBit, type ColumnDoubt, type Looking } from "./column-fix.ts";
import { joinedFinding } from "./joined-texts.ts";
import { didYouMean, type Fix } from "./name-edits.ts";
import { said } from "./said.ts";
import { unknownPrefix } from "./prefix-fix.ts";
import { isView, openVisible, shownName } from "./visible.ts";

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

function unknownColumn(lint: Lint, doubt: ColumnDoubt, relation: Relation | undefined): Remark | undefined {
  const name = doubt.parts.at(-1);
  if (name === undefined) return undefined;
  const remark =
    relation === undefined
      ? said("UNKNOWN_COLUMN:any", name.value)
      : said("UNKNOWN_COLUMN:table", name.value, shownName(relation));
  const fix = columnFix(lint, doubt, relation);
  // The lists of data view columns are gathered from references and may lack one (MCE 8.7).
  const hasView = relation === undefined ? lint.visibleIn(doubt.scope).hasView : isView(relation);
  return { ...remark, severity: hasView ? "warning" : "error", ...fix };
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
      return maybeBit(lint.reading, doubt);
    case "no-table":
      return unknownPrefix(lint, doubt);
    case "no-column":
      return unknownColumn(lint, doubt, resolved.relation);
    case "ambiguous": {
      const [one, other] = resolved.relations;
      const name = parts.at(-1)?.value ?? "";
      const [first, second] = [one, other].map((each) => each.alias || shownName(each));
      const { fix, ...remark } = said("AMBIGUOUS_COLUMN", name, first ?? "", second ?? "");
      return { ...remark, ...given({ fix: one.alias === "" || other.alias === "" ? undefined : fix }) };
    }
  }
}

function comparisonRemark({ name, columnIs }: Doubt & { kind: "comparison" }): Remark {
  return { ...said(`TEXT_WITH_NUMBER:${columnIs}`, name.value), severity: "warning" };
}

function tableRemark(lint: Lint, written: Name, table: TableRef): Remark {
  const { otherTables: tables, unreadTables, isShared, nearest } = lint;
  const { name, ent } = table;
  const why = unreadTables.get(tableKey(table));
  if (why !== undefined) return { ...said("FIELDS_UNREAD", name, why), severity: "warning" };
  if (!ent && isShared?.(name) === true) {
    const edits = [{ start: written.start, end: written.start, text: "Ent." }];
    return { ...said("UNKNOWN_TABLE:shared", name, bracketed(name)), severity: "error", edits };
  }
  if (name.startsWith("#")) return { ...said("UNKNOWN_TABLE:temp", name), severity: "warning" };
  const isOwn = ent && tables.some((own) => isSameName(own, name));
  // The tables known here are the business unit's own: behind Ent. none of them can stand.
  const like = didYouMean(nearest, written, tables, () => !ent);
  const fix = isOwn ? { fix: `Write ${bracketed(name)} without Ent.` } : withPrefixes(lint, written, like);
  return { ...said("UNKNOWN_TABLE:plain", name), severity: "warning", ...fix };
}

/** The edits of a table's name, and of the same name before the dots of its columns. */
function withPrefixes({ reading }: Lint, written: Name, { fix, edits }: Fix): Fix {
  const [edit] = edits ?? [];
  if (edit === undefined) return given({ fix, edits });
  const prefixes = reading.doubts.flatMap((doubt): Edit[] => {
    const prefix = doubt.kind === "column" ? doubt.parts.at(-2) : undefined;
    if (prefix === undefined || !isSameName(prefix.value, written.value)) return [];
    return [{ start: prefix.start, end: prefix.end, text: edit.text }];
  });
  return given({ fix, edits: edits && [...edits, ...prefixes] });
}

function finding(lint: Lint, doubt: Doubt): Finding | undefined {
  if (doubt.kind === "union") return { ...doubt.place, remark: said("UNION_COLUMNS", doubt.right, doubt.left) };
  if (doubt.kind === "wide-subquery") return { ...doubt.place, remark: said("SUBQUERY_COLUMNS", doubt.columns) };
  if (doubt.kind === "joined") return joinedFinding(lint.reading, doubt);
  if (doubt.kind === "comparison") return { ...placeOf([doubt.name]), remark: comparisonRemark(doubt) };
  if (doubt.kind === "outer") {
    const remark = said("OUTER_COLUMN", doubt.name.value, doubt.tables.join(" and "));
    return { ...placeOf([doubt.name]), remark: { ...remark, severity: "warning" } };
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
