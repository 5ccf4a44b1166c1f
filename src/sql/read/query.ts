import { given } from "#lang/given.ts";
import type { Expression } from "../syntax/expression-tree.ts";
import { placeOfSelect } from "../syntax/places.ts";
import type { Body, CommonTable, Query, Select, SetOperations, Values } from "../syntax/tree.ts";
import { text, unknownType, widest, type SqlType } from "../types/sql-type.ts";
import { readAll, readWindow, typeOfExpression } from "./expression.ts";
import { fromScope, renamed } from "./from.ts";
import { projectionColumns } from "./projection.ts";
import type { Reading, Role } from "./reading.ts";
import type { Columns, Relation, Scope } from "./scope.ts";

/** A body's columns and the scope its query's ORDER BY may use; `from`: it is that of the body's own FROM. */
type ReadBody = Columns & { scope: Scope; from?: Scope };

function selectBody(reading: Reading, select: Select, outer: Scope, role: Role): ReadBody {
  const scope = fromScope(reading, select.from, outer);
  const columns = projectionColumns(reading, select, scope, role);
  reading.selects.push({ select, role, scope });
  const { top, where, groupBy, having, windows, extra } = select;
  readAll(reading, [top?.count, where, ...(groupBy?.terms ?? []), having, ...extra], scope);
  for (const { window } of windows) readWindow(reading, window, scope);
  // DISTINCT orders by what it shows.
  return { ...columns, scope, ...given({ from: select.quantifier === "DISTINCT" ? undefined : scope }) };
}

/** Is told the columns of the first branch before the others are read. */
type OnFirst = (first: Columns) => void;

/** A set operation's columns: the first branch names them, all branches widen them. */
function setOperation(
  reading: Reading,
  { branches }: SetOperations,
  outer: Scope,
  role: Role,
  onFirst?: OnFirst,
): ReadBody {
  const [first, ...others] = branches;
  const none: ReadBody = { columns: [], isOpen: true, scope: outer };
  const { columns: written, isOpen } = first === undefined ? none : bodyColumns(reading, first, outer, role);
  onFirst?.({ columns: written, isOpen });
  const types = written.map(({ type }) => type);
  for (const branch of others) {
    const right = bodyColumns(reading, branch, outer, role === "value" ? "value" : "branch");
    if (!isOpen && !right.isOpen && written.length !== right.columns.length) {
      const place = placeOfSelect(branch);
      reading.doubts.push({ kind: "union", left: written.length, right: right.columns.length, place });
    }
    widen(types, right);
  }
  const columns = written.map(({ name }, index) => ({ name, type: types[index] ?? unknownType }));
  // Behind a set operation ORDER BY sees the result's columns only.
  return { columns, isOpen, scope: outer };
}

/** Widens the types of a result by those of one more branch; where that is open, nobody knows any. */
function widen(types: SqlType[], { columns, isOpen }: Columns): void {
  if (isOpen) types.fill(unknownType);
  for (const [index, { type }] of columns.slice(0, types.length).entries()) {
    types[index] = widest(types[index] ?? unknownType, type);
  }
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

function bodyColumns(reading: Reading, body: Body, outer: Scope, role: Role, onFirst?: OnFirst): ReadBody {
  switch (body.kind) {
    case "select":
      return selectBody(reading, body, outer, role);
    case "set":
      return setOperation(reading, body, outer, role, onFirst);
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
 * The scope with a query's common table expressions; each sees those before it and itself: the columns of its first branch,
 * by which T-SQL types a recursive one.
 */
function withCommonTables(reading: Reading, tables: readonly CommonTable[], scope: Scope): Scope {
  if (tables.length === 0) return scope;
  const ctes = new Map(scope.ctes);
  for (const { name, columns: names, query } of tables) {
    const key = name.value.toLowerCase();
    const inside: Scope = { ...scope, ctes };
    ctes.set(key, { columns: [], isOpen: true });
    const role = names.length > 0 ? "branch" : "table";
    const found = queryColumns(reading, query, inside, role, (first) => {
      if (!first.isOpen) ctes.set(key, renamed(first, names));
    });
    ctes.set(key, renamed(found, names));
  }
  return { ...scope, ctes };
}

function readOrder(reading: Reading, { orderBy, body: own }: Query, body: ReadBody): void {
  if (orderBy === undefined) return;
  if (own.kind === "select") reading.orders.set(own, orderBy);
  const { terms, offset, fetch } = orderBy;
  // A name alone means a column of the result first; inside of an expression it means one of FROM, where there is a FROM.
  const result: Relation = {
    alias: "",
    columns: body.columns,
    isOpen: body.isOpen,
    result: given({ from: body.from }),
  };
  const scope: Scope = { relations: [result], outer: body.scope, ctes: body.scope.ctes };
  for (const { expression } of terms) {
    readAll(reading, [expression], isName(expression) || own.kind !== "select" ? scope : body.scope);
  }
  readAll(reading, [offset, fetch], body.scope);
}

/** Whether a term of ORDER BY is a name alone, whatever collation it is sorted in. */
function isName(term: Expression): boolean {
  if (term.kind === "parens") return isName(term.inner);
  return term.kind === "collate" ? isName(term.operand) : term.kind === "column";
}

/** The columns a query gives, everything in it read once on the way; names are settled where the role wants them. */
export function queryColumns(reading: Reading, query: Query, outer: Scope, role: Role, onFirst?: OnFirst): Columns {
  const scope = withCommonTables(reading, query.commonTables, outer);
  const { mode = "" } = query.forClause ?? {};
  // One text of all columns, whatever they are called: their names are the text's.
  const isText = mode === "XML" || mode === "JSON";
  const body = bodyColumns(reading, query.body, scope, isText ? "value" : role, onFirst);
  readOrder(reading, query, body);
  if (!isText) return { columns: body.columns, isOpen: body.isOpen };
  return { columns: [{ name: role === "output" ? mode : undefined, type: text("max") }], isOpen: false };
}
