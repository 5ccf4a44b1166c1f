import type { Item as ItemNode, Name, OrderBy, Query, Select } from "../syntax/tree.ts";
import type { Arithmetic } from "../syntax/expression-tree.ts";
import type { TableField, TableRef } from "../fields.ts";
import type { Columns, Relation, Resolved, Scope, TableColumns } from "./scope.ts";
import type { SqlType } from "../types/sql-type.ts";
import type { Item } from "./item.ts";

/** A piece of the text to replace: [start, end) by `text`. */
export type Edit = { start: number; end: number; text: string };

/** What does not fit where it stands: a name that means nothing or two things, a table nobody knows, a UNION of unequal width. */
export type Doubt =
  | { kind: "column"; parts: readonly Name[]; resolved: Resolved; scope: Scope }
  | { kind: "table"; name: Name; table: TableRef }
  /** A subquery gives a column of the query around it, mostly by mistake. */
  | { kind: "outer"; name: Name; tables: readonly string[] }
  /** A comparison that makes SQL Server read texts as numbers. */
  | { kind: "comparison"; name: Name; columnIs: "text" | "number" }
  /** Operands joined by `||`, which T-SQL does not have, and their types. */
  | { kind: "joined"; chain: Arithmetic; types: readonly SqlType[] }
  | { kind: "wide-subquery"; columns: number; place: { start: number; end: number } }
  | { kind: "union"; left: number; right: number; place: { start: number; end: number } };

/**
 * What a query's columns are for: the result or a table, where they need distinct names; a later UNION branch, whose names
 * nobody sees; or a value in EXISTS, IN and scalar subqueries, where even a star may stay.
 */
export type Role = "output" | "table" | "branch" | "value";

/**
 * All the columns that the stars of one text may stand for, ever so deep, and that a PIVOT passes on: a few `t.*` a line, in
 * derived tables of derived tables, stand for millions.
 */
export const starRoom = 20_000;

/** A SELECT's syntax tree, what its columns are for, and what it can see. */
export type ReadSelect = { select: Select; role: Role; scope: Scope };

/** The list that names a result's columns, item by item, and what it can see. */
export type ResultList = { select: Select; items: readonly { node: ItemNode; item: Item }[]; scope: Scope };

/**
 * One walk over one query: what it is given and what it gathers on the way.
 *
 * The walk is one recursion over expressions, FROM and queries; `queryColumns` is its entry for queries, kept here so
 * that expressions need not import the rooms that import them.
 */
export type Reading = {
  sql: string;
  fieldsOf: (table: TableRef) => readonly TableField[] | undefined;
  /** What `fieldsOf` has told, by the tables' keys. */
  tables: Map<string, TableColumns>;
  queryColumns: (reading: Reading, query: Query, scope: Scope, role: Role) => Columns;
  /** What has to be written inside the query: stars, and names of derived tables' columns. */
  edits: Edit[];
  /** The list of the query's own result. Its names are written by the caller that needs them. */
  result?: ResultList;
  doubts: Doubt[];
  /** What stands beside a `True` or `False`, by its name's parts. */
  beside: Map<readonly Name[], SqlType>;
  /** Names of columns of inner queries that are called so only because no table has the name. */
  misnamed: Name[];
  /** Every SELECT met. */
  selects: ReadSelect[];
  /** The ORDER BY of those that have one. */
  orders: Map<Select, OrderBy>;
  /** Stars of named tables that stay, because nobody knows the table's fields, or because there is no room for more. */
  openStars: { start: number; end: number; relations: readonly Relation[] }[];
  /** Why a FROM may lack tables, where it is not understood in full. */
  lostFrom?: string;
  /** How many more columns stars may stand for; below 0 when they stood for too many. */
  stars: { room: number };
};
