import { expect } from "vitest";
import { type Case } from "../support/wire-case.ts";
import { aField } from "../support/wire-messages.ts";
import { checking, keyed, plain, refused } from "../support/wire-queries.ts";

/** MCE 5.2, 8.1, 8.2 and 8.5: what the service says of SQL when it is saved. */
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
    "Error saving the Query field. Only SELECT queries are valid. Select must be the first word of the query.",
  ),
  ...[
    ["SELECT TOP 1 [Select] AS EmailAddress FROM Order", "Order"],
    ["SELECT EmailAddress AS Group FROM Customers", "Group"],
    ["SELECT EmailAddress AS User FROM Customers", "User"],
    ["SELECT EmailAddress Plan FROM Customers", "Plan"],
    ["SELECT Key AS EmailAddress FROM [Order]", "Key"],
    ["SELECT o.Key AS EmailAddress FROM [Order] o", "Key"],
    ["SELECT EmailAddress FROM Customers Table", "Table"],
    ["SELECT CURRENT_DATE AS EmailAddress", "CURRENT_DATE"],
    ["SELECT IF(1 = 1, 'a', 'b') AS EmailAddress", "IF"],
  ].map(([sql = "", word]) =>
    refused("8.1", `a reserved word as a name: ${sql}`, sql, `${checking}Incorrect syntax near the keyword '${word}'.`),
  ),
  ...[
    ["SELECT EmailAddress FROM Customers WHERE EmailAddress == 'x'", "="],
    ["SELECT EmailAddress || Country AS EmailAddress FROM Customers", "|"],
    ["SELECT EmailAddress::varchar AS EmailAddress FROM Customers", ":"],
    ["SELECT TOP 1 EmailAddress FROM Customers ORDER BY EmailAddress NULLS LAST", "NULLS"],
  ].map(([sql = "", sign]) =>
    refused("8.2", `what other dialects write: ${sql}`, sql, `${checking}Incorrect syntax near '${sign}'.`),
  ),
  ...[
    "SELECT 'a = = b || c' AS EmailAddress -- == ||",
    "SELECT 'a' AS Date, 'b' AS Status, 'c' AS [Order], 'd' AS EmailAddress",
    "SELECT format.EmailAddress FROM Customers format WHERE format.EmailAddress LIKE '%'",
    "SELECT LEFT(EmailAddress, 3) AS EmailAddress, CURRENT_TIMESTAMP AS Now FROM Customers WITH (HOLDLOCK)",
  ].map((sql): Case => ({
    facts: "8.1",
    what: `words that are reserved nowhere, or only quoted: ${sql.slice(0, 50)}`,
    ask: async (wire) => (await wire.call("POST", "/sandbox/sql", { sql })).status,
    gives: 200,
  })),
  {
    facts: "5.2",
    what: "a byte order mark stands before the first word; a parenthesis may",
    ask: async (wire) => {
      const said = async (sql: string) => (await wire.call("POST", "/sandbox/sql", { sql })).json["message"];
      return [await said("\uFEFFSELECT 1 AS N"), await said("(SELECT 1 AS N)")];
    },
    gives: ["Only SELECT queries are valid. Select must be the first word of the query.", undefined],
  },
  {
    facts: "8.1",
    what: "COLLATE forces case to count; a name that is no collation is refused",
    ask: async (wire) => {
      const said = async (sql: string) => {
        const { json } = await wire.call("POST", "/sandbox/sql", { sql });
        return json["rows"] ?? json["message"];
      };
      const rows = "(SELECT 'Ann' AS V UNION ALL SELECT 'ann' UNION ALL SELECT 'ANN') d";
      return [
        await said(`SELECT V FROM ${rows} WHERE V COLLATE Latin1_General_CS_AS = 'ann'`),
        await said(`SELECT V FROM ${rows} WHERE V = 'ann' COLLATE Nowhere_CS_AS`),
      ];
    },
    gives: [[["ann"]], expect.stringContaining("Invalid collation 'Nowhere_CS_AS'.")],
  },
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
