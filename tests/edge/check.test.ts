import { describe, expect, it } from "vitest";
import type { Diagnostic } from "#sql/diagnostic.ts";
import { bodyOf, post } from "./support/api.ts";
import { askOnOwn, behaveOnOwn, faultOfOwn } from "./support/own-sandbox.ts";
import { alice, carol, stranger } from "./support/people.ts";
import { breakDown } from "./support/stand-ins.ts";

type Check = {
  ok: boolean;
  diagnostics: Diagnostic[];
  tables: { name: string; ent: boolean; isDataView: boolean }[];
  columns: { name: string; type: string }[];
  notes: string[];
  runs?: string;
  portable?: string;
};

async function check(sql: string, person = alice, more: object = {}): Promise<Check> {
  return checked(await post("/v1/sql/check", { sql, ...more }, {}, person));
}

/** The same where a test has put Marketing Cloud in trouble. */
async function checkInTrouble(sql: string): Promise<Check> {
  const headers = { "content-type": "application/json" };
  return checked(await askOnOwn("/v1/sql/check", { method: "POST", headers, body: JSON.stringify({ sql }) }));
}

async function checked(answer: Response): Promise<Check> {
  expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "no-store"]);
  return bodyOf<Check>(answer);
}

describe("POST /v1/sql/check", () => {
  it("tells the columns, typed by the fields MCE has, and the tables", async () => {
    const { runs, portable, ...rest } = await check(
      "SELECT c.CustomerKey, COUNT(*) FROM Customers c JOIN _Sent s ON 1 = 1 WHERE 1 = 1 GROUP BY c.CustomerKey",
    );
    expect(runs).toMatch(/^SELECT TOP 2500 \[CustomerKey\], \[COUNT\], \[QPP_Order\], /);
    expect(portable).toMatch(/^SELECT c\.CustomerKey, COUNT\(\*\) AS \[COUNT\] FROM /);
    expect(rest).toEqual({
      ok: true,
      diagnostics: [],
      tables: [
        { name: "Customers", ent: false, isDataView: false },
        { name: "_Sent", ent: false, isDataView: true },
      ],
      columns: [
        { name: "CustomerKey", type: "Text", maxLength: 50 },
        { name: "COUNT", type: "Number" },
      ],
      notes: ["Column 2 has no name; it is called COUNT"],
    });
  });

  it("writes values in place of parameters, and tells places of the user's own text", async () => {
    const parameters = [
      { name: "key", type: "text", value: "O'Hara" },
      { name: "@Since", type: "date", value: "2026-01-15" },
    ];
    const sql =
      "WITH c AS (SELECT CustomerKey FROM Customers WHERE CustomerKey = @key OR CreatedDate > @since)\nSELECT CustomerKey FROM c WHERE @key <> '' ORDER BY CustomerKey";
    const fine = await check(sql, alice, { parameters });
    expect([fine.ok, fine.diagnostics]).toEqual([true, []]);
    expect(fine.portable).toBe(
      "SELECT CustomerKey FROM (SELECT CustomerKey FROM Customers WHERE CustomerKey = N'O''Hara' OR CreatedDate > CAST('2026-01-15T00:00:00' AS datetime)) AS [c] WHERE N'O''Hara' <> '' ",
    );
    expect(JSON.stringify(fine.notes)).not.toContain("Hara");
    const wrong = await check(sql.replace("ORDER BY CustomerKey", "ORDER BY 2"), alice, { parameters });
    expect(wrong.diagnostics).toMatchObject([{ code: "ORDER_BY_POSITION", line: 2, column: 53 }]);
    const unused = await check("SELECT @other AS x", alice, { parameters });
    expect(unused.diagnostics.map(({ code, column }) => [code, column])).toEqual([
      ["PARAMETER_UNUSED", 1],
      ["PARAMETER_UNUSED", 1],
      ["PARAMETER_WITHOUT_VALUE", 8],
    ]);
  });

  it("counts all rows in the text that runs when the total is wanted", async () => {
    const { runs } = await check("SELECT CustomerKey FROM Customers WHERE 2 = 2", alice, { total: true });
    expect(runs).toMatch(/ AS \[QPP_Order\], COUNT\(\*\) OVER \(\) AS \[QPP_Count\] FROM \(SELECT CustomerKey/);
  });

  it("tells what is wrong, where, and what to do", async () => {
    const { ok, diagnostics } = await check("SELECT CustomerKy\nFROM Customers WHERE 1 = 1 ORDER BY 4");
    expect(ok).toBe(false);
    expect(diagnostics).toMatchObject([
      {
        code: "UNKNOWN_COLUMN",
        severity: "error",
        line: 1,
        column: 8,
        endColumn: 18,
        fix: "Did you mean CustomerKey?",
      },
      { code: "ORDER_BY_POSITION", severity: "error", line: 2, column: 37 },
    ]);
  });

  it.each([
    ["DELETE FROM Customers", "NOT_A_SELECT"],
    ["SELECT 1 AS a; SELECT 2 AS b", "TWO_STATEMENTS"],
    ["", "EMPTY_SQL"],
    ["SELECT 'a\u001fb' AS a", "UNSENDABLE_CHARACTER"],
  ])("says of %j that it cannot run, and answers 200", async (sql, code) => {
    const { ok, diagnostics } = await check(sql);
    expect([ok, diagnostics[0]?.code]).toEqual([false, code]);
  });

  it("finds the Data Extension that was meant, among the caller's own", async () => {
    const { diagnostics } = await check("SELECT CustomerKey FROM Custmers WHERE 1 = 1", carol);
    expect(diagnostics).toMatchObject([
      {
        code: "UNKNOWN_TABLE",
        severity: "error",
        fix: "Did you mean Customers?",
        mce: expect.stringMatching(/Custmers/),
      },
    ]);
  });

  it("says that nobody validated the query when MCE's checker is down, never that it is valid", async () => {
    await behaveOnOwn({ validateDown: true }, { validateDown: false });
    expect(await checkInTrouble("SELECT CustomerKey FROM Customers WHERE 1 = 1")).toMatchObject({
      ok: true,
      notes: [expect.stringMatching(/^Not validated/)],
    });
  });

  it("answers with a warning and assumed columns where MCE refuses to tell fields", async () => {
    const body = `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><RetrieveResponseMsg xmlns="http://exacttarget.com/wsdl/partnerAPI"><OverallStatus>Error: Some part of your SQL statement is nested too deeply.</OverallStatus><RequestID>r</RequestID></RetrieveResponseMsg></soap:Body></soap:Envelope>`;
    // By key, then unfiltered.
    await faultOfOwn({ call: "SOAP Retrieve DataExtensionField", status: 200, body, times: 2 });
    const { ok, diagnostics, columns, notes } = await checkInTrouble("SELECT Name FROM [No Rows] WHERE 1 = 1");
    expect([ok, columns]).toEqual([true, [{ name: "Name", type: "Text", maxLength: 4000, assumed: true }]]);
    expect(diagnostics).toMatchObject([{ code: "FIELDS_UNREAD", severity: "warning" }]);
    expect(notes).toEqual(expect.arrayContaining([expect.stringMatching(/^The fields of No Rows could not be read/)]));
  });

  it("judges the text by itself while the connection cannot be looked up", async () => {
    const person = { ...stranger(), connection: crypto.randomUUID() };
    await breakDown("postgres", person.connection);
    const { ok, diagnostics, notes } = await check("SELECT * FROM Customers LIMIT 1", person);
    expect([ok, diagnostics.map(({ code }) => code)]).toEqual([false, ["LIMIT"]]);
    expect(notes).toEqual([expect.stringMatching(/^Not validated/), expect.stringMatching(/^Not checked/)]);
  });

  it("refuses a connection of another tenant", async () => {
    const answer = await post(
      "/v1/sql/check",
      { sql: "SELECT 1 AS a" },
      {},
      { ...alice, connection: carol.connection },
    );
    expect([answer.status, (await bodyOf(answer)).code]).toEqual([403, "FORBIDDEN"]);
  });

  it.each([
    ["{", 400, "INVALID_JSON"],
    [{}, 422, "INVALID_BODY"],
    [{ sql: "SELECT 1 AS a", target: {} }, 422, "INVALID_BODY"],
    [{ sql: `SELECT '${"x".repeat(100_000)}' AS a` }, 413, "TOO_LARGE"],
  ])("refuses a body of the wrong shape", async (body, status, code) => {
    const answer = await post("/v1/sql/check", body);
    expect([answer.status, (await bodyOf(answer)).code]).toEqual([status, code]);
  });
});
