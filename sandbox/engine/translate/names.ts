import { SqlError } from "../values/sql-error.ts";
import type { SqlType } from "../types.ts";
import type { Expr } from "./expr.ts";

/** A column in reach of a query's expressions. */
export type Reachable = { name: string; type: SqlType; sql: string; key?: () => string; isHidden?: boolean };

/** A table, view or derived table in FROM; `names` are the qualifiers it answers to, lower-cased. */
export type Source = { names: readonly string[]; display: string; columns: readonly Reachable[]; print: () => string };

/** The sources of one SELECT and the scope around it. */
export type NameScope = { sources: readonly Source[]; outer?: NameScope };

export const emptyScope: NameScope = { sources: [] };

function toExpr({ type, sql, key }: Reachable): Expr {
  return key === undefined ? { sql, type } : { sql, type, key };
}

/** The column an unqualified name means. Throws SQL Server's errors for an unknown or ambiguous one. */
export function resolveName(scope: NameScope, name: string): Expr {
  const wanted = name.trimEnd().toLowerCase();
  for (let at: NameScope | undefined = scope; at !== undefined; at = at.outer) {
    const found = at.sources.flatMap(({ columns }) => columns.filter((column) => column.name.toLowerCase() === wanted));
    const visible = found.filter(({ isHidden }) => isHidden !== true);
    const hits = visible.length > 0 ? visible : found;
    if (hits.length > 1) throw new SqlError(`Ambiguous column name '${name}'.`);
    if (hits[0] !== undefined) return toExpr(hits[0]);
  }
  throw new SqlError(`Invalid column name '${name}'.`);
}

/** The source a qualifier means, nearest scope first. */
function findSource(scope: NameScope, qualifier: string): Source | undefined {
  const wanted = qualifier.trimEnd().toLowerCase();
  for (let at: NameScope | undefined = scope; at !== undefined; at = at.outer) {
    const source = at.sources.find(({ names }) => names.includes(wanted));
    if (source !== undefined) return source;
  }
  return undefined;
}

/** The column a qualified name means; `parts` ends with the column. */
export function resolveQualified(scope: NameScope, parts: readonly string[]): Expr {
  const column = parts.at(-1) ?? "";
  const source = findSource(scope, parts.slice(0, -1).join("."));
  if (source === undefined) throw new SqlError(`The multi-part identifier "${parts.join(".")}" could not be bound.`);
  const wanted = column.trimEnd().toLowerCase();
  const hits = source.columns.filter(({ name }) => name.toLowerCase() === wanted);
  const hit = hits[0];
  if (hit === undefined) throw new SqlError(`Invalid column name '${column}'.`);
  if (hits.length > 1) throw new SqlError(`Ambiguous column name '${column}'.`);
  return toExpr(hit);
}
