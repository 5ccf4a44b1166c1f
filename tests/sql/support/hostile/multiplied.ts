import { type Kind, filled, grown, listed } from "./growth.ts";

const head = "SELECT Id FROM ";

/** Each level says the one below more than once, or is read more than once. */
export const multiplied: Readonly<Record<string, Kind>> = {
  "common tables in the first branch": grown({
    head,
    open: "(WITH c AS (SELECT Id FROM ",
    core: "Wide",
    close: " UNION ALL SELECT 1) (SELECT Id FROM c)) x",
    tail: "",
  }),
  "common tables that read themselves": grown({
    head,
    open: "(WITH c AS (SELECT Id FROM ",
    core: "Wide",
    close: " UNION ALL SELECT Id FROM c) (SELECT Id FROM c)) x",
    tail: "",
  }),
  "common tables that double": (maxLength) =>
    `SELECT Id FROM (WITH c0 AS (SELECT * FROM Wide)${listed(
      (index) => `c${index + 1} AS (SELECT a.*, b.* FROM c${index} a, c${index} b)`,
      ",",
      { head: ",", tail: "" },
    )(maxLength - 90)} (SELECT Id FROM c5)) x`,
  "joins of joins of stars": grown({
    head: "SELECT * FROM ",
    open: "(SELECT x.*, y.* FROM ",
    core: "Wide x CROSS JOIN Wide y",
    close: ") x CROSS JOIN Wide y",
    tail: "",
  }),
  "stars above what is doubled": grown({
    head: "SELECT x.* FROM ",
    open: "(SELECT x.*, x.* FROM ",
    core: "Wide x",
    close: ") x",
    tail: " WHERE ",
  }),
  "stars above names that are doubled": grown({
    head: "SELECT x.* FROM ",
    open: "(SELECT x.*, x.* FROM ",
    core: "(SELECT 1 AS a, 2 AS b) x",
    close: ") x",
    tail: " WHERE x.a = 1",
  }),
  "stars of a table of many names": (maxLength) => {
    const names = listed((index) => `1 AS c${index}`, ",", { head: "SELECT ", tail: "" })(Math.floor(maxLength / 2));
    const stars = filled("d.*,", maxLength / 2 - 80);
    return `SELECT * FROM (SELECT ${stars}d.* FROM (${names}) d) e WHERE e.c1 = 1`;
  },
  "APPLY in APPLY": grown({
    head: "SELECT w.Id FROM Wide w ",
    open: "CROSS APPLY (SELECT w.*, w.Id AS i FROM Wide w ",
    core: "",
    close: ") x",
    tail: "",
  }),
  "calls of two arguments": grown({ open: "ISNULL(Id, ", close: ")" }),
  "subqueries in both arms": grown({
    open: "CASE WHEN EXISTS (SELECT 1 FROM Wide WHERE Id = ",
    core: "1",
    close: ") THEN 1 ELSE (SELECT MAX(Id) FROM Wide) END",
  }),
  "IN of subqueries on both sides": grown({
    head: "SELECT Id FROM Wide WHERE ",
    open: "(SELECT MAX(Id) FROM Wide) IN (SELECT Id FROM Wide WHERE ",
    core: "1=1",
    close: ")",
    tail: "",
  }),
  "INTERSECT in UNION": grown({
    head: "",
    open: "(SELECT 1 AS a INTERSECT SELECT 2 UNION ",
    core: "SELECT 3",
    close: ")",
    tail: "",
  }),
};
