import { SqlError, unsupported } from "../values/sql-error.ts";
import { bigint, text } from "../types.ts";
import { argumentsOf } from "./aggregate-names.ts";
import { list, node, partsOfName, variant, type Json } from "./ast.ts";
import { freshAlias } from "./fresh-alias.ts";
import type { Context, Reachable, Source } from "./model.ts";
import { call, implicit } from "./expr.ts";
import { translate } from "./expression.ts";
import { translateQuery } from "./query.ts";
import { aliasOf, type Joined } from "./source.ts";
import { noKeys } from "./relation.ts";
import { asText } from "./type-rules.ts";

/**
 * CROSS and OUTER APPLY, and a table function in FROM. SQLite has no lateral joins, but its `json_each` may look at
 * the tables before it: the applied rows travel as JSON.
 */
export function applied(
  context: Context,
  left: Joined | undefined,
  json: Json,
  reach: readonly Source[],
  isOuter: boolean,
): Joined {
  const inside: Context = { ...context, names: { sources: reach, outer: context.names } };
  const { name, body } = variant(json);
  const right =
    name === "Derived"
      ? appliedQuery(inside, body)
      : name === "Table"
        ? appliedFunction(inside, body)
        : unsupported(`APPLY of ${name}`);
  const sources = [...(left?.sources ?? []), right];
  return {
    sources,
    print: () =>
      left === undefined
        ? right.print()
        : `${left.print()} ${isOuter ? "LEFT JOIN" : "JOIN"} ${right.print()}${isOuter ? " ON 1" : ""}`,
  };
}

function appliedQuery(context: Context, json: Json): Source {
  const parts = node(json);
  const alias = aliasOf(parts["alias"]);
  if (alias === undefined) throw new SqlError("Incorrect syntax near ')'.");
  const relation = translateQuery(context, parts["subquery"] ?? null);
  if (relation.columns.some(({ type }) => type.kind === "binary"))
    return unsupported("APPLY of a query with binary columns");
  const [at, inner] = [freshAlias(context, "j"), freshAlias(context, "x")];
  const columns = relation.columns.map(({ name, type }, index): Reachable => {
    const own = alias.columns[index] ?? name;
    if (own === undefined)
      throw new SqlError(`No column name was specified for column ${index + 1} of '${alias.name}'.`);
    return { name: own, type, sql: `(${at}.value ->> ${index})` };
  });
  const rows = relation.columns.map((_column, index) => `${inner}.c${index}`).join(", ");
  const printed = relation.print(noKeys);
  return {
    names: [alias.name.toLowerCase()],
    display: alias.name,
    columns,
    print: () => `json_each((SELECT json_group_array(json_array(${rows})) FROM (${printed}) AS ${inner})) AS ${at}`,
  };
}

function appliedFunction(context: Context, json: Json): Source {
  const parts = node(json);
  const name = (partsOfName(parts["name"]).at(-1) ?? "").toLowerCase();
  if (name !== "string_split") return unsupported(`the table function ${name.toUpperCase()}`);
  const args = list(node(parts["args"])["args"]).flatMap((argument) =>
    argumentsOf({ args: { List: { args: [argument] } } }),
  );
  if (args.length < 2 || args.length > 3)
    throw new SqlError("Procedure or function string_split has too many arguments specified.");
  const [value, separator] = args.slice(0, 2).map((argument) => translate(context, argument));
  if (value === undefined || separator === undefined) return unsupported("STRING_SPLIT without arguments");
  const type = asText(value.type);
  const alias = aliasOf(parts["alias"]);
  const at = freshAlias(context, "j");
  const split = call(
    context,
    "string_split",
    () =>
      (given = null, by = null) => {
        if (given === null || by === null) return "[]";
        if (String(by).length !== 1)
          throw new SqlError("Procedure expects parameter 'separator' of type 'nchar(1)/nvarchar(1)'.");
        return JSON.stringify(String(given).split(String(by)));
      },
    [implicit(context, value, type).sql, implicit(context, separator, text(10)).sql],
  );
  const columns: Reachable[] = [{ name: alias?.columns[0] ?? "value", type, sql: `${at}.value` }];
  if (args.length === 3) columns.push({ name: alias?.columns[1] ?? "ordinal", type: bigint, sql: `(${at}.key + 1)` });
  const own = alias?.name ?? "string_split";
  return { names: [own.toLowerCase()], display: own, columns, print: () => `json_each(${split}) AS ${at}` };
}
