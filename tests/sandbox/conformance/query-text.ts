import { expect } from "vitest";
import { type Case } from "../support/wire-case.ts";
import { aField } from "../support/wire-messages.ts";
import { checking, keyed, plain, refused } from "../support/wire-queries.ts";

/** FACTS 5.2, 8.1, 8.2 and 8.5: what the service says of SQL when it is saved. */
export const queryTextCases: Case[] = [
  refused(
    "5.2",
    "ORDER BY without TOP",
    `${plain} ORDER BY EmailAddress`,
    `${checking}The ORDER BY clause is invalid in views, inline functions, derived tables, subqueries, and common table expressions, unless TOP, OFFSET or FOR XML is also specified.`,
  ),
  refused(
    "5.2",
    "a C{MID} prefix",
    "SELECT EmailAddress FROM C7000001.Customers",
    expect.stringContaining("table has a multi-part specification. This is not allowed."),
  ),
  refused("5.2", "a semicolon", `${plain};`, expect.stringContaining("';' is a reserved word and may not be used")),
  refused(
    "5.2",
    "SELECT INTO",
    "SELECT EmailAddress INTO X FROM Customers",
    expect.stringContaining("'into' is a reserved word"),
  ),
  refused("5.2", "EXEC", "EXEC sp_who", expect.stringContaining("Only SELECT queries are valid.")),
  refused("5.2", "DELETE", "DELETE FROM Customers", expect.stringContaining("Only SELECT queries are valid.")),
  refused(
    "5.2",
    "an unknown column",
    "SELECT Nope AS EmailAddress FROM Customers",
    `${checking}Invalid column name 'Nope'.`,
  ),
  refused("5.2", "an unknown table", "SELECT EmailAddress FROM Nowhere", `${checking}Invalid object name 'Nowhere'.`),
  refused(
    "5.2",
    "a required field is missing",
    plain,
    expect.stringContaining("Field 'Id' is required for the Target Data Extension"),
    {
      fields: keyed(aField("EmailAddress")),
    },
  ),
  refused(
    "8.1",
    "a column without name",
    "SELECT COUNT(*) FROM Customers",
    expect.stringContaining("No column name was specified"),
  ),
  refused(
    "8.1",
    "a column twice",
    "SELECT EmailAddress, EmailAddress FROM Customers",
    expect.stringContaining("specified multiple times"),
  ),
  refused(
    "8.1",
    "a column the target does not have",
    "SELECT EmailAddress, Country FROM Customers",
    expect.stringContaining("Invalid column name 'Country'"),
  ),
  refused(
    "8.2",
    "WITH",
    `WITH a AS (${plain}) SELECT EmailAddress FROM a`,
    expect.stringContaining("Incorrect syntax near the keyword 'WITH'"),
  ),
  refused("8.2", "LIMIT", `${plain} LIMIT 5`, expect.stringMatching(/^Error saving the Query field\./)),
  refused(
    "8.2",
    "an alias in WHERE",
    "SELECT EmailAddress, Country AS C FROM Customers WHERE C = 'DE'",
    expect.stringContaining("Invalid column name 'C'"),
  ),
  {
    facts: "8.5",
    what: "a child writes Ent._Subscribers, not _Subscribers",
    ask: async (wire) => {
      const sql = async (text: string) => (await wire.call("POST", "/sandbox/sql", { sql: text, mid: 7000011 })).status;
      return [await sql("SELECT TOP 1 * FROM _Subscribers"), await sql("SELECT TOP 1 * FROM Ent._Subscribers")];
    },
    gives: [400, 200],
  },
  {
    facts: "8.5",
    what: "_Job holds the sends of the business unit that asks",
    ask: async (wire) => {
      const sql = "SELECT COUNT(*) AS N FROM _Job WHERE AccountID <> 7000011";
      return (await wire.call("POST", "/sandbox/sql", { sql, mid: 7000011 })).json["rows"];
    },
    gives: [["0"]],
  },
];
