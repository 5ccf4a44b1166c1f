import { openDice } from "../../syntax/support/generate.ts";

/** A query that SQL Server runs, and whether its order decides the place of every row. */
export type Runnable = { sql: string; isOrdered: boolean; constructs: ReadonlySet<string> };

/** Something in FROM: how it is written there, and its columns. */
type Source = { name: string; columns: readonly string[] };

type Growth = { dice: (sides: number) => number; used: Set<string>; sources: Source[] };

const base: readonly Source[] = [
  { name: "Members", columns: ["MemberID", "Name", "Points", "City"] },
  { name: "Orders", columns: ["OrderID", "MemberID", "SKU", "Qty"] },
];

function one<T>(g: Growth, list: readonly T[]): T {
  // There is at least one.
  return list[g.dice(list.length)] as T;
}

/** A name in one of the ways it may be written. */
function spelled(g: Growth, name: string): string {
  return one(g, [name, `[${name}]`, name.toUpperCase(), name.toLowerCase()]);
}

function chance(g: Growth, construct: string, outOf: number): boolean {
  if (g.dice(outOf) !== 0) return false;
  g.used.add(construct);
  return true;
}

/** A reference in FROM, and the prefix of its columns. */
function reference(g: Growth, { name }: Source): { text: string; prefix: string } {
  const hint = chance(g, "NOLOCK", 6) ? " WITH (NOLOCK)" : "";
  if (chance(g, "no alias", 3)) return { text: spelled(g, name) + hint, prefix: name };
  const alias = `t${g.dice(1000)}`;
  return { text: `${spelled(g, name)} ${one(g, ["AS ", ""])}${alias}${hint}`, prefix: alias };
}

/** A SELECT's columns: expressions, each with the name it gets. */
type List = { text: string; names: string[] };

function condition(g: Growth, columns: readonly string[], prefix: string): string {
  const column = `${prefix}.${spelled(g, one(g, columns))}`;
  const other = one(g, g.sources);
  if (chance(g, "IN", 5)) return `${column} IN (SELECT ${other.columns[0] ?? ""} FROM ${reference(g, other).text})`;
  if (chance(g, "EXISTS", 5)) {
    const inner = `x${g.dice(1000)}`;
    return `EXISTS (SELECT 1 FROM ${spelled(g, other.name)} ${inner} WHERE ${inner}.${other.columns[0] ?? ""} = ${column})`;
  }
  return one(g, [`${column} IS NOT NULL`, `LEN(${column}) > 1`, `${column} <> 's3'`, "1 = 1"]);
}

/** The columns a query selects from one source, with new names. */
function plainList(g: Growth, source: Source, prefix: string, size: number): List {
  const names: string[] = [];
  const items = Array.from({ length: size }, () => {
    const column = one(g, source.columns);
    const name = `a${names.length}_${g.dice(90)}`;
    names.push(name);
    const value = one(g, [`${prefix}.${column}`, `UPPER(${prefix}.${column})`, `CONCAT(${prefix}.${column}, '-')`]);
    return g.dice(4) === 0 ? `${name} = ${value}` : `${value} AS ${name}`;
  });
  return { text: items.join(", "), names };
}

/** One SELECT over one or two sources, without an order. */
function select(g: Growth, size = 1 + g.dice(3)): { text: string; names: string[]; prefix: string; source: Source } {
  const source = one(g, g.sources);
  const { text, prefix } = reference(g, source);
  const list = plainList(g, source, prefix, size);
  const where = g.dice(2) === 0 ? ` WHERE ${condition(g, source.columns, prefix)}` : "";
  const other = one(g, g.sources);
  const joined = `j${g.dice(1000)}`;
  const join = chance(g, "JOIN", 4)
    ? ` LEFT JOIN ${spelled(g, other.name)} ${joined} ON ${joined}.${other.columns[0] ?? ""} = ${prefix}.${source.columns[0] ?? ""}`
    : "";
  return { text: `SELECT ${list.text} FROM ${text}${join}${where}`, names: list.names, prefix, source };
}

/** A common table expression; those that follow can use it. */
function commonTable(g: Growth): string {
  const name = `q${g.sources.length}`;
  const kind = g.dice(5);
  if (kind === 0) {
    g.used.add("column list");
    const { text } = select(g, 2);
    g.sources.push({ name, columns: ["k", "v"] });
    return `${name} (k, [v]) AS (${text})`;
  }
  if (kind === 1) {
    g.used.add("grouped");
    const source = one(g, g.sources);
    const [key = ""] = source.columns;
    const inner = reference(g, source);
    g.sources.push({ name, columns: [key, "n"] });
    return `[${name}] AS (SELECT ${inner.prefix}.${key}, CAST(COUNT(*) AS VARCHAR(9)) AS n FROM ${inner.text} GROUP BY ${inner.prefix}.${key})`;
  }
  if (kind === 2) {
    g.used.add("star");
    const source = one(g, g.sources);
    g.sources.push({ name, columns: source.columns });
    return `${name} AS (SELECT * FROM ${reference(g, source).text})`;
  }
  if (kind === 3) {
    g.used.add("UNION in WITH");
    const [left, right] = [select(g, 2), select(g, 2)];
    g.sources.push({ name, columns: left.names });
    return `${name} AS (${left.text} UNION ALL ${right.text})`;
  }
  const { text, names } = select(g, 2);
  g.sources.push({ name, columns: names });
  return `${name} AS (${text})`;
}

/** Positions of all columns, so that every row has its place but for rows that are alike. */
function restOf(names: readonly string[], used: readonly number[]): string[] {
  return names.flatMap((_, index) => (used.includes(index) ? [] : [String(index + 1)]));
}

function orderOf(g: Growth, names: readonly string[], hidden: readonly string[]): string {
  const first = g.dice(names.length);
  const direction = one(g, ["", " DESC", " ASC"]);
  const kind = hidden.length > 0 ? g.dice(4) : g.dice(2);
  if (kind === 0) return ["position", [`${first + 1}${direction}`, ...restOf(names, [first])].join(", ")][1] ?? "";
  if (kind === 1) return [`${spelled(g, names[first] ?? "")}${direction}`, ...restOf(names, [first])].join(", ");
  g.used.add("hidden");
  return [`${one(g, hidden)}${direction}`, ...restOf(names, [])].join(", ");
}

/** One text over the tests' tables: WITH, set operations, TOP, OFFSET, DISTINCT, GROUP BY and ORDER BY, by chance. */
export function runnableQuery(seed: number): Runnable {
  const g: Growth = { dice: openDice(seed * 2_654_435_761 + 1), used: new Set(), sources: [...base] };
  for (let warm = 0; warm < 8; warm += 1) g.dice(2);
  const tables = Array.from({ length: g.dice(4) }, () => commonTable(g));
  if (tables.length > 0) g.used.add("WITH");
  const head = tables.length === 0 ? "" : `WITH ${tables.join(", ")} `;
  const size = 1 + g.dice(3);
  const main = select(g, size);
  const setOperator = chance(g, "set operation", 4) ? one(g, ["UNION", "UNION ALL", "EXCEPT", "INTERSECT"]) : undefined;
  const isDistinct = setOperator === undefined && chance(g, "DISTINCT", 4);
  const hidden =
    setOperator !== undefined || isDistinct
      ? []
      : main.source.columns.flatMap((column) => [`${main.prefix}.${column}`, `LEN(${main.prefix}.[${column}])`]);
  const order = orderOf(g, main.names, hidden);
  const limit = g.dice(6);
  const top = setOperator === undefined ? (["", "TOP 7 ", "TOP (5) WITH TIES ", "TOP 30 PERCENT "][limit] ?? "") : "";
  const offset = limit === 4 ? " OFFSET 3 ROWS FETCH NEXT 10 ROWS ONLY" : "";
  if (top.trim() !== "") g.used.add(top.trim());
  if (offset !== "") g.used.add("OFFSET");
  const isOrdered = top !== "" || offset !== "" || g.dice(3) > 0;
  if (isOrdered && top === "" && offset === "") g.used.add("ORDER BY without TOP");
  const body = main.text.replace("SELECT ", `SELECT ${isDistinct ? "DISTINCT " : ""}${top}`);
  const more = setOperator === undefined ? "" : ` ${setOperator} ${select(g, size).text}`;
  const by = isOrdered ? `${one(g, [" ", "\n", " -- as shown\n"])}ORDER BY ${order}${offset}` : "";
  return { sql: `${head}${body}${more}${by}`, isOrdered, constructs: g.used };
}
