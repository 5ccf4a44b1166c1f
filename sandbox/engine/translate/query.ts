import { SqlError, unsupported } from "../values/sql-error.ts";
import { nullType, type SqlType } from "../types.ts";
import { list, nameOf, node, variant, word, type Json, type Node } from "./ast.ts";
import { inCollation } from "./collation.ts";
import { freshAlias } from "./fresh-alias.ts";
import type { Context, CteSource, Expr } from "./model.ts";
import { cast, implicit, keySql } from "./expr.ts";
import { translate } from "./expression.ts";
import { translateSelect } from "./select.ts";
import { knownParts } from "./known-parts.ts";
import { orderItems } from "./order.ts";
import type { Relation } from "./relation.ts";
import { cutRelation } from "./cut.ts";
import { readOffset, type Tail } from "./top.ts";
import { commonType } from "./type-rules.ts";
import { needsKey } from "../convert/key.ts";
import { xmlRelation } from "./xml.ts";

const queryParts = ["with", "body", "order_by", "limit_clause", "fetch", "for_clause"];

function withCtes(context: Context, withClause: Json | undefined): Context {
  const tables = list(node(withClause)["cte_tables"]);
  if (tables.length === 0) return context;
  if (context.runtime.rules === "mce" && !context.runtime.text.cte)
    throw new SqlError("Incorrect syntax near the keyword 'WITH'.");
  if (node(withClause)["recursive"] === true) throw new SqlError("Incorrect syntax near 'RECURSIVE'.");
  let ctes = context.ctes;
  for (const table of tables.map(node)) {
    const alias = node(table["alias"]);
    const source: CteSource = {
      query: table["query"] ?? null,
      columns: list(alias["columns"]).map((column) => nameOf(node(column)["name"])),
      ctes,
    };
    const name = nameOf(alias["name"]).toLowerCase();
    source.ctes = new Map([...ctes, [name, "itself"]]);
    ctes = new Map([...ctes, [name, source]]);
  }
  return { ...context, ctes };
}

/** Translates a whole query: SELECT, set operations, VALUES, with its ORDER BY, OFFSET and FOR XML. */
export function translateQuery(outer: Context, json: Json): Relation {
  const query = node(json);
  knownParts(query, queryParts, "a query");
  const context = withCtes(outer, query["with"]);
  const offset = readOffset(query["limit_clause"], query["fetch"]);
  const forClause = query["for_clause"];
  const isXml = forClause !== null && forClause !== undefined;
  const tail: Tail = { order: orderItems(query["order_by"]), isXml, ...(offset === undefined ? {} : { offset }) };
  if (offset !== undefined && tail.order.length === 0) throw new SqlError("Incorrect syntax near 'OFFSET'.");
  const relation = translateBody(context, query["body"] ?? null, tail);
  return isXml ? xmlRelation(context, relation, forClause) : relation;
}

function translateBody(context: Context, json: Json, tail: Tail): Relation {
  const { name, body } = variant(json);
  switch (name) {
    case "Select":
      return translateSelect(context, node(body), tail);
    case "SetOperation":
      return cutRelation(context, translateSetOperation(context, node(body)), tail);
    case "Query":
      return cutRelation(context, translateQuery(context, body), tail);
    case "Values":
      return translateValues(context, node(body));
    default:
      throw new SqlError("Only SELECT queries are valid.");
  }
}

const emptyTail: Tail = { order: [], isXml: false };

/** The branches of a chain of one operation, left to right, without recursion. */
function branchesOf(body: Node): { op: string; right: Json }[] {
  const chain: { op: string; right: Json }[] = [];
  let left: Json = { SetOperation: body };
  for (;;) {
    const { name, body: inner } = variant(left);
    if (name !== "SetOperation") break;
    const parts = node(inner);
    const quantifier = word(parts["set_quantifier"]) ?? "None";
    chain.push({ op: `${word(parts["op"]) ?? ""} ${quantifier}`, right: parts["right"] ?? null });
    left = parts["left"] ?? null;
  }
  return [{ op: "", right: left }, ...chain.toReversed()];
}

function translateSetOperation(context: Context, body: Node): Relation {
  const [first, ...others] = branchesOf(body);
  let relation = translateBody(context, first?.right ?? null, emptyTail);
  for (const { op, right } of others)
    relation = combine(context, op, relation, translateBody(context, right, emptyTail));
  return relation;
}

function combine(context: Context, op: string, left: Relation, right: Relation): Relation {
  if (left.columns.length !== right.columns.length) {
    throw new SqlError(
      "All queries combined using a UNION, INTERSECT or EXCEPT operator must have an equal number of expressions in their target lists.",
    );
  }
  const columns = left.columns.map((column, at) => ({
    ...column,
    type: commonType(column.type, right.columns[at]?.type ?? nullType),
  }));
  const types = columns.map(({ type }) => type);
  const isVolatile = left.isVolatile || right.isVolatile;
  const shared = { columns, isSingleRow: false, isVolatile };
  if (op === "Union All") {
    return {
      ...shared,
      print: (keys) => `${branch(context, left, types, keys)} UNION ALL ${branch(context, right, types, keys)}`,
    };
  }
  const having: Record<string, string> = {
    "Union None": "",
    "Except None": " HAVING max(side) = 0",
    "Intersect None": " HAVING min(side) = 0 AND sum(side) > 0",
  };
  const filter = having[op] ?? unsupported(op.toUpperCase());
  return {
    ...shared,
    print(keys) {
      const all = new Set(types.flatMap((type, at) => (needsKey(type) ? [at] : [])));
      const alias = freshAlias(context, "u");
      const both = `${branch(context, left, types, all, 0)} UNION ALL ${branch(context, right, types, all, 1)}`;
      const group = types.map((type, at) => `${alias}.${needsKey(type) ? "k" : "c"}${at}`);
      return `SELECT ${printedColumns(types, keys, alias)} FROM (${both}) AS ${alias} GROUP BY ${group.join(", ")}${filter}`;
    },
  };
}

/** `c0, c1, k1` of an alias, for the keys wanted. */
function printedColumns(types: readonly SqlType[], keys: ReadonlySet<number>, alias: string): string {
  const values = types.map((_type, at) => `${alias}.c${at} AS c${at}`);
  const wanted = types.flatMap((type, at) =>
    keys.has(at) ? [`${alias}.${needsKey(type) ? "k" : "c"}${at} AS k${at}`] : [],
  );
  return [...values, ...wanted].join(", ");
}

/** A branch of a set operation with its columns in the common types. */
function branch(
  context: Context,
  relation: Relation,
  types: readonly SqlType[],
  keys: ReadonlySet<number>,
  side?: number,
): string {
  const alias = freshAlias(context, "b");
  const wanted = new Set<number>();
  const exprs = types.map((type, at): Expr => {
    const own = relation.columns[at]?.type ?? type;
    const ready: Expr = { sql: `${alias}.c${at}`, type: own };
    if (!needsKey(own)) return own.kind === "null" ? cast(context, ready, type) : implicit(context, ready, type);
    const keyed = { ...ready, key: () => (wanted.add(at), `${alias}.k${at}`) };
    if (type.kind !== "text" || own.kind !== "text") return implicit(context, keyed, type);
    return { ...inCollation(keyed, type.collation), type };
  });
  const values = exprs.map(({ sql }, at) => `${sql} AS c${at}`);
  const keyed = exprs.flatMap((expr, at) => (keys.has(at) ? [`${keySql(context, expr)} AS k${at}`] : []));
  const marks = side === undefined ? [] : [`${side} AS side`];
  return `SELECT ${[...values, ...keyed, ...marks].join(", ")} FROM (${relation.print(wanted)}) AS ${alias}`;
}

function translateValues(context: Context, body: Node): Relation {
  const rows = list(body["rows"]).map((row) =>
    list(node(row)["content"] ?? row).map((value) => translate(context, value)),
  );
  const width = rows[0]?.length ?? 0;
  if (rows.some((row) => row.length !== width))
    throw new SqlError("All rows in a VALUES clause must have the same number of expressions.");
  const types = Array.from({ length: width }, (_, at) =>
    rows.map((row) => row[at]?.type ?? nullType).reduce(commonType),
  );
  return {
    columns: types.map((type) => ({ type })),
    isSingleRow: rows.length === 1,
    isVolatile: false,
    print: (keys) => rows.map((row) => `SELECT ${valuesRow(context, row, types, keys)}`).join(" UNION ALL "),
  };
}

function valuesRow(
  context: Context,
  row: readonly Expr[],
  types: readonly SqlType[],
  keys: ReadonlySet<number>,
): string {
  const typed = row.map((value, at) => implicit(context, value, types[at] ?? nullType));
  const values = typed.map(({ sql }, at) => `${sql} AS c${at}`);
  const keyed = typed.flatMap((value, at) => (keys.has(at) ? [`${keySql(context, value)} AS k${at}`] : []));
  return [...values, ...keyed].join(", ");
}
