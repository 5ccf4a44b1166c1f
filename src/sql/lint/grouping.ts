import { at, childrenOf, listAt, nameOf, namesOf, variant, type Name } from "../read/ast.ts";
import type { Finding, Remark } from "../diagnostic.ts";
import { aggregateNames } from "../functions/aggregate.ts";
import { placeOf } from "../text/places.ts";
import type { Reading, ReadSelect } from "../read/reading.ts";
import { columnNamed, isSameName, type Scope } from "../read/scope.ts";

/** Queries inside a query are judged by themselves. */
const queryTags = new Set(["Subquery", "Exists", "InSubquery"]);

function columnParts(node: unknown): Name[] | undefined {
  const { tag, body } = variant(node);
  if (tag === "Identifier") return [nameOf(body) ?? []].flat();
  return tag === "CompoundIdentifier" ? namesOf(body) : undefined;
}

/** Which table and column a name means, as one word; nothing for columns of outer queries and where it is not sure. */
function identity(scope: Scope, parts: readonly Name[]): string | undefined {
  const name = parts.at(-1)?.value ?? "";
  const prefix = parts.at(-2)?.value;
  const owners =
    prefix === undefined
      ? scope.relations.filter(({ columns, hidden = [] }) => columnNamed([...columns, ...hidden], name) !== undefined)
      : scope.relations.filter(({ alias }) => isSameName(alias, prefix));
  const only = scope.relations.length === 1 && scope.relations[0]?.isOpen === true ? scope.relations : owners;
  const owner = only[0];
  return only.length === 1 && owner !== undefined ? `${owner.alias}.${name}`.toLowerCase() : undefined;
}

/** An expression as text that is the same for equal expressions: without places, case and parentheses, columns by identity. */
function canonical(scope: Scope, node: unknown): unknown {
  if (Array.isArray(node)) return node.map((item) => canonical(scope, item));
  const parts = columnParts(node);
  if (parts !== undefined) return identity(scope, parts) ?? parts.map(({ value }) => value.toLowerCase());
  const { tag, body } = variant(node);
  if (tag === "Nested") return canonical(scope, body);
  if (typeof node === "string") return node.toLowerCase();
  if (typeof node !== "object" || node === null) return node;
  return Object.entries(node).flatMap(([key, value]) => (key === "span" ? [] : [[key, canonical(scope, value)]]));
}

function functionName(node: unknown): string {
  return (
    namesOf(at(at(node, "Function"), "name"))
      .at(-1)
      ?.value.toUpperCase() ?? ""
  );
}

function isWindow(node: unknown): boolean {
  const over = at(at(node, "Function"), "over");
  return over !== null && over !== undefined;
}

function isAggregate(node: unknown): boolean {
  return aggregateNames.has(functionName(node)) && !isWindow(node);
}

/** The outermost nodes a test is true of, this one included, inner queries left out. */
function outermost(node: unknown, test: (node: unknown) => boolean): unknown[] {
  if (queryTags.has(variant(node).tag)) return [];
  if (test(node)) return [node];
  return childrenOf(node).flatMap((child) => outermost(child, test));
}

type Grouping = { scope: Scope; grouped: ReadonlySet<string> };

/** The columns of an expression that are neither grouped nor inside an aggregate. */
function looseColumns({ scope, grouped }: Grouping, node: unknown): Name[][] {
  const { tag } = variant(node);
  if (queryTags.has(tag) || isAggregate(node) || isWindow(node)) return [];
  if (grouped.has(JSON.stringify(canonical(scope, node)))) return [];
  const parts = columnParts(node);
  if (parts !== undefined) return identity(scope, parts) === undefined ? [] : [parts];
  const call = at(node, "Function");
  // The name of a function, and a date part before a date, are no columns.
  const inside = call === undefined ? childrenOf(node) : callArguments(call);
  return inside.flatMap((child) => looseColumns({ scope, grouped }, child));
}

const datePartWords = /^DATE(?:ADD|DIFF|DIFF_BIG|PART|NAME|TRUNC|_BUCKET)$/;

function callArguments(call: unknown): unknown[] {
  const args = [...listAt(variant(at(call, "args")).body, "args")];
  const name = namesOf(at(call, "name")).at(-1)?.value.toUpperCase() ?? "";
  return datePartWords.test(name) ? args.slice(1) : args;
}

function expressionOf(item: unknown): unknown {
  const { tag, body } = variant(item);
  if (tag === "UnnamedExpr") return body;
  return tag === "ExprWithAlias" ? at(body, "expr") : undefined;
}

/** The expressions of GROUP BY; nothing for groupings by ROLLUP, CUBE and the like. */
function groupExpressions(select: unknown): unknown[] | undefined {
  const { tag, body } = variant(at(select, "group_by"));
  const expressions: unknown = tag === "Expressions" && Array.isArray(body) ? body[0] : undefined;
  if (!Array.isArray(expressions)) return undefined;
  const isPlain = expressions.every(
    (node: unknown) =>
      !["ROLLUP", "CUBE"].includes(functionName(node)) &&
      !/^(?:Rollup|Cube|GroupingSets|Tuple)$/.test(variant(node).tag),
  );
  return isPlain ? expressions : undefined;
}

function loose(reading: Reading, { select, scope }: ReadSelect): Finding[] {
  const groups = groupExpressions(select);
  const items = listAt(select, "projection").map(expressionOf);
  const hasAggregate = [...items, at(select, "having")].some((item) => outermost(item, isAggregate).length > 0);
  if (groups === undefined || (groups.length === 0 && !hasAggregate)) return [];
  const grouped = new Set(groups.map((node) => JSON.stringify(canonical(scope, node))));
  return items
    .flatMap((item) => looseColumns({ scope, grouped }, item))
    .map((parts) => {
      const name = parts.map(({ value }) => value).join(".");
      const remark = {
        code: "NOT_GROUPED",
        message: `${name} is neither in GROUP BY nor inside an aggregate`,
        fix: `Add ${name} to GROUP BY, or write MAX(${name})`,
      };
      return { ...placeOf(reading, parts), remark };
    });
}

function misplaced(reading: Reading, { select }: ReadSelect): Finding[] {
  const where = at(select, "selection");
  const said = (nodes: unknown[], remark: (name: string) => Remark): Finding[] =>
    nodes.map((node) => ({
      ...placeOf(reading, namesOf(at(at(node, "Function"), "name"))),
      remark: remark(functionName(node)),
    }));
  return [
    ...said(outermost(where, isAggregate), (name) => ({
      code: "AGGREGATE_IN_WHERE",
      message: `${name} cannot stand in WHERE: rows are filtered before they are grouped`,
      fix: "Write the condition in HAVING",
    })),
    ...said(outermost(where, isWindow), (name) => ({
      code: "WINDOW_IN_WHERE",
      message: `${name} OVER (…) cannot stand in WHERE`,
      fix: "Select it in a derived table and filter outside: FROM (SELECT …) AS x WHERE x.…",
    })),
  ];
}

/** Columns neither grouped nor aggregated, aggregates and windows in WHERE: what SQL Server refuses to compile. */
export function groupingFindings(reading: Reading): Finding[] {
  return reading.selects.flatMap((select) => [...loose(reading, select), ...misplaced(reading, select)]);
}
