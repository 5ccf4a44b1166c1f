/** A generator of numbers, so that a failure comes again. */
export function openDice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    // xorshift: the low bits of a linear generator repeat.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % sides;
  };
}

/** A query, and the constructs it is made of. */
export type Generated = { sql: string; constructs: ReadonlySet<string> };

/** What one query is grown with: dice, a memory of what it used, and how much deeper it may go. */
type Growth = { dice: (sides: number) => number; used: Set<string>; depth: number };

type Make = (g: Growth) => string;
type Choices = Readonly<Record<string, Make>>;

const names = ["Id", "Email", "[First Name]", "JobID", "Points", '"Total"', "SubscriberKey", "Código"];
const tables = ["Members", "[My DE]", "Ent._Subscribers", "_Sent", "Orders", "[Órdenes 2]", "Ent.[Shared DE]"];
const functions = ["LEN", "UPPER", "ISNULL", "CONCAT", "COALESCE", "NULLIF", "LEFT", "IIF", "ROUND", "CHARINDEX"];

function one<T>(g: Growth, list: readonly T[]): T {
  // There is at least one.
  return list[g.dice(list.length)] as T;
}

/** One of the constructs, by its name, which is remembered. */
function grown(g: Growth, choices: Choices): string {
  const name = one(g, Object.keys(choices));
  g.used.add(name);
  // It is one of its keys.
  return (choices[name] as Make)({ ...g, depth: g.depth - 1 });
}

function times(g: Growth, least: number, most: number, make: Make, between = ", "): string {
  return Array.from({ length: least + g.dice(most - least + 1) }, () => make(g)).join(between);
}

const name: Make = (g) => one(g, names);
const column: Make = (g) => (g.dice(2) === 0 ? `${one(g, ["a", "b", "m"])}.${name(g)}` : name(g));

const leaves: Choices = {
  column,
  number: (g) => one(g, ["1", "0", "2.5", "1e3", "100000", ".5"]),
  text: (g) => one(g, ["'x'", "N'né'", "'it''s'", "''", "'-- no /* comment'"]),
  NULL: () => "NULL",
  "call without arguments": (g) => one(g, ["GETDATE()", "NEWID()"]),
  CURRENT_TIMESTAMP: () => "CURRENT_TIMESTAMP",
};

const type: Make = (g) =>
  one(g, ["INT", "VARCHAR(20)", "NVARCHAR(MAX)", "DECIMAL(10, 2)", "DATE", "DATETIME2(3)", "BIT", "FLOAT", "VARCHAR"]);

const window: Make = (g) => {
  const parts = [
    g.dice(2) === 0 ? `PARTITION BY ${times(g, 1, 2, column)}` : "",
    `ORDER BY ${column(g)}${one(g, ["", " DESC", " ASC"])}`,
    g.dice(4) === 0 ? "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW" : "",
  ];
  return `OVER (${parts.filter((part) => part !== "").join(" ")})`;
};

const values: Choices = {
  arithmetic: (g) => times(g, 2, 4, value, one(g, [" + ", " - ", "+"])),
  product: (g) => times(g, 2, 3, atom, one(g, [" * ", "/", " % "])),
  "sum of products": (g) => `${atom(g)} * ${atom(g)} + ${atom(g)} / ${atom(g)} - ${atom(g)}`,
  parentheses: (g) => `(${value(g)})`,
  call: (g) => `${one(g, functions)}(${times(g, 1, 3, value)})`,
  "date function": (g) =>
    `${one(g, ["DATEADD", "DATEDIFF"])}(${one(g, ["day", "MONTH", "hh"])}, ${value(g)}, ${value(g)})`,
  aggregate: (g) => `${one(g, ["SUM", "MAX", "COUNT"])}(${one(g, ["", "DISTINCT "])}${column(g)})`,
  "COUNT(*)": () => "COUNT(*)",
  window: (g) => `${one(g, ["ROW_NUMBER()", "SUM(Points)", "LAG(Email, 1)"])} ${window(g)}`,
  "WITHIN GROUP": (g) => `STRING_AGG(${column(g)}, ',') WITHIN GROUP (ORDER BY ${column(g)} DESC)`,
  "simple CASE": (g) => `CASE ${column(g)} ${times(g, 1, 2, (h) => `WHEN ${atom(h)} THEN ${value(h)}`, " ")} END`,
  "searched CASE": (g) =>
    `CASE ${times(g, 1, 2, (h) => `WHEN ${condition(h)} THEN ${value(h)}`, " ")} ELSE ${value(g)} END`,
  CAST: (g) => `${one(g, ["CAST", "TRY_CAST"])}(${value(g)} AS ${type(g)})`,
  CONVERT: (g) => `${one(g, ["CONVERT", "TRY_CONVERT"])}(${type(g)}, ${value(g)}${one(g, ["", ", 120"])})`,
  "scalar subquery": (g) => `(SELECT MAX(${column(g)}) FROM ${table(g)} WHERE ${condition(g)})`,
  "AT TIME ZONE": (g) => `${column(g)} AT TIME ZONE 'UTC'${one(g, ["", " AT TIME ZONE 'CET'"])}`,
  COLLATE: (g) => `${column(g)} COLLATE Latin1_General_CS_AS`,
  sign: (g) => `${one(g, ["-", "+", "~"])}${column(g)}`,
  "FOR XML": (g) => `STUFF((SELECT ',' + ${column(g)} FROM ${table(g)} FOR XML PATH('')), 1, 1, '')`,
  "sign before a product": (g) => `${atom(g)} / -${column(g)} * ${atom(g)}`,
  "bit operators": (g) => `${column(g)} & ${column(g)} | ${column(g)} + ${column(g)}`,
};

const atom: Make = (g) => (g.depth <= 0 || g.dice(3) > 0 ? grown(g, leaves) : `(${value(g)})`);
const value: Make = (g) => (g.depth <= 0 || g.dice(3) > 0 ? grown(g, leaves) : grown(g, values));

const predicates: Choices = {
  comparison: (g) => `${value(g)} ${one(g, ["=", "<>", "!=", "<", ">=", ">", "<="])} ${value(g)}`,
  "IN list": (g) => `${column(g)} ${one(g, ["", "NOT "])}IN (${times(g, 1, 4, atom)})`,
  "IN query": (g) => `${column(g)} ${one(g, ["", "NOT "])}IN (SELECT ${column(g)} FROM ${table(g)})`,
  BETWEEN: (g) => `${column(g)} ${one(g, ["", "NOT "])}BETWEEN ${atom(g)} AND ${atom(g)} + 1`,
  LIKE: (g) => `${column(g)} ${one(g, ["", "NOT "])}LIKE '%x%'${one(g, ["", " ESCAPE '!'"])}`,
  "IS NULL": (g) => `${column(g)} IS ${one(g, ["", "NOT "])}NULL`,
  EXISTS: (g) => `${one(g, ["", "NOT "])}EXISTS (SELECT 1 FROM ${table(g)} WHERE ${condition(g)})`,
  "quantified comparison": (g) =>
    `${column(g)} ${one(g, ["=", ">"])} ${one(g, ["ANY", "ALL"])} (SELECT 1 FROM ${table(g)})`,
  "IS DISTINCT FROM": (g) => `(${column(g)} IS ${one(g, ["", "NOT "])}DISTINCT FROM ${atom(g)})`,
};

const conditions: Choices = {
  AND: (g) => times(g, 2, 4, condition, " AND ").replaceAll(" OR ", " AND "),
  OR: (g) => `(${times(g, 2, 3, condition, " OR ")})`,
  "AND beside OR": (g) => `${predicate(g)} OR ${predicate(g)} AND ${predicate(g)} OR ${predicate(g)}`,
  NOT: (g) => `NOT ${predicate(g)}`,
  "condition in parentheses": (g) => `(${condition(g)})`,
};

const predicate: Make = (g) => grown(g, predicates);
const condition: Make = (g) => (g.depth <= 0 || g.dice(5) > 1 ? predicate(g) : grown(g, conditions));

const table: Make = (g) => {
  const hint = g.dice(12) === 0;
  if (hint) g.used.add("table hint");
  return `${one(g, tables)}${one(g, ["", " a", " AS m"])}${hint ? " WITH (NOLOCK)" : ""}`;
};

const exotics: Choices = {
  VALUES: () => "(VALUES (1, 'a'), (2, 'b')) v(x, [y z])",
  APPLY: (g) => `${table(g)} ${one(g, ["CROSS", "OUTER"])} APPLY (SELECT TOP 1 ${column(g)} FROM ${table(g)}) p`,
  "table function": (g) => `${table(g)} CROSS APPLY STRING_SPLIT(Email, ',') s`,
  PIVOT: (g) => `${one(g, tables)} PIVOT (SUM(Points) FOR JobID IN ([a], [b])) p`,
  UNPIVOT: (g) => `${one(g, tables)} UNPIVOT (v FOR n IN (Id, Points)) u`,
  "OPENJSON WITH": (g) =>
    `${table(g)} CROSS APPLY OPENJSON(Email, '$.a') WITH (k INT '$.k', w NVARCHAR(MAX) AS JSON) j`,
  "XML method": (g) => `${table(g)} CROSS APPLY m.nodes('/i') t(c)`,
  "join in parentheses": (g) => `(${table(g)} JOIN ${table(g)} ON ${predicate(g)}) LEFT JOIN ${table(g)} ON 1 = 1`,
  "nested ON": (g) => `${table(g)} LEFT JOIN ${table(g)} JOIN ${table(g)} ON ${predicate(g)} ON ${predicate(g)}`,
  "join hint": (g) => `${table(g)} INNER HASH JOIN ${table(g)} ON ${predicate(g)}`,
  "contextual word as alias": (g) => `Members ${one(g, ["window", "sample", "sort", "format", "output", "partition"])}`,
};

const joins: Choices = {
  "INNER JOIN": (g) => `${one(g, ["JOIN", "INNER JOIN"])} ${source(g)} ON ${condition(g)}`,
  "LEFT JOIN": (g) => `${one(g, ["LEFT JOIN", "LEFT OUTER JOIN"])} ${source(g)} ON ${predicate(g)}`,
  "RIGHT JOIN": (g) => `RIGHT JOIN ${source(g)} ON ${predicate(g)}`,
  "FULL JOIN": (g) => `FULL OUTER JOIN ${source(g)} ON ${predicate(g)}`,
  "CROSS JOIN": (g) => `CROSS JOIN ${source(g)}`,
};

const source: Make = (g) => {
  if (g.depth <= 0 || g.dice(5) > 0) return table(g);
  g.used.add("derived table");
  return `(${query({ ...g, depth: g.depth - 2 })}) ${one(g, ["d", "AS d", "d(x, y)"])}`;
};

const from: Make = (g) => {
  const roll = g.dice(100);
  if (g.depth > 1 && roll < 70) return grown(g, exotics);
  if (roll > 90) {
    g.used.add("comma in FROM");
    return `${source(g)}, ${table(g)}`;
  }
  const count = g.depth <= 0 ? 0 : g.dice(3);
  return [source(g), ...Array.from({ length: count }, () => grown(g, joins))].join(" ");
};

const items: Choices = {
  "plain item": value,
  "AS alias": (g) => `${value(g)} AS ${name(g)}`,
  "bare alias": (g) => `${value(g)} al`,
  "text alias": (g) => `${value(g)} AS 'an alias'`,
  "alias =": (g) => `al = ${value(g)}`,
  star: () => "*",
  "star of a table": (g) => `${one(g, ["a", "m"])}.*`,
};

const heads: Choices = {
  TOP: (g) => one(g, ["TOP 10", "TOP (5)"]),
  "TOP PERCENT": () => "TOP (10) PERCENT",
  "TOP WITH TIES": () => "TOP 3 WITH TIES",
  DISTINCT: () => "DISTINCT",
};

const groups: Choices = {
  "GROUP BY": (g) => times(g, 1, 3, column),
  "GROUP BY expression": (g) => `YEAR(${column(g)}), ${column(g)} + 1`,
  ROLLUP: (g) => `ROLLUP(${column(g)}, ${column(g)})`,
  CUBE: (g) => `CUBE(${column(g)}, ${column(g)})`,
  "WITH ROLLUP": (g) => `${column(g)} WITH ROLLUP`,
  "GROUPING SETS": (g) => `GROUPING SETS ((${column(g)}), (${column(g)}, ${column(g)}), ())`,
};

function clause(g: Growth, sides: number, construct: string, make: Make): string {
  if (g.dice(sides) > 0) return "";
  if (construct !== "") g.used.add(construct);
  return make(g);
}

const select: Make = (g) =>
  [
    "SELECT",
    clause(g, 4, "", (h) => grown(h, heads)),
    times(g, 1, 4, (h) => grown(h, items)),
    `FROM ${from(g)}`,
    clause(g, 2, "WHERE", (h) => `WHERE ${condition(h)}`),
    clause(g, 3, "", (h) => `GROUP BY ${grown(h, groups)}`),
    clause(g, 6, "HAVING", (h) => `HAVING COUNT(*) > ${atom(h)}`),
  ]
    .filter((part) => part !== "")
    .join(g.dice(5) === 0 ? " /* a comment, FROM x */\n" : " ");

const sets: Choices = {
  UNION: (g) => `${select(g)} UNION ${select(g)}`,
  "UNION ALL": (g) => times(g, 2, 3, select, " UNION ALL "),
  EXCEPT: (g) => `${select(g)} EXCEPT ${select(g)}`,
  "INTERSECT beside UNION": (g) => `${select(g)} UNION ${select(g)} INTERSECT ${select(g)}`,
  "set operation in parentheses": (g) => `(${select(g)} UNION ${select(g)}) EXCEPT ${select(g)}`,
};

const orders: Choices = {
  "ORDER BY": (g) => ` ORDER BY ${times(g, 1, 3, (h) => value(h) + one(h, ["", " DESC", " ASC"]))}`,
  OFFSET: (g) => ` ORDER BY ${column(g)} OFFSET 10 ROWS`,
  "OFFSET FETCH": (g) => ` ORDER BY ${column(g)} OFFSET 10 ROWS FETCH NEXT 5 ROWS ONLY`,
};

const query: Make = (g) => {
  const body = g.depth > 0 && g.dice(4) === 0 ? grown(g, sets) : select(g);
  return body + clause(g, 4, "", (h) => grown(h, orders));
};

const ends: Choices = {
  OPTION: () => " OPTION (RECOMPILE, MAXDOP 1)",
  "FOR JSON": () => " FOR JSON PATH, ROOT('r')",
};

/** Grows one query out of the dice. */
export function generated(dice: (sides: number) => number): Generated {
  const g: Growth = { dice, used: new Set(), depth: 3 };
  let sql = query(g);
  if (dice(12) === 0) {
    g.used.add("WITH");
    sql = `WITH c AS (${query({ ...g, depth: 1 })}), e(x) AS (SELECT 1 AS x FROM c) ${sql.replace("Members", "c")}`;
  }
  if (dice(8) === 0) sql += grown(g, ends);
  return { sql, constructs: g.used };
}

/** The names of every construct. */
export const constructs: readonly string[] = [
  ...[leaves, values, predicates, conditions, exotics, joins, items, heads, groups, sets, orders, ends].flatMap(
    Object.keys,
  ),
  ..."table hint,derived table,comma in FROM,WHERE,HAVING,WITH".split(","),
];
