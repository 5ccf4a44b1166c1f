import { type Kind, grown, inWhere, listed } from "./growth.ts";

/** A little text for a lot of columns. */
export const stars: Readonly<Record<string, Kind>> = {
  "t.*": listed(() => "t.*", ",", { tail: " FROM Wide t" }),
  "*": listed(() => "*", ",", { tail: " FROM Wide t" }),
  "* over many tables": listed((index) => `Wide t${index}`, ",", { head: "SELECT * FROM ", tail: "" }),
  "t.* in a derived table": listed(() => "t.*", ",", { head: "SELECT x.F1 FROM (SELECT ", tail: " FROM Wide t) x" }),
  "t.* in derived tables": listed((index) => `(SELECT t.*,t.*,t.*,t.* FROM Wide t) d${index}`, ",", {
    head: "SELECT 1 AS a FROM ",
    tail: "",
  }),
  "t.* in UNION branches": grown({
    head: "",
    open: "SELECT t.*,t.* FROM Wide t UNION ALL ",
    core: "SELECT t.*,t.* FROM Wide t",
    tail: "",
  }),
  "t.* in subqueries of the select list": listed(() => "(SELECT t.*,t.*,t.*,t.* FROM Wide t)", ",", {}),
  "t.* in EXISTS": listed(() => "EXISTS (SELECT t.*,t.*,t.*,t.* FROM Wide t)", " AND ", inWhere),
  "* of a table nobody knows": listed(() => "*", ",", { tail: " FROM Nobody" }),
  "t.* of derived tables of derived tables": listed(() => "d.*", ",", {
    tail: " FROM (SELECT x.*, x.*, x.*, x.* FROM (SELECT t.*, t.*, t.* FROM Wide t) x) d",
  }),
};
