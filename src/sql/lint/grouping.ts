import { given } from "#lang/given.ts";
import { aggregateNames } from "../functions/aggregate.ts";
import type { Finding, Remark } from "../diagnostic.ts";
import { isKnownFunction } from "../functions/all.ts";
import { holdsQuery } from "../read/conditions.ts";
import type { Edit, Reading, ReadSelect } from "../read/reading.ts";
import { isSameName, ownColumn, resolve, type Relation, type Scope } from "../read/scope.ts";
import type { Call, Expression } from "../syntax/expression-tree.ts";
import { placeOf } from "../syntax/places.ts";
import type { Name, Node } from "../syntax/tree.ts";
import { childrenOf } from "../syntax/walk.ts";
import { functionName, identity, openCanon, type Canon } from "./canon.ts";

function isUnknownCall(node: Node): boolean {
  return node.kind === "call" && node.name.length === 1 && !isKnownFunction(functionName(node));
}

function isWindow(node: Node): node is Call {
  return node.kind === "call" && node.over !== undefined;
}

function isAggregate(node: Node): node is Call {
  return node.kind === "call" && node.over === undefined && aggregateNames.has(functionName(node));
}

/** The outermost calls a test is true of, this node included, inner queries left out. */
function outermost(node: Node | undefined, test: (node: Node) => node is Call): Call[] {
  if (node === undefined || holdsQuery(node)) return [];
  if (test(node)) return [node];
  return childrenOf(node).flatMap((child) => outermost(child, test));
}

type Grouping = { scope: Scope; canon: Canon; grouped: ReadonlySet<string> };

/** The columns of an expression that are neither grouped nor inside an aggregate. */
function looseColumns(grouping: Grouping, node: Node): Name[][] {
  const { scope, canon, grouped } = grouping;
  // What is no function may be a misspelt aggregate.
  if (holdsQuery(node) || isUnknownCall(node) || isAggregate(node) || isWindow(node)) return [];
  if (grouped.has(canon.wordOf(node))) return [];
  if (node.kind === "column") return isPlaced(scope, node.parts) ? [node.parts] : [];
  return insideOf(grouping, node).flatMap((child) => looseColumns(grouping, child));
}

/** What stands in a node; of a chain what stands behind its grouped beginning. */
function insideOf({ canon, grouped }: Grouping, node: Node): readonly Node[] {
  if (node.kind !== "arithmetic" && node.kind !== "logical") return childrenOf(node);
  const last = canon.wordsOf(node).findLastIndex((word) => grouped.has(word));
  return node.operands.slice(last + 1);
}

/** Whether a name means one column for certain, or a table may have it whose fields nobody knows. */
function isPlaced(scope: Scope, parts: readonly Name[]): boolean {
  const { kind } = resolve(scope, parts);
  return kind !== "no-table" && kind !== "no-column" && identity(scope, parts) !== undefined;
}

/** Whether an expression holds a name nobody knows: then it may be another one that is meant. */
function isRiddle(scope: Scope, node: Node): boolean {
  if (node.kind === "column") return ["no-table", "no-column"].includes(resolve(scope, node.parts).kind);
  return isUnknownCall(node) || (!holdsQuery(node) && childrenOf(node).some((child) => isRiddle(scope, child)));
}

/** The expressions of GROUP BY; nothing for groupings by ROLLUP, CUBE and the like, and where one is not known. */
function groupExpressions({ select, scope }: ReadSelect): readonly Node[] | undefined {
  const terms = (select.groupBy?.terms ?? []).flatMap((term): Node[] =>
    term.kind === "opaque" ? term.inside : [term],
  );
  return terms.some((term) => term.kind === "grouping" || isRiddle(scope, term)) ? undefined : terms;
}

/** Nobody writes more into a GROUP BY at once. */
const maxCompleted = 100;

/** An item of a select list and its columns that are neither grouped nor aggregated. */
type LooseItem = { item: Expression; columns: Name[][] };

/** What an item lacks in GROUP BY: itself where it is worked out row by row, else its columns. */
function missingTerms({ item, columns }: LooseItem): { start: number; end: number }[] {
  if (columns.length === 0) return [];
  const isWhole = isRowWise(item);
  return isWhole ? [item] : columns.map(placeOf);
}

function isRowWise(node: Node): boolean {
  return !holdsQuery(node) && !isAggregate(node) && !isWindow(node) && childrenOf(node).every(isRowWise);
}

/** The edit that puts all that is missing into GROUP BY; nothing where nobody can say how. */
function completion({ select }: ReadSelect, sql: string, loose: readonly LooseItem[]): Edit[] | undefined {
  const terms = loose.flatMap(missingTerms).map(({ start, end }) => sql.slice(start, end));
  const added = [...new Set(terms)].join(", ");
  const { groupBy, where, from } = select;
  const last = groupBy === undefined ? (where ?? from.at(-1)) : groupBy.terms.at(-1);
  if (last === undefined || terms.length > maxCompleted || groupBy?.with !== undefined) return undefined;
  return [{ start: last.end, end: last.end, text: groupBy === undefined ? ` GROUP BY ${added}` : `, ${added}` }];
}

function loose(read: ReadSelect, sql: string): Finding[] {
  const { select, scope } = read;
  const groups = groupExpressions(read);
  const items = select.items.map(({ expression }) => expression);
  const hasAggregate = [...items, select.having].some((item) => outermost(item, isAggregate).length > 0);
  if (groups === undefined || (groups.length === 0 && !hasAggregate)) return [];
  const canon = openCanon(scope);
  const grouped = new Set(groups.map(canon.wordOf));
  const found = items.map((item) => ({ item, columns: looseColumns({ scope, canon, grouped }, item) }));
  const all = found.flatMap(({ columns }) => columns);
  const edits = all.length === 0 ? undefined : completion(read, sql, found);
  return all.map((parts) => {
    const name = parts.map(({ value }) => value).join(".");
    const remark = {
      code: "NOT_GROUPED",
      message: `${name} is neither in GROUP BY nor inside an aggregate`,
      fix: `Add ${name} to GROUP BY, or write MAX(${name})`,
      ...given({ edits }),
    };
    return { ...placeOf(parts), remark };
  });
}

/** Whether an aggregate is of an outer query's rows alone: then it is that query's, and may stand in an inner WHERE. */
function isOfOuter(call: Call, scope: Scope): boolean {
  const columns = call.args.flatMap(columnsOf);
  return columns.length > 0 && columns.every((parts) => isOuterName(scope, parts));
}

function columnsOf(node: Node): (readonly Name[])[] {
  return node.kind === "column" ? [node.parts] : holdsQuery(node) ? [] : childrenOf(node).flatMap(columnsOf);
}

function isOuterName(scope: Scope, parts: readonly Name[]): boolean {
  const prefix = parts.at(-2)?.value;
  const isHere = (relation: Relation): boolean =>
    prefix === undefined
      ? relation.isOpen || ownColumn(relation, (parts.at(-1)?.value ?? "").toLowerCase()) !== undefined
      : isSameName(relation.alias, prefix);
  return !scope.relations.some(isHere) && resolve(scope, parts).kind === "column";
}

function misplaced({ select: { where }, scope }: ReadSelect): Finding[] {
  const said = (calls: readonly Call[], remark: (name: string) => Remark): Finding[] =>
    calls.map((call) => ({ ...placeOf(call.name), remark: remark(functionName(call)) }));
  return [
    ...said(
      outermost(where, isAggregate).filter((call) => !isOfOuter(call, scope)),
      (name) => ({
        code: "AGGREGATE_IN_WHERE",
        message: `${name} cannot stand in WHERE: rows are filtered before they are grouped`,
        fix: "Write the condition in HAVING",
      }),
    ),
    ...said(outermost(where, isWindow), (name) => ({
      code: "WINDOW_IN_WHERE",
      message: `${name} OVER (…) cannot stand in WHERE`,
      fix: "Select it in a derived table and filter outside: FROM (SELECT …) AS x WHERE x.…",
    })),
  ];
}

/** Columns neither grouped nor aggregated, aggregates and windows in WHERE: what SQL Server refuses to compile. */
export function groupingFindings(reading: Reading): Finding[] {
  return reading.selects.flatMap((read) => [...loose(read, reading.sql), ...misplaced(read)]);
}
