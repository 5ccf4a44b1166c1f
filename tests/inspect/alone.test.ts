import { afterEach, describe, expect, it } from "vitest";
import { ask, callsOf, inspectSql, useInspecting } from "./support/inspecting.ts";

useInspecting();

const refusal = `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><RetrieveResponseMsg xmlns="http://exacttarget.com/wsdl/partnerAPI"><OverallStatus>Error: Some part of your SQL statement is nested too deeply.</OverallStatus><RequestID>r</RequestID></RetrieveResponseMsg></soap:Body></soap:Envelope>`;

/** Lets MCE refuse the fields of every Data Extension. */
const hideFields = () =>
  ask("faults", [{ call: "SOAP Retrieve DataExtensionField", times: 99, status: 200, body: refusal }]);

afterEach(() => ask("faults", undefined, "DELETE"));

/** The errors of a query as `CODE text`, and how often MCE's own check was asked. */
async function judged(sql: string): Promise<{ ok: boolean; errors: string[]; validates: number }> {
  let found: Awaited<ReturnType<typeof inspectSql>> | undefined;
  const calls = await callsOf(async () => {
    found = await inspectSql(sql);
  });
  const { ok = false, diagnostics = [] } = found?.checked ?? {};
  const errors = diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ code, column, endColumn }) => `${code} ${column} ${sql.slice(column - 1, endColumn - 1)}`);
  return { ok, errors, validates: calls.filter((call) => call === "REST validate").length };
}

/** Names that the query around has, and not the common table expression's own table. */
const foreign: [where: string, sql: string, error: string][] = [
  [
    "EXISTS",
    "WITH p AS (SELECT ProductName FROM Products WHERE LastName = 'x') SELECT CustomerKey FROM Customers WHERE EXISTS (SELECT 1 FROM p)",
    "UNKNOWN_COLUMN 51 LastName",
  ],
  [
    "IN",
    "WITH p AS (SELECT LastName AS n FROM Products) SELECT CustomerKey FROM Customers WHERE LastName IN (SELECT n FROM p)",
    "UNKNOWN_COLUMN 19 LastName",
  ],
  [
    "a value",
    "WITH p (n) AS (SELECT TOP 1 LastName FROM Products) SELECT (SELECT n FROM p) AS m FROM Customers WHERE 1 = 1",
    "UNKNOWN_COLUMN 29 LastName",
  ],
  [
    "CROSS APPLY",
    "WITH p AS (SELECT LastName AS n FROM Products) SELECT x.n FROM Customers CROSS APPLY (SELECT TOP 1 n FROM p ORDER BY n) x WHERE 1 = 1",
    "UNKNOWN_COLUMN 19 LastName",
  ],
  [
    "OUTER APPLY of itself",
    "WITH p AS (SELECT LastName AS n FROM Products) SELECT x.n FROM Customers OUTER APPLY p x WHERE 1 = 1",
    "UNKNOWN_COLUMN 19 LastName",
  ],
  [
    "another one",
    "WITH p AS (SELECT LastName AS n FROM Products), q AS (SELECT n FROM p) SELECT CustomerKey FROM Customers WHERE EXISTS (SELECT 1 FROM q)",
    "UNKNOWN_COLUMN 19 LastName",
  ],
  [
    "a subquery of another one",
    "WITH p AS (SELECT LastName AS n FROM Products), q AS (SELECT CustomerKey FROM Customers WHERE EXISTS (SELECT 1 FROM p)) SELECT CustomerKey FROM q WHERE 1 = 1",
    "UNKNOWN_COLUMN 19 LastName",
  ],
  [
    "a branch of UNION",
    "WITH p AS (SELECT ProductName AS n FROM Products UNION SELECT LastName FROM Products) SELECT CustomerKey FROM Customers WHERE EXISTS (SELECT n FROM p)",
    "UNKNOWN_COLUMN 63 LastName",
  ],
];

describe("a common table expression is resolved alone", () => {
  it.each(foreign)("where nobody here knows its table's fields: in %s", async (_where, sql, error) => {
    await hideFields();
    expect(await judged(sql)).toEqual({ ok: false, errors: [error], validates: 2 });
  });

  it.each(foreign)("and runs when its table has the column: in %s", async (_where, sql, error) => {
    await hideFields();
    const at = Number(error.split(" ")[1]) - 1;
    const right = `${sql.slice(0, at)}ProductName${sql.slice(at + "LastName".length)}`;
    expect(await judged(right)).toEqual({ ok: true, errors: [], validates: 2 });
  });

  it("where a list of a view's columns may lack one", async () => {
    const sql =
      "WITH s AS (SELECT JobID FROM _Sent WHERE EmailName <> '') SELECT EmailName FROM _Job j WHERE EXISTS (SELECT 1 FROM s WHERE s.JobID = j.JobID)";
    expect(await judged(sql)).toEqual({ ok: false, errors: ["UNKNOWN_COLUMN 42 EmailName"], validates: 2 });
  });

  it("where not every source lists a view's column", async () => {
    const sql =
      "WITH u AS (SELECT JobID FROM _Unsubscribe WHERE TriggeredSendCustomerKey <> '') SELECT JobID FROM _Sent s WHERE EXISTS (SELECT 1 FROM u WHERE u.JobID = s.JobID)";
    expect(await judged(sql)).toEqual({ ok: true, errors: [], validates: 2 });
  });

  it("and nobody is asked where no query is around it, or its names have a table's before them", async () => {
    await hideFields();
    const plain = "WITH p AS (SELECT ProductName AS n FROM Products) SELECT n FROM p WHERE 1 = 1";
    expect(await judged(plain)).toEqual({ ok: true, errors: [], validates: 1 });
    const qualified =
      "WITH p AS (SELECT q.ProductName AS n FROM Products q) SELECT CustomerKey FROM Customers WHERE EXISTS (SELECT 1 FROM p)";
    expect(await judged(qualified)).toEqual({ ok: true, errors: [], validates: 1 });
  });

  it("and is refused with advice where Marketing Cloud does not answer", async () => {
    await hideFields();
    await ask("behaviours", { validateDown: true });
    const { checked } = await inspectSql(
      "WITH p AS (SELECT ProductName FROM Products) SELECT CustomerKey FROM Customers WHERE EXISTS (SELECT 1 FROM p)",
    );
    expect(checked.diagnostics.filter(({ severity }) => severity === "error")).toMatchObject([
      {
        code: "UNSURE_COLUMN",
        column: 19,
        message: expect.stringContaining("ProductName"),
        fix: "Write the table's name before ProductName",
        edits: [{ line: 1, column: 19, endLine: 1, endColumn: 19, text: "[Products]." }],
      },
    ]);
  });
});
