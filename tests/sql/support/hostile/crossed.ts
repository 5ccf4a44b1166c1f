import { type Kind, filled, listed } from "./growth.ts";

/** One list of half a text, and another that refers to it: what is looked up in the one for each of the other. */
function twice(first: Kind, second: Kind): Kind {
  return (maxLength) => first(Math.floor(maxLength / 2)) + second(Math.floor(maxLength / 2));
}

const inFrom = (item: (index: number) => string): Kind => listed(item, ",", { head: " FROM ", tail: "" });
const joined = (item: (index: number) => string): Kind => listed(item, " ", { head: " FROM Wide w ", tail: "" });
const select = (item: (index: number) => string, head = "SELECT "): Kind => listed(item, ",", { head, tail: "" });
const where = (item: (index: number) => string): Kind => listed(item, " AND ", { head: " WHERE ", tail: "" });

/** Tables inside tables, so many to a level as are still looked through. */
const correlated =
  (condition: string): Kind =>
  (maxLength) => {
    const levels = Array.from({ length: Math.floor(maxLength / 2200) }, (_, level) =>
      listed((index) => `Wide t${level}_${index}`, ",", {
        head: "SELECT 1 AS a FROM ",
        tail: " WHERE EXISTS (",
      })(1100),
    );
    const inner = filled(`${condition} = 1 AND `, maxLength - levels.length * 1100 - 40);
    return `${levels.join("")}SELECT 1 FROM Wide w WHERE ${inner}1=1${")".repeat(levels.length)}`;
  };

/** Many names against many tables. */
export const crossed: Readonly<Record<string, Kind>> = {
  "grouped columns and tables": twice(
    select((index) => `t${index}.Id`, "SELECT MAX(1) AS m,"),
    inFrom((index) => `Wide t${index}`),
  ),
  "grouped plain columns and tables": twice(
    select((index) => `F${index}`, "SELECT MAX(1) AS m,"),
    inFrom((index) => `Other${index} t${index}`),
  ),
  "unknown prefixes and tables": twice(
    select((index) => `v${index}.Id`),
    inFrom((index) => `Wide t${index}`),
  ),
  "stars and tables": twice(
    select((index) => `t${index}.*`),
    inFrom((index) => `Wide t${index}`),
  ),
  "stars and tables nobody knows": twice(
    select((index) => `t${index}.*`),
    inFrom((index) => `N t${index}`),
  ),
  "stars and tables, inside a derived table": (maxLength) =>
    `SELECT 1 AS a FROM (${twice(
      select(() => "*"),
      inFrom((index) => `N t${index}`),
    )(maxLength - 30)}) d`,
  "aliases and unknown names": twice(
    select((index) => `1 AS a${index}`),
    (maxLength) => ` FROM Wide${where((index) => `x${index} = 1`)(maxLength - 10)}`,
  ),
  "stars over functions without names": twice(
    select(() => "*"),
    inFrom((index) => (index % 2 === 0 ? "OPENJSON('')" : "STRING_SPLIT('a','b')")),
  ),
  "a star over functions without names": (maxLength) =>
    `SELECT *${inFrom((index) => (index % 2 === 0 ? "OPENJSON('')" : "STRING_SPLIT('a','b')"))(maxLength - 8)}`,
  "unknown names inside many tables": correlated("X1"),
  "unknown prefixes inside many tables": correlated("x.Id"),
  "names of the outermost table inside many": correlated("t0_0.Id"),
  "wide first branch of a UNION": (maxLength) =>
    `SELECT ${"t.*,".repeat(78)}t.Id FROM Wide t${filled(" UNION ALL SELECT 1", maxLength - 400)}`,
  "PIVOT of many columns": (maxLength) =>
    `SELECT 1 AS a FROM (SELECT ${"t.*,".repeat(78)}t.Id FROM Wide t) d${filled(" PIVOT (SUM(Id) FOR F1 IN ([1])) p", Math.min(15_000, maxLength - 400))}`,
  "UNPIVOT of many columns": (maxLength) =>
    `SELECT 1 AS a FROM (SELECT ${"t.*,".repeat(78)}t.Id FROM Wide t) d${filled(" UNPIVOT (v FOR n IN (F1)) p", Math.min(12_000, maxLength - 400))}`,
  "comparisons and tables": twice(
    (maxLength) => `SELECT 1 AS a${inFrom((index) => `Wide t${index}`)(maxLength - 13)}`,
    where((index) => `t${index}.Id <> 1`),
  ),
  "comparisons of plain names and tables": twice(
    (maxLength) => `SELECT 1 AS a${inFrom((index) => `Other${index}`)(maxLength - 13)}`,
    where((index) => `F${index} = Id`),
  ),
  "NOT IN and tables": twice(
    (maxLength) => `SELECT 1 AS a${joined((index) => `JOIN Wide t${index} ON 1=1`)(maxLength - 13)}`,
    where((index) => `t${index}.Id NOT IN (SELECT t${index}.F1 FROM Wide)`),
  ),
};
