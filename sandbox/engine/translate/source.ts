import { SqlError } from "../values/sql-error.ts";
import { list, nameOf, node, type Json } from "./ast.ts";
import { freshAlias } from "./fresh-alias.ts";
import type { Context, Reachable, Source } from "./model.ts";
import type { Relation } from "./relation.ts";

/** A FROM item: its sources, and its text, printed when all keys it must have are known. */
export type Joined = { sources: Source[]; print: () => string };

/** The alias a FROM item gives, and its column names. */
export function aliasOf(json: Json | undefined): { name: string; columns: string[] } | undefined {
  if (json === null || json === undefined) return undefined;
  const alias = node(json);
  return { name: nameOf(alias["name"]), columns: list(alias["columns"]).map((column) => nameOf(node(column)["name"])) };
}

/** A query as a source of FROM; its columns need names of their own. */
export function relationSource(
  context: Context,
  relation: Relation,
  alias: string,
  renamed: readonly string[],
): Source {
  if (renamed.length > 0 && renamed.length !== relation.columns.length) {
    throw new SqlError(
      `'${alias}' has ${renamed.length < relation.columns.length ? "more" : "fewer"} columns than were specified in the column list.`,
    );
  }
  const at = freshAlias(context, "q");
  const used = new Set<number>();
  const seen = new Set<string>();
  const columns = relation.columns.map(({ name, type }, index): Reachable => {
    const own = renamed[index] ?? name;
    if (own === undefined || own === "")
      throw new SqlError(`No column name was specified for column ${index + 1} of '${alias}'.`);
    if (seen.has(own.toLowerCase()))
      throw new SqlError(`The column '${own}' was specified multiple times for '${alias}'.`);
    seen.add(own.toLowerCase());
    return { name: own, type, sql: `${at}.c${index}`, key: () => (used.add(index), `${at}.k${index}`) };
  });
  const ready: string[] = [];
  context.state.computed.set(at, (sql) => `${at}.x${ready.push(sql) - 1}`);
  const print = (): string => {
    const values = ready.map((sql, index) => `, ${sql} AS x${index}`).join("");
    const printed = relation.print(used);
    // A column with NEWID() or RAND() must be computed once per row, not once per mention.
    const rows = relation.isVolatile ? `(WITH m AS MATERIALIZED (${printed}) SELECT * FROM m)` : `(${printed})`;
    // LIMIT keeps SQLite from flattening the query, which would compute the values again for each row they are compared with.
    return values === "" ? `${rows} AS ${at}` : `(SELECT ${at}.*${values} FROM ${rows} AS ${at} LIMIT -1) AS ${at}`;
  };
  return { names: [alias.toLowerCase()], display: alias, columns, print };
}
