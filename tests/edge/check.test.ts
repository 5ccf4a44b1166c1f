import { describe, expect, it, onTestFinished } from "vitest";
import type { Diagnostic } from "#sql/diagnostic.ts";
import { bodyOf, post } from "./support/api.ts";
import { alice, bindings, carol, stranger } from "./support/people.ts";
import { breakDown } from "./support/stand-ins.ts";

type Check = {
  ok: boolean;
  diagnostics: Diagnostic[];
  tables: { name: string; ent: boolean; isDataView: boolean }[];
  columns: { name: string; type: string }[];
  notes: string[];
};

async function check(sql: string, person = alice): Promise<Check> {
  const answer = await post("/v1/sql/check", { sql }, {}, person);
  expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "no-store"]);
  return bodyOf<Check>(answer);
}

/** Makes MCE's checker answer 500 until the test ends. */
async function withoutValidation(): Promise<void> {
  const behave = (validateDown: boolean) =>
    fetch(`${bindings["MCE_SANDBOX_URL"]}/sandbox/behaviours`, {
      method: "POST",
      body: JSON.stringify({ validateDown }),
    }).then((answer) => answer.text());
  await behave(true);
  onTestFinished(async () => void (await behave(false)));
}

describe("POST /v1/sql/check", () => {
  it("tells the columns, typed by the fields MCE has, and the tables", async () => {
    expect(
      await check(
        "SELECT c.CustomerKey, COUNT(*) FROM Customers c JOIN _Sent s ON 1 = 1 WHERE 1 = 1 GROUP BY c.CustomerKey",
      ),
    ).toEqual({
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

  it("tells what is wrong, where, and what to do", async () => {
    const { ok, diagnostics } = await check("SELECT CustomerKy\nFROM Customers WHERE 1 = 1 ORDER BY 1");
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
      { code: "ORDER_BY_WITHOUT_TOP", severity: "error", line: 2, column: 28 },
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
    await withoutValidation();
    expect(await check("SELECT CustomerKey FROM Customers WHERE 1 = 1")).toMatchObject({
      ok: true,
      notes: [expect.stringMatching(/^Not validated/)],
    });
  });

  it("answers with a warning and assumed columns where MCE refuses to tell fields", async () => {
    const url = `${bindings["MCE_SANDBOX_URL"]}/sandbox/faults`;
    const body = `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><RetrieveResponseMsg xmlns="http://exacttarget.com/wsdl/partnerAPI"><OverallStatus>Error: Some part of your SQL statement is nested too deeply.</OverallStatus><RequestID>r</RequestID></RetrieveResponseMsg></soap:Body></soap:Envelope>`;
    // By key, then unfiltered. Nothing is left to delete, which would take away the faults of other test files.
    const fault = { call: "SOAP Retrieve DataExtensionField", status: 200, body, times: 2 };
    await fetch(url, { method: "POST", body: JSON.stringify([fault]) }).then((answer) => answer.text());
    const { ok, diagnostics, columns, notes } = await check("SELECT Name FROM [No Rows] WHERE 1 = 1");
    expect([ok, columns]).toEqual([true, [{ name: "Name", type: "Text", maxLength: 4000, assumed: true }]]);
    expect(diagnostics).toMatchObject([{ code: "FIELDS_UNREAD", severity: "warning" }]);
    expect(notes).toEqual(expect.arrayContaining([expect.stringMatching(/^The fields of No Rows could not be read/)]));
  });

  it("judges the text by itself while the connection cannot be looked up", async () => {
    await breakDown("postgres", "connections");
    const person = { ...stranger(), connection: crypto.randomUUID() };
    const { ok, diagnostics, notes } = await check("SELECT * FROM Customers ORDER BY 1", person);
    expect([ok, diagnostics.map(({ code }) => code)]).toEqual([false, ["ORDER_BY_WITHOUT_TOP"]]);
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
