import type { Name } from "./ast.ts";
import type { TableRef } from "../fields.ts";
import { unknownType, type SqlType } from "../types/sql-type.ts";

/** One column a query or table offers; a query may leave one unnamed. */
export type Column = { name: string | undefined; type: SqlType };

/** The columns of a query or table; `isOpen` when there may be more than these, because nobody knows the fields. */
export type Columns = { columns: readonly Column[]; isOpen: boolean };

/** Something in FROM, under the name that may stand before a dot. */
export type Relation = Columns & {
  alias: string;
  table?: TableRef;
  /** Columns that answer to their names but that `*` leaves out. */
  hidden?: readonly Column[];
};

/** What a part of a query can see: its own FROM, then the query around it. */
export type Scope = {
  relations: readonly Relation[];
  outer: Scope | undefined;
  /** Common table expressions by lower-cased name. */
  ctes: ReadonlyMap<string, Columns>;
};

/** The scope outside every query. */
export const emptyScope: Scope = { relations: [], outer: undefined, ctes: new Map() };

/** A scope inside another one, so far without a FROM. */
export function innerScope(outer: Scope): Scope {
  return { relations: [], outer, ctes: outer.ctes };
}

/** Whether two names are the same to MCE, which ignores case. */
export function isSameName(one: string, other: string): boolean {
  return one.length === other.length && (one === other || one.toLowerCase() === other.toLowerCase());
}

/** The column of this name among others. */
export function columnNamed(columns: readonly Column[], name: string): Column | undefined {
  return columns.find((column) => column.name !== undefined && isSameName(column.name, name));
}

/** The column a relation has under this name, hidden ones too. */
function ownColumn(relation: Relation, name: string): Column | undefined {
  return columnNamed(relation.columns, name) ?? (relation.hidden && columnNamed(relation.hidden, name));
}

/** What a column name means in a scope; `isOuter` when it is a query further out that has it. */
export type Resolved =
  | { kind: "column"; type: SqlType; isOuter?: true }
  /** Two tables have it. */
  | { kind: "ambiguous"; type: SqlType; relations: readonly [Relation, Relation] }
  /** A table whose fields nobody knows may have it. */
  | { kind: "unknowable" }
  | { kind: "no-table"; table: Name }
  | { kind: "no-column"; relation?: Relation };

/** The relation a name before a dot means, the innermost first. */
export function relationNamed(scope: Scope, alias: string): Relation | undefined {
  for (let here: Scope | undefined = scope; here !== undefined; here = here.outer) {
    const found = here.relations.find((relation) => isSameName(relation.alias, alias));
    if (found !== undefined) return found;
  }
  return undefined;
}

function resolveQualified(scope: Scope, table: Name, column: Name): Resolved {
  const relation = relationNamed(scope, table.value);
  if (relation === undefined) return { kind: "no-table", table };
  const found = ownColumn(relation, column.value);
  if (found !== undefined) return { kind: "column", type: found.type };
  return relation.isOpen ? { kind: "unknowable" } : { kind: "no-column", relation };
}

function resolvePlain(scope: Scope, column: Name): Resolved {
  for (let here: Scope | undefined = scope; here !== undefined; here = here.outer) {
    const owners: [Relation, SqlType][] = [];
    for (const relation of here.relations) {
      const found = ownColumn(relation, column.value);
      if (found !== undefined) owners.push([relation, found.type]);
    }
    const [first, second] = owners;
    if (first !== undefined && second !== undefined) {
      return { kind: "ambiguous", type: first[1], relations: [first[0], second[0]] };
    }
    if (first !== undefined) return { kind: "column", type: first[1], ...(here === scope ? {} : { isOuter: true }) };
    if (here.relations.some((relation) => relation.isOpen)) return { kind: "unknowable" };
  }
  const only = scope.relations.length === 1 ? scope.relations[0] : undefined;
  return only === undefined ? { kind: "no-column" } : { kind: "no-column", relation: only };
}

/** What a dotted name means here, the innermost query first. Only its last two parts count: `Ent.[A].[b]` is column b of A. */
export function resolve(scope: Scope, parts: readonly Name[]): Resolved {
  const column = parts.at(-1);
  const table = parts.at(-2);
  if (column === undefined) return { kind: "unknowable" };
  return table === undefined ? resolvePlain(scope, column) : resolveQualified(scope, table, column);
}

/** The type of what a name means; unknown where that is not known. */
export function typeOfResolved(resolved: Resolved): SqlType {
  return resolved.kind === "column" || resolved.kind === "ambiguous" ? resolved.type : unknownType;
}
