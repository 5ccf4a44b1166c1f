import { at, listAt, nameOf, variant } from "./ast.ts";
import { readAll, typeOfExpression } from "./expression.ts";
import { fromScope, renamed } from "./from.ts";
import { projectionColumns } from "./projection.ts";
import { placeOfSelect } from "../text/places.ts";
import type { Reading, Role } from "./reading.ts";
import { type Columns, type Relation, type Scope } from "./scope.ts";
import { unknownType, widest } from "../types/sql-type.ts";

/** A query's columns and the scope its ORDER BY may use. */
type Body = Columns & { scope: Scope };

function aliasesOf(select: unknown): string[] {
  return listAt(select, "projection").flatMap((item) => nameOf(at(at(item, "ExprWithAlias"), "alias"))?.value ?? []);
}

function selectBody(reading: Reading, select: unknown, outer: Scope, role: Role): Body {
  const scope = fromScope(reading, listAt(select, "from"), outer);
  const columns = projectionColumns(reading, select, scope, role);
  reading.selects.push({ select, scope });
  reading.aliases.set(scope, aliasesOf(select));
  for (const key of ["top", "selection", "group_by", "having", "named_window"])
    readAll(reading, at(select, key), scope);
  return { ...columns, scope };
}

/** A set operation's columns: the first branch names them, all branches widen them. */
function setOperation(reading: Reading, body: unknown, outer: Scope, role: Role): Body {
  const left = bodyColumns(reading, at(body, "left"), outer, role);
  const right = bodyColumns(reading, at(body, "right"), outer, role === "value" ? "value" : "branch");
  if (!left.isOpen && !right.isOpen && left.columns.length !== right.columns.length) {
    const place = placeOfSelect(reading, at(body, "right"));
    reading.doubts.push({ kind: "union", left: left.columns.length, right: right.columns.length, place });
  }
  const columns = left.columns.map((column, index) => {
    const other = right.columns[index];
    if (other === undefined) return right.isOpen ? { ...column, type: unknownType } : column;
    return { ...column, type: right.isOpen ? unknownType : widest(column.type, other.type) };
  });
  // Behind a set operation ORDER BY sees the result's columns only.
  return { columns, isOpen: left.isOpen, scope: outer };
}

function valuesBody(reading: Reading, body: unknown, outer: Scope): Body {
  const rows = listAt(body, "rows").map((row) => {
    const cells = Array.isArray(row) ? row : listAt(row, "content");
    return cells.map((cell: unknown) => typeOfExpression(reading, cell, outer));
  });
  const [first = [], ...others] = rows;
  const columns = first.map((type, index) => ({
    name: undefined,
    type: others.reduce((wide, row) => widest(wide, row[index] ?? wide), type),
  }));
  return { columns, isOpen: false, scope: outer };
}

function bodyColumns(reading: Reading, node: unknown, outer: Scope, role: Role): Body {
  const { tag, body } = variant(node);
  switch (tag) {
    case "Select":
      return selectBody(reading, body, outer, role);
    case "SetOperation":
      return setOperation(reading, body, outer, role);
    case "Query":
      return { ...queryColumns(reading, body, outer, role), scope: outer };
    case "Values":
      return valuesBody(reading, body, outer);
    default:
      return { columns: [], isOpen: true, scope: outer };
  }
}

/**
 * What a common table expression gives to itself: the columns of its first branch, by which T-SQL types a recursive one;
 * open for one that is no UNION.
 */
function anchorColumns(reading: Reading, query: unknown, scope: Scope): Columns {
  const { tag, body } = variant(at(query, "body"));
  if (tag !== "SetOperation") return { columns: [], isOpen: true };
  // It is read for good later: what this reading gathers would be gathered twice.
  const aside = { ...reading, edits: [], notes: [], doubts: [], selects: [], aliases: new Map(), openStars: [] };
  const { columns, isOpen } = bodyColumns(aside, at(body, "left"), scope, "branch");
  return { columns, isOpen };
}

/** The scope with a query's common table expressions; each sees those before it and itself. */
function withCommonTables(reading: Reading, clause: unknown, scope: Scope): Scope {
  const tables = listAt(clause, "cte_tables");
  if (tables.length === 0) return scope;
  const ctes = new Map(scope.ctes);
  for (const table of tables) {
    const name = nameOf(at(at(table, "alias"), "name"))?.value.toLowerCase() ?? "";
    const names = listAt(at(table, "alias"), "columns").flatMap((column) => nameOf(at(column, "name")) ?? []);
    const query = at(table, "query");
    const inside: Scope = { ...scope, ctes };
    const anchor = anchorColumns(reading, query, inside);
    ctes.set(name, anchor.isOpen ? anchor : renamed(anchor, names));
    ctes.set(name, renamed(queryColumns(reading, query, inside, names.length > 0 ? "branch" : "table"), names));
  }
  return { ...scope, ctes };
}

function readOrder(reading: Reading, order: unknown, body: Body): void {
  if (order === null || order === undefined) return;
  // ORDER BY may name the result's columns before those of FROM.
  const result: Relation = { alias: "", columns: body.columns, isOpen: body.isOpen };
  const scope: Scope = { relations: [result], outer: body.scope, ctes: body.scope.ctes };
  readAll(reading, order, scope);
}

/** The columns a query gives, everything in it read once on the way; names are settled where the role wants them. */
export function queryColumns(reading: Reading, query: unknown, outer: Scope, role: Role): Columns {
  const scope = withCommonTables(reading, at(query, "with"), outer);
  const body = bodyColumns(reading, at(query, "body"), scope, role);
  readOrder(reading, at(query, "order_by"), body);
  return { columns: body.columns, isOpen: body.isOpen };
}
