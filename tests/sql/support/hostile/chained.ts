import { type Kind, grown, inFrom, inWhere, listed } from "./growth.ts";

/** Chained ever longer: infix and postfix operators. */
export const chained: Readonly<Record<string, Kind>> = {
  "+": grown({ open: "Id+" }),
  "-": grown({ open: "1 - " }),
  "||": grown({ open: "'a' || " }),
  "=": grown({ ...inWhere, open: "1 = " }),
  AND: grown({ ...inWhere, open: "Id = 1 AND ", core: "1=1" }),
  OR: grown({ ...inWhere, open: "Id = 1 OR ", core: "1=1" }),
  "AND in 100 columns": (maxLength) => {
    const one = grown({ head: "CASE WHEN ", open: "Id=1 OR ", core: "1=1", tail: " THEN 1 END" });
    return `SELECT ${Array.from({ length: 100 }, () => one(Math.floor(maxLength / 100) - 2)).join(",")} FROM Wide`;
  },
  "chains of 290 in the select list": listed((index) => `${"Id+".repeat(290)}1 AS c${index}`, ",", {}),
  "grouped chains of 290": listed((index) => `MAX(Id)${"+Id".repeat(290)} AS c${index}`, ",", {
    tail: ` FROM Wide GROUP BY Id${"+Id".repeat(290)}`,
  }),
  BETWEEN: grown({ ...inWhere, open: "Id BETWEEN 1 AND 2 AND ", core: "1=1" }),
  "BETWEEN in BETWEEN": grown({ ...inWhere, open: "Id BETWEEN 1 AND ", core: "1" }),
  LIKE: grown({ ...inWhere, open: "'a' LIKE ", core: "'b'" }),
  "UNION ALL": grown({ head: "", open: "SELECT Id FROM Wide UNION ALL ", core: "SELECT Id FROM Wide", tail: "" }),
  "UNION ALL of stars": grown({
    head: "",
    open: "SELECT * FROM Wide UNION ALL ",
    core: "SELECT * FROM Wide",
    tail: "",
  }),
  EXCEPT: grown({ head: "", open: "SELECT 1 EXCEPT ", core: "SELECT 1", tail: "" }),
  COLLATE: grown({ close: " COLLATE Latin1_General_CI_AS" }),
  "AT TIME ZONE": grown({ close: " AT TIME ZONE 'UTC'" }),
  "IS NULL": grown({ ...inWhere, close: " IS NULL" }),
  "IS NOT NULL": grown({ ...inWhere, close: " IS NOT NULL" }),
  IN: grown({ ...inWhere, close: " IN (1)" }),
  "NOT IN": grown({ ...inWhere, close: " NOT IN (1)" }),
  "::": grown({ close: "::int" }),
  dots: grown({ close: ".a" }),
  "dots in FROM": grown({ ...inFrom, core: "Wide", close: ".a" }),
  "bracketed dots": grown({ close: ".[a]" }),
  methods: grown({ close: ".a()" }),
  brackets: grown({ close: "[a]" }),
  "calls of calls": grown({ core: "f", close: "(1)" }),
  OVER: grown({ core: "SUM(Id)", close: " OVER ()" }),
  PIVOT: grown({ ...inFrom, core: "Wide", close: " PIVOT (SUM(Id) FOR Id IN ([1])) p" }),
  ELSE: grown({ head: "SELECT CASE WHEN 1=1 THEN 1 ", close: "ELSE 1 ", core: "", tail: "END AS c" }),
  JOIN: listed((index) => `JOIN Wide w${index} ON w${index}.Id = w.Id`, " ", {
    head: "SELECT w.Id FROM Wide w ",
    tail: "",
  }),
  "JOIN of plain names": listed((index) => `JOIN Wide w${index} ON F1 = F2`, " ", {
    head: "SELECT F1 FROM Wide w ",
    tail: "",
  }),
  "CROSS JOIN": listed((index) => `CROSS JOIN Wide w${index}`, " ", { head: "SELECT w.Id FROM Wide w ", tail: "" }),
  "JOIN … JOIN … ON … ON": grown({
    head: "SELECT 1 AS a FROM Wide ",
    open: "JOIN Wide w ",
    core: "",
    close: "ON 1=1 ",
    tail: "",
  }),
  "AND with calls": grown({ ...inWhere, open: "LEN(UPPER(LTRIM(RTRIM(Id)))) = 1 AND ", core: "1=1" }),
};
