import { SqlError, unsupported } from "../values/sql-error.ts";
import { list, nameOf, node, partsOfName, unnested, variant, type Json } from "./ast.ts";
import type { Context, NameScope, Source } from "./model.ts";
import { translate } from "./expression.ts";
import { asShown } from "./grouped.ts";
import type { Output } from "./order.ts";

function starred(sources: readonly Source[]): Output[] {
  return sources.flatMap(({ columns, refusesStar }) =>
    (refusesStar === undefined ? columns : unsupported(refusesStar))
      .filter(({ isHidden }) => isHidden !== true)
      .map(({ name, type, sql, key }) => ({ name, expr: key === undefined ? { sql, type } : { sql, type, key } })),
  );
}

function qualifiedStar(scope: NameScope, body: Json): Output[] {
  const { name, body: inner } = variant(list(body)[0]);
  const parts = name === "ObjectName" ? partsOfName(inner) : [];
  const wanted = parts.join(".").toLowerCase();
  const source = scope.sources.find(({ names }) => names.includes(wanted));
  if (source === undefined)
    throw new SqlError(
      `The column prefix '${parts.join(".")}' does not match with a table name or alias name used in the query.`,
    );
  return starred([source]);
}

/** The name a column has without an alias: its own; an expression has none. */
function plainName(json: Json): string | undefined {
  const { name, body } = variant(unnested(json));
  if (name === "Identifier") return nameOf(body);
  if (name === "CompoundIdentifier") return nameOf(list(body).at(-1));
  return undefined;
}

/** The output columns of one item of a select list. */
export function outputsOf(context: Context, item: Json): Output[] {
  const { name, body } = variant(item);
  switch (name) {
    case "Wildcard":
    case "QualifiedWildcard": {
      if (name === "Wildcard" && context.names.sources.length === 0)
        throw new SqlError("Must specify table to select from.");
      const outputs = name === "Wildcard" ? starred(context.names.sources) : qualifiedStar(context.names, body);
      // Above GROUP BY each column of a star must be grouped as if it was written out.
      return outputs.map((output) => ({ ...output, expr: asShown(context, output.expr, output.name ?? "") }));
    }
    case "UnnamedExpr": {
      const own = plainName(body);
      return [{ ...(own === undefined ? {} : { name: own }), expr: translate(context, body) }];
    }
    case "ExprWithAlias": {
      const { expr, alias } = node(body);
      return [{ name: nameOf(alias), expr: translate(context, expr ?? null) }];
    }
    default:
      return unsupported(`a select item of kind ${name}`);
  }
}
