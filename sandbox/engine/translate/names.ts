import { SqlError } from "../values/sql-error.ts";
import { asColumnType } from "./collation.ts";
import type { Expr, Grouped, NameScope, Reachable, Source } from "./model.ts";
import { groupedAs, shown, ungrouped } from "./grouped.ts";

export const emptyScope: NameScope = { sources: [] };

/** The grouped expressions of a scope and of its outer ones. */
export function groupedAround(scope: NameScope | undefined): Grouped[] {
  return scope === undefined ? [] : [...(scope.grouped ?? []), ...groupedAround(scope.outer)];
}

/** The scope as it is below every GROUP BY. */
export function ungroupedScope({ sources, outer }: NameScope): NameScope {
  return outer === undefined ? { sources } : { sources, outer: ungroupedScope(outer) };
}

function toExpr({ type: own, sql, key }: Reachable): Expr {
  const type = asColumnType(own);
  return key === undefined ? { sql, type } : { sql, type, key };
}

/** A column of an outer query, as that query shows it where it groups. */
function outerExpr(at: NameScope, scope: NameScope, column: Expr, display: string): Expr {
  if (at === scope || at.grouped === undefined) return column;
  const own = groupedAs(at.grouped, column.sql);
  if (own === undefined) throw ungrouped(display, "select");
  return shown(own);
}

/** The column an unqualified name means. Throws SQL Server's errors for an unknown or ambiguous one. */
export function resolveName(scope: NameScope, name: string): Expr {
  const wanted = name.trimEnd().toLowerCase();
  for (let at: NameScope | undefined = scope; at !== undefined; at = at.outer) {
    const found = at.sources.flatMap(({ columns }) => columns.filter((column) => column.name.toLowerCase() === wanted));
    const visible = found.filter(({ isHidden }) => isHidden !== true);
    const hits = visible.length > 0 ? visible : found;
    if (hits.length > 1) throw new SqlError(`Ambiguous column name '${name}'.`);
    if (hits[0] !== undefined) return outerExpr(at, scope, toExpr(hits[0]), name);
  }
  throw new SqlError(`Invalid column name '${name}'.`);
}

/** The source a qualifier means, nearest scope first. */
function findSource(scope: NameScope, qualifier: string): { source: Source; at: NameScope } | undefined {
  const wanted = qualifier.trimEnd().toLowerCase();
  for (let at: NameScope | undefined = scope; at !== undefined; at = at.outer) {
    const source = at.sources.find(({ names }) => names.includes(wanted));
    if (source !== undefined) return { source, at };
  }
  return undefined;
}

/** The column a qualified name means; `parts` ends with the column. */
export function resolveQualified(scope: NameScope, parts: readonly string[]): Expr {
  const column = parts.at(-1) ?? "";
  const found = findSource(scope, parts.slice(0, -1).join("."));
  if (found === undefined) throw new SqlError(`The multi-part identifier "${parts.join(".")}" could not be bound.`);
  const wanted = column.trimEnd().toLowerCase();
  const hits = found.source.columns.filter(({ name }) => name.toLowerCase() === wanted);
  const hit = hits[0];
  if (hit === undefined) throw new SqlError(`Invalid column name '${column}'.`);
  if (hits.length > 1) throw new SqlError(`Ambiguous column name '${column}'.`);
  return outerExpr(found.at, scope, toExpr(hit), parts.join("."));
}
