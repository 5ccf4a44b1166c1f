import { describe, expect, it } from "vitest";
import { check } from "#sql/check.ts";
import type { TableField } from "#sql/fields.ts";

const fields: readonly TableField[] = [
  { name: "Id", fieldType: "Text", maxLength: 10, isNullable: false },
  { name: "Phone", fieldType: "Text", maxLength: 20, isNullable: true },
  { name: "Sent", fieldType: "Text", maxLength: 20 },
];
const found = (sql: string) =>
  check(sql, ({ name }) => (name.startsWith("_") ? undefined : fields)).diagnostics.map(
    ({ severity, code, column, fix }) => `${severity} ${code} ${column} ${fix ?? ""}`,
  );

const notIn = (column: number) =>
  `warning NOT_IN_NULL ${column} Add WHERE Phone IS NOT NULL to the inner SELECT, or use NOT EXISTS`;

describe("check(), rows that vanish with NULL", () => {
  it.each([
    ["SELECT Id FROM C WHERE Id NOT IN (SELECT Phone FROM D)", notIn(42)],
    ["SELECT Id FROM C WHERE NOT Id IN (SELECT d.Phone FROM D d)", notIn(44)],
    ["SELECT Id FROM C WHERE NOT (Id IN (SELECT Phone AS p FROM D))", notIn(43)],
    ["SELECT Id FROM C WHERE Id NOT IN (SELECT Id FROM D UNION SELECT Phone FROM D)", notIn(65)],
    ["SELECT CASE WHEN Id NOT IN (SELECT Phone FROM D) THEN 1 END AS x FROM C", notIn(36)],
    ["SELECT Id FROM C WHERE Id NOT IN ('a', NULL)", "warning NOT_IN_NULL 24 Delete NULL from the list"],
    ["SELECT Id FROM C WHERE Phone <> '1'", "warning NULL_LEFT_OUT 24 To keep them, write (… OR Phone IS NULL)"],
    [
      "SELECT Id FROM C WHERE Id = 'a' AND (Phone NOT IN ('1', '2'))",
      "warning NULL_LEFT_OUT 38 To keep them, write (… OR Phone IS NULL)",
    ],
  ])("names %j", (sql, finding) => expect(found(sql)).toEqual([finding]));

  it.each([
    "SELECT Id FROM C WHERE Id NOT IN (SELECT Id FROM D)",
    "SELECT Id FROM C WHERE Id NOT IN (SELECT Sent FROM D)",
    "SELECT Id FROM C WHERE Id NOT IN (SELECT SubscriberKey FROM _Sent)",
    "SELECT Id FROM C WHERE Id NOT IN (SELECT Phone FROM D WHERE Phone IS NOT NULL)",
    "SELECT Id FROM C WHERE Id NOT IN (SELECT Phone FROM D WHERE LEN(Phone) > 3)",
    "SELECT Id FROM C WHERE Id NOT IN (SELECT ISNULL(Phone, '') AS p FROM D)",
    "SELECT Id FROM C WHERE Id IN (SELECT Phone FROM D)",
    "SELECT Id FROM C WHERE NOT EXISTS (SELECT Phone FROM D)",
    "SELECT Id FROM C WHERE Id NOT IN (SELECT a.Id FROM D a LEFT JOIN D b ON a.Id = b.Phone)",
    "SELECT Id FROM C WHERE Id <> '1' AND Sent <> '1'",
    "SELECT Id FROM C WHERE Phone <> '1' OR Phone IS NULL",
    "SELECT Id FROM C WHERE Phone <> '1' AND Phone LIKE '0%'",
    "SELECT Id FROM C WHERE Phone <> ''",
    "SELECT CASE WHEN Phone <> '1' THEN 1 ELSE 0 END AS x FROM C",
  ])("says nothing of %j", (sql) => expect(found(sql)).toEqual([]));
});
