import { placeOfSelect } from "../syntax/places.ts";
import type { Body, CommonTable, OrderBy, Query, Select, SetOperations, Values } from "../syntax/tree.ts";
import { unknownType, widest } from "../types/sql-type.ts";
import { readAll, readWindow, typeOfExpression } from "./expression.ts";
import { fromScope, renamed } from "./from.ts";
import { projectionColumns } from "./projection.ts";
import type { Reading, Role } from "./reading.ts";
import type { Columns, Relation, Scope } from "./scope.ts";

/** A body's columns and the scope its query's ORDER BY may use. */
type ReadBody = Columns & { scope: Scope };

function selectBody(reading: Reading, select: Select, outer: Scope, role: Role): ReadBody {
  const scope = fromScope(reading, select.from, outer);
  const columns = projectionColumns(reading, select, scope, role);
  reading.selects.push({ select, scope });
  const aliases = select.items.flatMap(({ alias }) => alias?.name.value ?? []);
  reading.aliases.set(scope, aliases);
  const { top, where, groupBy, having, windows, extra } = select;
  readAll(reading, [top?.count, where, ...(groupBy?.terms ?? []), having, ...extra], scope);
  for (const { window } of windows) readWindow(reading, window, scope);
  return { ...columns, scope };
}

/** A set operation's columns: the first branch names them, all branches widen them. */
function setOperation(reading: Reading, { branches }: SetOperations, outer: Scope, role: Role): ReadBody {
  const [first, ...others] = branches;
  const none: ReadBody = { columns: [], isOpen: true, scope: outer };
  const { columns: written, isOpen } = first === undefined ? none : bodyColumns(reading, first, outer, role);
  let columns = written;
  for (const branch of others) {
    const right = bodyColumns(reading, branch, outer, role === "value" ? "value" : "branch");
    if (!isOpen && !right.isOpen && columns.length !== right.columns.length) {
      const place = placeOfSelect(branch);
      reading.doubts.push({ kind: "union", left: columns.length, right: right.columns.length, place });
    }
    columns = columns.map((column, index) => {
      const other = right.columns[index];
      if (other === undefined) return right.isOpen ? { ...column, type: unknownType } : column;
      return { ...column, type: right.isOpen ? unknownType : widest(column.type, other.type) };
    });
  }
  // Behind a set operation ORDER BY sees the result's columns only.
  return { columns, isOpen, scope: outer };
}

function valuesBody(reading: Reading, values: Values, outer: Scope): ReadBody {
  const rows = values.rows.map(({ cells }) => cells.map((cell) => typeOfExpression(reading, cell, outer)));
  const [first = [], ...others] = rows;
  const columns = first.map((type, index) => ({
    name: undefined,
    type: others.reduce((wide, row) => widest(wide, row[index] ?? wide), type),
  }));
  return { columns, isOpen: false, scope: outer };
}

function bodyColumns(reading: Reading, body: Body, outer: Scope, role: Role): ReadBody {
  switch (body.kind) {
    case "select":
      return selectBody(reading, body, outer, role);
    case "set":
      return setOperation(reading, body, outer, role);
    case "query":
      return { ...queryColumns(reading, body, outer, role), scope: outer };
    case "values":
      return valuesBody(reading, body, outer);
    case "opaque":
    case "missing":
      return { columns: [], isOpen: true, scope: outer };
  }
}

/**
 * What a common table expression gives to itself: the columns of its first branch, by which T-SQL types a recursive one;
 * open for one that is no UNION.
 */
function anchorColumns(reading: Reading, { body }: Query, scope: Scope): Columns {
  const anchor = body.kind === "set" ? body.branches[0] : undefined;
  if (anchor === undefined) return { columns: [], isOpen: true };
  // It is read for good later: what this reading gathers would be gathered twice.
  const aside = { ...reading, edits: [], notes: [], doubts: [], selects: [], aliases: new Map(), openStars: [] };
  const { columns, isOpen } = bodyColumns(aside, anchor, scope, "branch");
  return { columns, isOpen };
}

/** The scope with a query's common table expressions; each sees those before it and itself. */
function withCommonTables(reading: Reading, tables: readonly CommonTable[], scope: Scope): Scope {
  if (tables.length === 0) return scope;
  const ctes = new Map(scope.ctes);
  for (const { name, columns: names, query } of tables) {
    const key = name.value.toLowerCase();
    const inside: Scope = { ...scope, ctes };
    const anchor = anchorColumns(reading, query, inside);
    ctes.set(key, anchor.isOpen ? anchor : renamed(anchor, names));
    ctes.set(key, renamed(queryColumns(reading, query, inside, names.length > 0 ? "branch" : "table"), names));
  }
  return { ...scope, ctes };
}

function readOrder(reading: Reading, order: OrderBy | undefined, body: ReadBody): void {
  if (order === undefined) return;
  // ORDER BY may name the result's columns before those of FROM.
  const result: Relation = { alias: "", columns: body.columns, isOpen: body.isOpen };
  const scope: Scope = { relations: [result], outer: body.scope, ctes: body.scope.ctes };
  const { terms, offset, fetch } = order;
  readAll(reading, [...terms.map(({ expression }) => expression), offset, fetch], scope);
}

/** The columns a query gives, everything in it read once on the way; names are settled where the role wants them. */
export function queryColumns(reading: Reading, query: Query, outer: Scope, role: Role): Columns {
  const scope = withCommonTables(reading, query.commonTables, outer);
  const body = bodyColumns(reading, query.body, scope, role);
  readOrder(reading, query.orderBy, body);
  return { columns: body.columns, isOpen: body.isOpen };
}
