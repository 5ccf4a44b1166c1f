import { said } from "./said.ts";
import { given } from "#lang/given.ts";
import type { Finding } from "../diagnostic.ts";
import { holdsQuery } from "../read/conditions.ts";
import type { Edit, Reading, ReadSelect } from "../read/reading.ts";
import { resolve, type Scope } from "../read/scope.ts";
import type { Expression } from "../syntax/expression-tree.ts";
import { placeOf } from "../syntax/places.ts";
import type { Name, Node, OrderBy, Select } from "../syntax/tree.ts";
import { childrenOf } from "../syntax/walk.ts";
import { isAggregate, isUnknownCall, isWindow, outermost } from "./aggregates.ts";
import { identity, openCanon, type Grouped } from "./canon.ts";
import { looseStars } from "./loose-stars.ts";
import { misplaced } from "./misplaced.ts";

type Grouping = Grouped & { scope: Scope };

/** The columns of an expression that are neither grouped nor inside an aggregate. */
function looseColumns(grouping: Grouping, node: Node | undefined): Name[][] {
  const { scope, canon, grouped } = grouping;
  if (node === undefined) return [];
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

/** The terms of ORDER BY that mean no column of the result, which may be sorted by whatever it is. */
function sortedBy({ items }: Select, order: OrderBy | undefined): Expression[] {
  const names = items.flatMap(({ alias, expression }) => {
    const own = expression.kind === "column" ? expression.parts.at(-1) : undefined;
    return (alias?.name ?? own)?.value.toLowerCase() ?? [];
  });
  return (order?.terms ?? []).flatMap(({ expression }) => {
    const term = bare(expression);
    const [name, ...more] = term.kind === "column" ? term.parts : [];
    return name !== undefined && more.length === 0 && names.includes(name.value.toLowerCase()) ? [] : [expression];
  });
}

function bare(expression: Expression): Expression {
  if (expression.kind === "parens") return bare(expression.inner);
  return expression.kind === "collate" ? bare(expression.operand) : expression;
}

/** Where a column stands. */
type Where = "list" | "having" | "order";

function finding(parts: readonly Name[], where: Where, edits: Edit[] | undefined): Finding {
  const name = parts.map(({ value }) => value).join(".");
  return { ...placeOf(parts), remark: { ...said(`NOT_GROUPED:${where}`, name), ...given({ edits }) } };
}

function loose(read: ReadSelect, { sql, orders }: Reading): Finding[] {
  const { select, scope } = read;
  const groups = groupExpressions(read);
  const items = select.items.map(({ expression }) => expression);
  const order = sortedBy(select, orders.get(select));
  const { having } = select;
  const isGrouped =
    having !== undefined || [...items, ...order].some((part) => outermost(part, isAggregate).length > 0);
  if (groups === undefined || (groups.length === 0 && !isGrouped)) return [];
  const canon = openCanon(scope);
  const grouping = { scope, canon, grouped: new Set(groups.map(canon.wordOf)) };
  const found = items.map((item) => ({ item, columns: looseColumns(grouping, item) }));
  const all = found.flatMap(({ columns }) => columns);
  const edits = all.length === 0 ? undefined : completion(read, sql, found);
  // What the list lacks, too, has one answer; for the rest nobody knows whether the groups are to become others.
  const completed = new Set(all.map((parts) => identity(scope, parts)));
  const outside = (part: Expression | undefined, where: Where) =>
    looseColumns(grouping, part).map((parts) =>
      finding(parts, where, completed.has(identity(scope, parts)) ? edits : undefined),
    );
  return [
    ...looseStars(read, grouping),
    ...all.map((parts) => finding(parts, "list", edits)),
    ...outside(having, "having"),
    ...order.flatMap((term) => outside(term, "order")),
  ];
}

/** Columns neither grouped nor aggregated, aggregates and windows in WHERE: what SQL Server refuses to compile. */
export function groupingFindings(reading: Reading): Finding[] {
  return reading.selects.flatMap((read) => [...loose(read, reading), ...misplaced(read)]);
}
