import { type Kind, listed } from "./growth.ts";

/** Half a text of tables, half of conditions on them. */
function conditions(table: (index: number) => string, condition: (index: number) => string, head = "SELECT 1 AS a") {
  const half = (maxLength: number) => Math.floor(maxLength / 2);
  return (maxLength: number) =>
    listed(table, ",", { head: `${head} FROM `, tail: "" })(half(maxLength)) +
    listed(condition, " AND ", { head: " WHERE ", tail: "" })(half(maxLength));
}

/** Data views, of which the checks know more than of Data Extensions. */
export const views: Readonly<Record<string, Kind>> = {
  "one view again and again": listed((index) => `_Sent s${index}`, ",", { head: "SELECT 1 AS a FROM ", tail: "" }),
  "views whose rows are shown once": listed((index) => `_Open o${index}`, ",", {
    head: "SELECT DISTINCT 1 AS a FROM ",
    tail: "",
  }),
  "jobs again and again": listed((index) => `_Job j${index}`, ",", { head: "SELECT 1 AS a FROM ", tail: "" }),
  "views joined in a chain": listed(
    (index) =>
      `JOIN _Open o${index + 1} ON o${index + 1}.JobID = o${index}.JobID AND o${index + 1}.SubscriberID = o${index}.SubscriberID`,
    " ",
    { head: "SELECT 1 AS a FROM _Open o0 ", tail: "" },
  ),
  "views and plain names": conditions(
    (index) => `_Sent s${index}`,
    (index) => `JobID = ListID + ${index}`,
  ),
  "views and named columns": conditions(
    (index) => `_Sent s${index}`,
    (index) => `s${index}.JobID = s${index + 1}.JobID`,
  ),
  "views, grouped": conditions(
    (index) => `_Click c${index}`,
    (index) => `c${index}.JobID = c0.JobID`,
    "SELECT MAX(c0.URL) AS m",
  ),
  "old rows of one view": listed((index) => `s.EventDate < DATEADD(day, -${index}, GETDATE())`, " AND ", {
    head: "SELECT 1 AS a FROM _Sent s WHERE ",
    tail: "",
  }),
  "old rows of derived tables": conditions(
    (index) => `(SELECT EventDate FROM _Sent) d${index}`,
    (index) => `d${index}.EventDate < GETDATE()`,
  ),
  "old rows, deep in derived tables": (maxLength) => {
    const levels = 55;
    const open = "SELECT EventDate FROM (".repeat(levels);
    const tail = listed(() => "x.EventDate < '2020-01-01'", " AND ", { head: " WHERE ", tail: "" });
    return `${open}SELECT EventDate FROM _Sent${") x".repeat(levels)}${tail(maxLength - levels * 26 - 30)}`;
  },
  "moments of moments": (maxLength) =>
    listed(() => `s.EventDate < ${"DATEADD(day, DATEDIFF(day, 0, ".repeat(60)}GETDATE()${"), 0)".repeat(60)}`, " OR ", {
      head: "SELECT 1 AS a FROM _Sent s WHERE ",
      tail: "",
    })(maxLength),
  "columns no view has": listed((index) => `s.Email${index}`, ",", { head: "SELECT ", tail: " FROM _Sent s, _Job j" }),
  "columns another view has": listed(() => `s.EmailAddress`, ",", { head: "SELECT ", tail: " FROM _Sent s, _Job j" }),
  "stars of views": listed((index) => `_Job j${index}`, ",", { head: "SELECT * FROM ", tail: "" }),
};
