import { type Kind, grown, inFrom, inWhere, listed } from "./growth.ts";

/** Table 5000 of the 10,000, with one letter too many. */
const misspelt = "Data Extension of Customers 05000x";

/** Lists ever longer. */
export const lists: Readonly<Record<string, Kind>> = {
  columns: listed((index) => `c${index}`, ",", {}),
  "one column again and again": grown({ head: "SELECT Id", close: ",Id", core: "", tail: " FROM Wide" }),
  "columns without names": listed((index) => `${index}`, ",", { tail: "" }),
  "columns of functions": listed(() => "LEN(Id)", ",", {}),
  "columns of unknown functions": listed((index) => `REPLCE${index}(Id)`, ",", {}),
  "columns of nested functions": listed(
    () => "REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(Id,'a','b'),'a','b'),'a','b'),'a','b'),'a','b'),'a','b')",
    ",",
    {},
  ),
  "columns in a derived table": listed((index) => `1 AS c${index}`, ",", {
    head: "SELECT c1 FROM (SELECT ",
    tail: ") x",
  }),
  "equal columns in a derived table": listed(() => "1 AS c", ",", { head: "SELECT * FROM (SELECT ", tail: ") x" }),
  "columns in EXISTS": listed((index) => `c${index}`, ",", {
    head: "SELECT 1 AS a FROM Wide WHERE EXISTS (SELECT ",
    tail: " FROM Wide)",
  }),
  "qualified columns": listed((index) => `w.F${index % 250}`, ",", { tail: " FROM Wide w" }),
  "unknown columns": listed((index) => `w.F${index}x`, ",", { tail: " FROM Wide w" }),
  "unknown columns in WHERE": listed((index) => `w.F${index}x = 1`, " AND ", {
    head: "SELECT w.Id FROM Wide w WHERE ",
    tail: "",
  }),
  "unknown columns in lists": listed((index) => `F${index}x`, ",", {
    head: "SELECT Id FROM Wide WHERE Id IN (",
    tail: ")",
  }),
  "unknown prefixes": listed((index) => `v${index}.Id`, ",", { tail: " FROM Wide w" }),
  "unknown tables": listed((index) => `[Data Extension of Customers ${index}x] t${index}`, ",", inFrom),
  "one misspelt table": listed((index) => `[${misspelt}] t${index}`, ",", inFrom),
  "misspelt tables of length 100": listed(
    (index) => `[${`${index}`.padEnd(100, "a long name ")}] t${index}`,
    ",",
    inFrom,
  ),
  tables: listed((index) => `Wide t${index}`, ",", inFrom),
  "other tables": listed((index) => `Other${index} t${index}`, ",", inFrom),
  "other tables and plain names": listed((index) => `JOIN Other${index} ON F1 = F2`, " ", {
    head: "SELECT F1 FROM Wide w ",
    tail: "",
  }),
  "other tables and a name none has": listed((index) => `JOIN Other${index} ON X${index} = Y${index}`, " ", {
    head: "SELECT F1 FROM Wide w ",
    tail: "",
  }),
  "other tables and their stars": listed((index) => `JOIN Other${index} ON 1 = 1`, " ", {
    head: "SELECT * FROM Wide w ",
    tail: "",
  }),
  "tables without names": listed(() => "Wide", ",", inFrom),
  "derived tables": listed((index) => `(SELECT Id FROM Wide) t${index}`, ",", inFrom),
  "derived tables of stars": listed((index) => `(SELECT * FROM Wide) t${index}`, ",", {
    ...inFrom,
    head: "SELECT 1 AS a FROM ",
  }),
  "derived tables without names": listed(() => `(SELECT Id FROM Wide)`, ",", inFrom),
  "common tables": listed((index) => `c${index} AS (SELECT 1 AS a)`, ",", { head: "WITH ", tail: " SELECT a FROM c1" }),
  "common tables, each of the one before": listed((index) => `c${index} AS (SELECT * FROM c${index - 1})`, ",", {
    head: "WITH c0 AS (SELECT Id FROM Wide),",
    tail: " SELECT * FROM c90",
  }),
  "common tables, each of the one before twice": listed(
    (index) => `c${index} AS (SELECT a.Id FROM c${index - 1} a, c${index - 1} b)`,
    ",",
    { head: "WITH c0 AS (SELECT Id FROM Wide),", tail: " SELECT Id FROM c1" },
  ),
  "one common table used again and again": listed((index) => `c t${index}`, ",", {
    head: "WITH c AS (SELECT Id FROM Wide) SELECT t1.Id FROM ",
    tail: "",
  }),
  "ORDER BY of hidden columns without TOP": listed((index) => `w.F${index % 250} + ${index}`, ",", {
    head: "SELECT Id FROM Wide w ORDER BY ",
    tail: "",
  }),
  "ORDER BY of positions": listed((index) => `${(index % 250) + 1}`, ",", {
    head: "SELECT * FROM Wide ORDER BY ",
    tail: "",
  }),
  "common tables in a derived table": listed((index) => `c${index} AS (SELECT 1 AS a)`, ",", {
    head: "SELECT a FROM (WITH ",
    tail: " SELECT a FROM c1) x",
  }),
  "IN of numbers": listed(String, ",", { head: "SELECT Id FROM Wide WHERE Id IN (", tail: ")" }),
  "IN of texts": listed((index) => `'key ${index}'`, ",", { head: "SELECT Id FROM Wide WHERE Id IN (", tail: ")" }),
  INs: listed((index) => `Id IN (${index})`, " OR ", inWhere),
  WHEN: listed((index) => `WHEN Id = ${index} THEN 'x'`, " ", { head: "SELECT CASE ", tail: " END AS c FROM Wide" }),
  arguments: listed(() => "Id", ",", { head: "SELECT COALESCE(", tail: ") AS c FROM Wide" }),
  "arguments of CONCAT": listed(() => "Id + 1", ",", { head: "SELECT CONCAT(", tail: ") AS c FROM Wide" }),
  VALUES: listed((index) => `(${index},'x')`, ",", { head: "SELECT a FROM (VALUES ", tail: ") v(a,b)" }),
  "names of a derived table's columns": listed((index) => `c${index}`, ",", {
    head: "SELECT * FROM (SELECT 1 AS a) v(",
    tail: ")",
  }),
  "ORDER BY": listed((index) => `F${index % 250} DESC`, ",", { head: "SELECT TOP 5 Id FROM Wide ORDER BY ", tail: "" }),
  "ORDER BY of 500 columns": (maxLength) => {
    const names = Array.from({ length: 500 }, (_, index) => `w.F${index % 250} AS n${index}`).join(",");
    return listed((index) => `w.F${(index * 7) % 250}+1`, ",", {
      head: `SELECT TOP 5 ${names} FROM Wide w ORDER BY `,
      tail: "",
    })(maxLength);
  },
  "ORDER BY of unknown columns": listed((index) => `x.F${index}`, ",", {
    head: "SELECT TOP 5 Id FROM Wide ORDER BY ",
    tail: "",
  }),
  "ORDER BY of a UNION": listed((index) => `a+${index}`, ",", {
    head: "SELECT 1 AS a UNION SELECT 2 ORDER BY ",
    tail: "",
  }),
  "GROUP BY": listed((index) => `F${index % 250}`, ",", { head: "SELECT F1 FROM Wide GROUP BY ", tail: "" }),
  "GROUP BY of what is selected": (maxLength) => {
    const half = listed((index) => `F${index % 250} + ${index}`, ",", { head: "", tail: "" })(
      Math.floor(maxLength / 2) - 20,
    );
    return `SELECT ${half} FROM Wide GROUP BY ${half}`;
  },
  OVER: listed((index) => `SUM(Id) OVER (PARTITION BY F${index % 250}) AS c${index}`, ",", {}),
  PIVOT: listed((index) => `[x${index}]`, ",", { head: "SELECT * FROM Wide PIVOT (SUM(Id) FOR F1 IN (", tail: ")) p" }),
  hints: listed(() => "Wide WITH (NOLOCK)", ",", inFrom),
  OPTION: grown({ head: "SELECT Id FROM Wide ", close: "OPTION (RECOMPILE) ", core: "", tail: "" }),
  "OPTION without end": grown({ head: "SELECT Id FROM Wide ", close: "OPTION ( ", core: "", tail: "" }),
  "WITH ROLLUP": grown({ head: "SELECT Id FROM Wide ", close: "WITH ROLLUP ", core: "", tail: "" }),
  LIMIT: grown({ head: "SELECT Id FROM Wide ", close: "LIMIT 1 ", core: "", tail: "" }),
  statements: grown({ head: "", open: "SELECT 1;", core: "SELECT 1", tail: "" }),
  "SELECT words": grown({ head: "", open: "SELECT ", core: "1", tail: "" }),
  words: grown({ close: " a" }),
  "forbidden words": grown({ close: " INTO" }),
  variables: grown({ close: ",@a" }),
  "comparisons of text with numbers": listed((index) => `F${index % 250} = ${index}`, " AND ", inWhere),
  "target, written again and again": listed((index) => `Target t${index}`, ",", inFrom),
  "account numbers": listed(() => "123.Wide", ",", inFrom),
  "foreign functions": listed(() => "NVL(Id, 1)", ",", {}),
  "aggregates in WHERE": listed(() => "SUM(Id) = 1", " AND ", inWhere),
  "ungrouped columns": listed((index) => `F${index % 250}`, ",", { head: "SELECT MAX(Id) AS m,", tail: " FROM Wide" }),
};
