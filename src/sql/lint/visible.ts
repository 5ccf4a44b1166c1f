import { isDataView } from "../data-views.ts";
import type { Relation, Scope } from "../read/scope.ts";

/** All tables that a place in a query sees, the innermost first. */
export type Visible = {
  relations: readonly Relation[];
  aliases: readonly string[];
  /** The first of each table, by its lower-cased name. */
  byTable: ReadonlyMap<string, Relation>;
  hasView: boolean;
};

/** Whether a table is a data view, whose columns nobody knows for certain. */
export function isView({ table }: Relation): boolean {
  return table !== undefined && isDataView(table.name);
}

/** What a message calls a table, derived ones and results without a name too. */
export function shownName({ table, alias, result }: Relation): string {
  if (result !== undefined) return "The result";
  return table?.name ?? (alias === "" ? "The SELECT in FROM" : alias);
}

/** Opens the search for what scopes see; each scope is looked through once, so it must not change any more. */
export function openVisible(): (scope: Scope) => Visible {
  const known = new Map<Scope, Visible>();
  return (scope) => {
    const visible = known.get(scope) ?? visibleOf(scope);
    known.set(scope, visible);
    return visible;
  };
}

function visibleOf(scope: Scope): Visible {
  const relations: Relation[] = [];
  for (let here: Scope | undefined = scope; here !== undefined; here = here.outer) relations.push(...here.relations);
  const byTable = new Map<string, Relation>();
  for (const relation of relations) {
    const name = relation.table?.name.toLowerCase();
    if (name !== undefined && !byTable.has(name)) byTable.set(name, relation);
  }
  return { relations, aliases: relations.map(({ alias }) => alias), byTable, hasView: relations.some(isView) };
}
