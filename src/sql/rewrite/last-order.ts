import { said } from "../lint/said.ts";
import type { Finding, Remark } from "../diagnostic.ts";
import type { ResultList } from "../read/reading.ts";
import type { Expression, OrderTerm } from "../syntax/expression-tree.ts";
import type { Query, Span } from "../syntax/tree.ts";
import { bare, openOutputs, type Outputs, type Text } from "./outputs.ts";

/** What the rows of a result are numbered by: one of its columns, by its index, or what it does not show; `term` is its place. */
export type Key = ({ column: number } | { hidden: Span }) & { term: Span; collation?: string; isDescending: boolean };

/** The order a whole query asks for. */
export type LastOrder = {
  keys: readonly Key[];
  /** The ORDER BY that has to go, because MCE allows it with TOP or OFFSET only (MCE 5.2). */
  removed?: Span;
  findings: readonly Finding[];
  /** Why the rows cannot be numbered in this order, although MCE may run it. */
  lost?: string;
};

/** The query inside the parentheses around a whole text. */
function insideOf(query: Query): Query {
  const { body, orderBy, forClause, option } = query;
  const isPlain = orderBy === undefined && forClause === undefined && option === undefined;
  return isPlain && body.kind === "query" ? insideOf(body) : query;
}

/** Whether a query gives one text of all its rows: FOR XML, FOR JSON. */
export function isOneText({ forClause }: Query): boolean {
  return forClause?.mode === "XML" || forClause?.mode === "JSON";
}

/** The ORDER BY of a query where SQL Server allows it only outside of a derived table, and MCE makes one of every query. */
export function illegalOrder(query: Query): Span | undefined {
  const { orderBy, body, clauses } = query;
  const isLegal =
    orderBy?.offset !== undefined || isOneText(query) || (body.kind === "select" && body.top !== undefined);
  if (orderBy === undefined || isLegal) return undefined;
  const clause = clauses.find(({ name }) => name === "ORDER BY");
  return { start: clause?.start ?? orderBy.start, end: orderBy.end };
}

/** Reads the order of a query: what it numbers its rows by. */
export function lastOrder(text: Text, tree: Query, list: ResultList | undefined): LastOrder {
  const query = insideOf(tree);
  const { orderBy, body } = query;
  if (orderBy === undefined || isOneText(query) || list === undefined) return { keys: [], findings: [] };
  const removed = query === tree ? illegalOrder(query) : undefined;
  const outputs = openOutputs(text, list);
  // Then ORDER BY can only name what the query shows.
  const isOfResult = body.kind !== "select" || body.quantifier === "DISTINCT";
  const count = list.items.reduce((sum, { item }) => sum + (item.kind === "star" ? item.columns.length : 1), 0);
  const read = orderBy.terms.map((term) => keyOf(term, outputs, { isOfResult, count, sql: text.sql }));
  const wrong = read.flatMap((key, index) => ("code" in key ? [finding(orderBy.terms[index], key)] : []));
  // What MCE gets to see, it judges by itself.
  const findings = removed === undefined ? [] : wrong;
  const keys = distinct(read.flatMap((key) => ("code" in key ? [] : [key])));
  const [first] = wrong;
  return {
    keys: first === undefined ? keys : [],
    findings,
    ...(removed === undefined ? {} : { removed }),
    ...(first === undefined ? {} : { lost: first.remark.message }),
  };
}

/** The keys without columns that an earlier key sorts by: they change nothing, and SQL Server takes each once. */
function distinct(keys: readonly Key[]): Key[] {
  const used = new Set<number>();
  return keys.filter((key) => {
    if (!("column" in key) || key.collation !== undefined) return true;
    const isNew = !used.has(key.column);
    used.add(key.column);
    return isNew;
  });
}

function finding(term: OrderTerm | undefined, remark: Remark): Finding {
  return { start: term?.start ?? 0, end: term?.end ?? 0, remark };
}

type Result = { isOfResult: boolean; count: number; sql: string };

function keyOf({ expression, direction }: OrderTerm, outputs: Outputs, result: Result): Key | Remark {
  const isDescending = direction === "DESC";
  if (expression.kind === "collate") {
    const collation = result.sql.slice(expression.collation.start, expression.collation.end);
    const column = columnOf(bare(expression.operand), outputs, result);
    if (typeof column === "number") return { column, term: placeOf(expression.operand), collation, isDescending };
  }
  const column = columnOf(bare(expression), outputs, result);
  const term = placeOf(expression);
  if (column === undefined) return { hidden: term, term, isDescending };
  return typeof column === "number" ? { column, term, isDescending } : column;
}

function placeOf({ start, end }: Expression): Span {
  return { start, end };
}

/** The column a term means; nothing for one that the result does not show. */
function columnOf(term: Expression, outputs: Outputs, { isOfResult, count }: Result): number | Remark | undefined {
  if (term.kind === "literal") {
    if (term.type !== "number" || !/^\d+$/.test(term.value)) return constant;
    const position = Number(term.value);
    return position >= 1 && position <= count ? position - 1 : outOfRange(position, count);
  }
  if (term.kind === "column" && term.parts.length === 1) {
    const name = term.parts[0]?.value ?? "";
    const [first, second] = outputs.named(name);
    if (second !== undefined) return ambiguous(name);
    if (first !== undefined) return first;
  }
  return outputs.written(term, isOfResult) ?? (isOfResult ? notShown : undefined);
}

const constant: Remark = said("ORDER_BY_CONSTANT");

const notShown: Remark = said("ORDER_BY_NOT_SHOWN");

function outOfRange(position: number, count: number): Remark {
  return said("ORDER_BY_POSITION", position, count);
}

function ambiguous(name: string): Remark {
  return said("AMBIGUOUS_COLUMN:order", name);
}
