import type { Context } from "./model.ts";

const aliasPattern = /\b[a-z]\d+(?=\.)/g;

/** The aliases a text mentions outside its literals. */
function aliasesOf(sql: string): Set<string> {
  return new Set(sql.replaceAll(/'(?:[^']|'')*'/g, "''").match(aliasPattern) ?? []);
}

/** The only alias in a value, when it is compared with values of other aliases. */
function soleAlias(value: string, other: string): string | undefined {
  const [alias, ...more] = aliasesOf(value);
  const others = aliasesOf(other);
  if (alias === undefined || more.length > 0 || others.size === 0 || others.has(alias)) return undefined;
  return value.includes("SELECT ") ? undefined : alias;
}

/** Functions that never fail, by their registered names; converting a number or a date to text is one. */
const harmless = /^(f\d+_s_(key|lower|upper|trim|replace|cast_kind_(int|bit|decimal|moment))\w*|ifnull|coalesce)$/;

/** True when a value can be computed for rows that the query may never read. */
function isHarmless(value: string): boolean {
  const calls = [...value.replaceAll(/'(?:[^']|'')*'/g, "''").matchAll(/(\w+)\(/g)].map(([, name]) => name ?? "");
  return calls.length > 0 && calls.every((name) => harmless.test(name));
}

/** The value, made fast to look up: by an index on its stored table, or by a computed column of its derived table. */
function prepared({ state, names }: Context, value: string, other: string): string {
  const alias = soleAlias(value, other);
  if (alias === undefined) return value;
  const table = state.stored.get(alias);
  if (table !== undefined) {
    state.indexRequests.push({ table, value: value.replaceAll(new RegExp(`\\b${alias}\\.`, "g"), "") });
    return value;
  }
  const isOwn = names.sources.some(({ columns }) => columns.some(({ sql }) => sql.startsWith(`${alias}.`)));
  const compute = isOwn && isHarmless(value) ? state.computed.get(alias) : undefined;
  return compute === undefined ? value : compute(value);
}

/**
 * `left = right` in SQLite's text. Values of different tables are made fast to compare: SQLite compares row by row
 * unless it has an index, and it makes its own only for plain columns of a join.
 */
export function equality(context: Context, left: string, right: string): string {
  return `(${prepared(context, left, right)} = ${prepared(context, right, left)})`;
}
