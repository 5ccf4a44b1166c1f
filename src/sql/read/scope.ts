import type { Name } from "../syntax/tree.ts";
import type { TableRef } from "../fields.ts";
import { unknownType, type SqlType } from "../types/sql-type.ts";

/** One column a query or table offers; a query may leave one unnamed. */
export type Column = { name: string | undefined; type: SqlType };

/** The columns of a query or table; `isOpen` when there may be more than these, because nobody knows the fields. */
export type Columns = { columns: readonly Column[]; isOpen: boolean };

/** The columns of a table that is known. */
export type TableColumns = Columns & {
  /** Columns that answer to their names but that `*` leaves out. */
  hidden?: readonly Column[];
  /** Columns not every source lists: they answer to their names where nothing else does, and `*` leaves them out. */
  unlisted?: readonly Column[];
};

/** Something in FROM, under the name that may stand before a dot. */
export type Relation = TableColumns & {
  alias: string;
  table?: TableRef;
  /** A function's rows without an alias: `alias` is the function's name. */
  isNameless?: true;
  /** The columns of a result, which ORDER BY sees before the tables of `from`, if those at all. */
  result?: { from?: Scope };
};

/** What a part of a query can see: its own FROM, then the query around it. */
export type Scope = {
  relations: readonly Relation[];
  outer: Scope | undefined;
  /** Common table expressions by lower-cased name. */
  ctes: ReadonlyMap<string, Columns>;
};

/** The type of a column that no table has: a query around may know it by the same wrong name. */
export const misnamed: SqlType = { kind: "unknown" };

/** The scope of the tables that a scope's own names are looked for in: for ORDER BY that of FROM. */
export function tablesScope(scope: Scope): Scope {
  return scope.relations[0]?.result?.from ?? scope;
}

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

const columnsByName = new WeakMap<readonly Column[], ReadonlyMap<string, Column>>();

/** The columns by their lower-cased names, the first of equal names; looked up once, so the list must not change any more. */
function byName(columns: readonly Column[]): ReadonlyMap<string, Column> {
  const known = columnsByName.get(columns);
  if (known !== undefined) return known;
  const found = new Map<string, Column>();
  for (const column of columns) {
    const name = column.name?.toLowerCase();
    if (name !== undefined && !found.has(name)) found.set(name, column);
  }
  columnsByName.set(columns, found);
  return found;
}

/** The column of this name among others. */
export function columnNamed(columns: readonly Column[], name: string): Column | undefined {
  return byName(columns).get(name.toLowerCase());
}

/** The column a relation has for certain under this lower-cased name, hidden ones too. */
function listedColumn(relation: Relation, name: string): Column | undefined {
  return byName(relation.columns).get(name) ?? (relation.hidden && byName(relation.hidden).get(name));
}

function unlistedColumn({ unlisted }: Relation, name: string): Column | undefined {
  return unlisted && byName(unlisted).get(name);
}

/** The column a relation has under this lower-cased name, hidden and unlisted ones too. */
export function ownColumn(relation: Relation, name: string): Column | undefined {
  return listedColumn(relation, name) ?? unlistedColumn(relation, name);
}

/** A table that has a column of some name, and the column's type. */
type Owner = { relation: Relation; type: SqlType };

/** In a FROM of more tables than this, which no real query has, a plain name is not looked for. */
export const maxRelations = 250;

/** From so many on, tables and names to find, an index pays. */
const manyRelations = 8;
const manyNames = 8;

const indexes = new WeakMap<readonly Relation[], { asked: number; done: number; owners: Map<string, Owner[]> }>();

/** The first two relations of a FROM that have a column of this lower-cased name; the list may have grown since the last name. */
export function ownersOf(relations: readonly Relation[], name: string): readonly Owner[] {
  const index = indexes.get(relations) ?? { asked: 0, done: 0, owners: new Map<string, Owner[]>() };
  indexes.set(relations, index);
  index.asked += 1;
  if (relations.length < manyRelations || index.asked < manyNames) {
    return relations.flatMap((relation) => {
      const found = listedColumn(relation, name);
      return found === undefined ? [] : [{ relation, type: found.type }];
    });
  }
  for (const relation of relations.slice(index.done)) addOwner(index.owners, relation);
  index.done = relations.length;
  return index.owners.get(name) ?? [];
}

const traits = new WeakMap<readonly Relation[], { done: number; isOpen: boolean; unlisting: Relation[] }>();

/** Whether a FROM has a table whose fields nobody knows, and its tables with unlisted columns; it may have grown since it was asked. */
function traitsOf(relations: readonly Relation[]): { isOpen: boolean; unlisting: readonly Relation[] } {
  const known = traits.get(relations) ?? { done: 0, isOpen: false, unlisting: [] };
  for (const relation of relations.slice(known.done)) {
    known.isOpen ||= relation.isOpen;
    if (relation.unlisted !== undefined) known.unlisting.push(relation);
  }
  known.done = relations.length;
  traits.set(relations, known);
  return known;
}

/** The first column that only some sources list: whether a second table has one too, nobody knows. */
function unlistedOf(relations: readonly Relation[], name: string): Column | undefined {
  for (const relation of traitsOf(relations).unlisting) {
    const found = unlistedColumn(relation, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function addOwner(owners: Map<string, Owner[]>, relation: Relation): void {
  for (const { name, type } of [...relation.columns, ...(relation.hidden ?? [])]) {
    if (name === undefined) continue;
    const known = owners.get(name.toLowerCase());
    if (known === undefined) owners.set(name.toLowerCase(), [{ relation, type }]);
    else if (known.length === 1 && known[0]?.relation !== relation) known.push({ relation, type });
  }
}

const relationsByAlias = new WeakMap<readonly Relation[], { done: number; aliases: Map<string, Relation> }>();

/** The relation of a FROM with this lower-cased alias, the first of equal ones; the list may have grown since it was last asked. */
function aliased(relations: readonly Relation[], alias: string): Relation | undefined {
  const known = relationsByAlias.get(relations) ?? { done: 0, aliases: new Map<string, Relation>() };
  for (const relation of relations.slice(known.done)) {
    const name = relation.alias.toLowerCase();
    if (!known.aliases.has(name)) known.aliases.set(name, relation);
  }
  known.done = relations.length;
  relationsByAlias.set(relations, known);
  return known.aliases.get(alias);
}

/** What a column name means in a scope; `isOuter` when it is a query further out that has it, `isUnlisted` when not every source lists it. */
export type Resolved =
  | { kind: "column"; type: SqlType; isOuter?: true; isUnlisted?: true }
  /** Two tables have it. */
  | { kind: "ambiguous"; type: SqlType; relations: readonly [Relation, Relation] }
  /** A table whose fields nobody knows may have it. */
  | { kind: "unknowable" }
  | { kind: "no-table"; table: Name }
  | { kind: "no-column"; relation?: Relation };

/** The relation a name before a dot means, the innermost first. */
export function relationNamed(scope: Scope, alias: string): Relation | undefined {
  const name = alias.toLowerCase();
  for (let here: Scope | undefined = scope; here !== undefined; here = here.outer) {
    const found = aliased(here.relations, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function resolveQualified(scope: Scope, table: Name, column: Name): Resolved {
  const relation = relationNamed(scope, table.value);
  if (relation === undefined) return { kind: "no-table", table };
  const found = ownColumn(relation, column.value.toLowerCase());
  if (found !== undefined) return { kind: "column", type: found.type };
  return relation.isOpen ? { kind: "unknowable" } : { kind: "no-column", relation };
}

function resolvePlain(scope: Scope, column: Name): Resolved {
  const name = column.value.toLowerCase();
  for (let here: Scope | undefined = scope; here !== undefined; here = here.outer) {
    if (here.relations.length > maxRelations) return { kind: "unknowable" };
    const [first, second] = ownersOf(here.relations, name);
    if (first !== undefined && second !== undefined) {
      return { kind: "ambiguous", type: first.type, relations: [first.relation, second.relation] };
    }
    if (first === undefined && traitsOf(here.relations).isOpen) return { kind: "unknowable" };
    const column = first ?? unlistedOf(here.relations, name);
    if (column !== undefined) {
      const isOuter = here === scope ? {} : ({ isOuter: true } as const);
      return { kind: "column", type: column.type, ...isOuter, ...(first === undefined ? { isUnlisted: true } : {}) };
    }
  }
  const { relations } = tablesScope(scope);
  const only = relations.length === 1 ? relations[0] : undefined;
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
  if (resolved.kind === "no-column") return misnamed;
  return resolved.kind === "column" || resolved.kind === "ambiguous" ? resolved.type : unknownType;
}
