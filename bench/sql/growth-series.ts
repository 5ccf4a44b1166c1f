import { check } from "#sql/check.ts";
import { manyTableNames, wideFieldsOf } from "../../tests/sql/support/hostile-texts.ts";
import { printTable } from "../stack/figures.ts";

/** Something said ever more often: how often, and the text. */
type Series = { name: string; sizes: readonly number[]; text: (size: number) => string };

function list(size: number, item: (index: number) => string, between = ","): string {
  return Array.from({ length: size }, (_, index) => item(index)).join(between);
}

function nest(size: number, open: string, core: string, close: string): string {
  return open.repeat(size) + core + close.repeat(size);
}

const depths = [10, 100, 250, 1000, 5000];

const condition = (index: number) => `(w.F${index % 250} LIKE 'a%' OR LEN(w.F${(index * 7) % 250}) > ${index})`;
const characters = (size: number) => `SELECT w.* FROM Wide w WHERE ${list(Math.ceil(size / 41), condition, " AND ")}`;

const series: readonly Series[] = [
  {
    name: "characters",
    sizes: [1000, 10_000, 100_000],
    text: (size) => characters(size).slice(0, size - 7) + " OR 1=1",
  },
  { name: "nested calls", sizes: depths, text: (size) => `SELECT ${nest(size, "LEN(", "Id", ")")} AS a FROM Wide` },
  {
    name: "nested CASE",
    sizes: depths,
    text: (size) => `SELECT ${nest(size, "CASE WHEN Id=1 THEN ", "1", " END")} AS a FROM Wide`,
  },
  {
    name: "nested parentheses",
    sizes: depths,
    text: (size) => `SELECT Id FROM Wide WHERE ${nest(size, "(", "Id=1", ")")}`,
  },
  {
    name: "nested derived tables",
    sizes: depths,
    text: (size) => `SELECT Id FROM ${nest(size, "(SELECT Id FROM ", "Wide", ") x")}`,
  },
  {
    name: "UNION branches",
    sizes: [10, 100, 1000],
    text: (size) => list(size, () => "SELECT * FROM Wide", " UNION ALL "),
  },
  {
    name: "columns",
    sizes: [10, 100, 1000, 5000],
    text: (size) => `SELECT ${list(size, (index) => `w.F${1 + (index % 249)} AS c${index}`)} FROM Wide w`,
  },
  {
    name: "IN list",
    sizes: [500, 5000, 50_000],
    text: (size) => `SELECT Id FROM Wide WHERE Id IN (${list(size, String)})`,
  },
  { name: "t.*", sizes: [4, 25, 2500, 25_000], text: (size) => `SELECT ${list(size, () => "t.*")} FROM Wide t` },
  {
    name: "unknown names, 10,000 tables known",
    sizes: [50, 500, 5000],
    text: (size) => `SELECT Id FROM ${list(size, (index) => `[Data Extension of Customers ${index}x] t${index}`)}`,
  },
];

const rounds = 3;
/** The API takes no longer text. */
const maxLength = 100_000;

/** What kept the work within bounds, by what the check says. */
function limitOf(sql: string, { diagnostics }: ReturnType<typeof check>): string {
  const limits = diagnostics.flatMap(({ code, message }) => {
    if (code === "TOO_MANY_COLUMNS") return ["1,000 columns of a result"];
    if (code === "STAR_UNKNOWN" && message.includes("stand for more")) return ["room for stars"];
    return code === "NOT_UNDERSTOOD" && message.includes("too deeply") ? ["depth of the reader"] : [];
  });
  if (diagnostics.length >= 50) limits.push("50 diagnostics");
  if (sql.length > maxLength) limits.push("100,000 characters of the API");
  return [...new Set(limits)].join(", ");
}

function measured({ name, text }: Series, size: number): (string | number)[] {
  const sql = text(size);
  const context = { tableNames: manyTableNames, now: Date.now() };
  let least = Number.POSITIVE_INFINITY;
  let checked = check(sql, wideFieldsOf, context);
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    checked = check(sql, wideFieldsOf, context);
    least = Math.min(least, performance.now() - start);
  }
  return [name, size, sql.length, least, limitOf(sql, checked)];
}

/** Prints how long guard and check take of texts that grow, the best of three, and what limit cuts them. */
export function printGrowth(): void {
  const rows = series.flatMap((one) => one.sizes.map((size) => measured(one, size)));
  printTable(["series", "size", "characters", "ms", "cut by"], rows);
}
