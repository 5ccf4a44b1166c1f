import type { Context } from "./model.ts";

const aliasPattern = /\b[a-z]\d+(?=\.)/g;

/** The aliases a text mentions outside its literals. */
function aliasesOf(sql: string): Set<string> {
  return new Set(sql.replaceAll(/'(?:[^']|'')*'/g, "''").match(aliasPattern) ?? []);
}

/** The one alias a value is made of, when it is to be compared with values of others. */
function soleAlias(value: string, other: string): string | undefined {
  const [alias, ...more] = aliasesOf(value);
  const others = aliasesOf(other);
  if (alias === undefined || more.length > 0 || others.size === 0 || others.has(alias)) return undefined;
  return value.includes("SELECT ") ? undefined : alias;
}

/** Functions that fail on no row, by the names they are registered under; converting a number or a date to text is one. */
const harmless = /^(f\d+_s_(key|lower|upper|trim|replace|cast_kind_(int|bit|decimal|moment))\w*|ifnull|coalesce)$/;

/** True when a value can be computed for rows a query may never look at. */
function isHarmless(value: string): boolean {
  const calls = [...value.replaceAll(/'(?:[^']|'')*'/g, "''").matchAll(/(\w+)\(/g)].map(([, name]) => name ?? "");
  return calls.length > 0 && calls.every((name) => harmless.test(name));
}

/** The value made fast to look up: a wish for an index of its stored table, or a ready column of its derived table. */
function prepared({ state, names }: Context, value: string, other: string): string {
  const alias = soleAlias(value, other);
  if (alias === undefined) return value;
  const table = state.stored.get(alias);
  if (table !== undefined) {
    state.wishes.push({ table, value: value.replaceAll(new RegExp(`\\b${alias}\\.`, "g"), "") });
    return value;
  }
  const isOwn = names.sources.some(({ columns }) => columns.some(({ sql }) => sql.startsWith(`${alias}.`)));
  const compute = isOwn && isHarmless(value) ? state.computed.get(alias) : undefined;
  return compute === undefined ? value : compute(value);
}

/**
 * `left = right` in SQLite's text. Where values of different tables meet, it is made fast: SQLite compares row with row
 * unless it finds an index, and it makes one by itself only for plain columns of a join.
 */
export function equality(context: Context, left: string, right: string): string {
  return `(${prepared(context, left, right)} = ${prepared(context, right, left)})`;
}
