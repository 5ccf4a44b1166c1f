import { afterEach, describe, expect, it } from "vitest";
import { platformWith } from "../support/platform.ts";
import { ask, callsOf, clock, codes, inspectSql, useInspecting } from "./support/inspecting.ts";

useInspecting();

const tooDeep =
  "Some part of your SQL statement is nested too deeply. Rewrite the query or break it up into smaller queries.";

/** A Retrieve's answer without results: an error of MCE, or OK where there is none. */
function retrieveError(text: string): string {
  const status = text === "" ? "OK" : `Error: ${text}`;
  return `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><RetrieveResponseMsg xmlns="http://exacttarget.com/wsdl/partnerAPI"><OverallStatus>${status}</OverallStatus><RequestID>r</RequestID></RetrieveResponseMsg></soap:Body></soap:Envelope>`;
}

describe("inspect()", () => {
  it("knows columns from MCE's fields", async () => {
    const { checked } = await inspectSql(
      "SELECT CustomerKey, Balance, FirstName + ' ' + LastName AS Name FROM Customers",
    );
    expect(checked).toMatchObject({
      ok: true,
      columns: [
        { name: "CustomerKey", fieldType: "Text", maxLength: 50 },
        { name: "Balance", fieldType: "Decimal", precision: 12, scale: 2 },
        { name: "Name", fieldType: "Text", maxLength: 101 },
      ],
    });
  });

  it("asks two Retrieves for all tables and MCE's opinion; warm the opinion only", async () => {
    const sql = "SELECT c.CustomerKey, p.ProductName FROM Customers c, Products p, Orders o WHERE 1 = 1";
    expect(await callsOf(() => inspectSql(sql))).toEqual([
      "REST validate",
      "SOAP Retrieve DataExtension",
      "SOAP Retrieve DataExtensionField",
    ]);
    expect(await callsOf(() => inspectSql(sql))).toEqual(["REST validate"]);
    clock.now += 61_000;
    expect(await callsOf(() => inspectSql(sql))).toHaveLength(3);
  });

  it("looks up the first 250 tables of a query; the others' columns are assumed, with ten notes and a count", async () => {
    const others = Array.from({ length: 300 }, (_, index) => `, Other${index} t${index}`).join("");
    const { checked, refused } = await inspectSql(`SELECT c.CustomerKey, t299.Name FROM Customers c${others}`);
    expect(refused).toHaveLength(51);
    expect(refused?.[0]).toMatchObject({ table: { name: "Other249" }, failure: { code: "TooMany" } });
    const assumed = checked.notes.filter((note) => note.includes("assumed to be Text(4000)"));
    expect(assumed).toHaveLength(11);
    expect(assumed[10]).toContain("41 more tables");
    expect(checked.diagnostics.map(({ code }) => code)).toContain("UNKNOWN_TABLE");
  });

  it("does not ask for the fields of data views", async () => {
    expect(await callsOf(() => inspectSql("SELECT JobID FROM _Sent WHERE 1 = 1"))).toEqual(["REST validate"]);
  });

  it("asks for a view that may be a Data Extension, once, and knows its columns all the same", async () => {
    const sql = "SELECT * FROM _MobileAddressApplication WHERE 1 = 1";
    expect(await callsOf(() => inspectSql(sql))).toEqual(["REST validate", "SOAP Retrieve DataExtension"]);
    expect(await callsOf(() => inspectSql(sql))).toEqual(["REST validate"]);
    const { checked } = await inspectSql(sql);
    expect(checked.columns.map(({ name, fieldType }) => `${name} ${fieldType}`)).toEqual([
      "_ContactID Number",
      "_MobileNumber Text",
      "_MobileApplicationID Text",
      "_CreatedDate Date",
      "_CreatedBy Number",
    ]);
  });

  it("asks MCE to describe the account's own attributes, and goes on without them", async () => {
    const sql = "SELECT _SubscriberID, [First Name] FROM _EnterpriseAttribute WHERE 1 = 1";
    expect(await callsOf(() => inspectSql(sql))).toEqual(["REST validate", "SOAP Describe"]);
    const { checked } = await inspectSql(sql);
    expect(checked).toMatchObject({
      ok: true,
      columns: [
        { name: "_SubscriberID", fieldType: "Number" },
        { name: "First Name", fieldType: "Text", maxLength: 4000, assumed: true },
      ],
    });
  });

  it("asks MCE about a text that is legal there, and says where in the user's own text its complaints belong", async () => {
    const sql =
      "WITH c AS (\n SELECT CustomerKey\n FROM Nowhere)\nSELECT CustomerKey FROM c WHERE 1 = 1 ORDER BY CustomerKey";
    const { checked } = await inspectSql(sql);
    expect(checked.diagnostics).toMatchObject([
      {
        code: "UNKNOWN_TABLE",
        severity: "error",
        line: 3,
        column: 7,
        endColumn: 14,
        mce: expect.stringContaining("Nowhere"),
      },
    ]);
    const fine = await inspectSql(sql.replace("Nowhere", "Customers"));
    expect(fine.checked).toMatchObject({ ok: true, diagnostics: [] });
  });

  it("keeps a column unknown that MCE finds in the query around a common table expression", async () => {
    const { checked } = await inspectSql(
      "WITH p AS (SELECT ProductName FROM Products WHERE LastName = 'x') SELECT CustomerKey FROM Customers WHERE EXISTS (SELECT 1 FROM p)",
    );
    expect(checked).toMatchObject({
      ok: false,
      diagnostics: [{ code: "UNKNOWN_COLUMN", severity: "error", column: 51 }],
    });
  });

  it("says that a query was not validated when MCE's checker is down, never that it is valid", async () => {
    await ask("behaviours", { validateDown: true });
    const { checked } = await inspectSql("SELECT CustomerKey FROM Customers");
    expect(checked).toMatchObject({ ok: true, notes: [expect.stringMatching(/^Not validated/)] });
  });

  it.each(["Exception occurred during [Validate] ErrorID: 4711", "System error"])(
    "takes an error of MCE's own for no opinion on the query: %s",
    async (message) => {
      const body = JSON.stringify({ queryValid: false, errors: [{ message }], warnings: [] });
      await ask("faults", [{ call: "REST validate", status: 200, body }]);
      const { checked } = await inspectSql("SELECT CustomerKey FROM Customers WHERE 1 = 1");
      expect(checked).toMatchObject({ ok: true, diagnostics: [], notes: [expect.stringMatching(/^Not validated/)] });
      await ask("faults", undefined, "DELETE");
    },
  );

  it.each([
    ["-", "SELECT CustomerKey FROM Leads-2024", "-", 30],
    ["Lee", "SELECT CustomerKey FROM Customers WHERE LastName = 'Ann' 'Lee'", "…", 1],
  ])("shows where MCE stumbles, but no literal: near %s in %s", async (near, sql, shown, column) => {
    const body = JSON.stringify({ queryValid: false, errors: [`Incorrect syntax near '${near}'.`], warnings: [] });
    await ask("faults", [{ call: "REST validate", status: 200, body }]);
    const { checked } = await inspectSql(sql);
    const message = `Incorrect syntax near '${shown}'.`;
    expect(checked.diagnostics.find(({ mce }) => mce !== undefined)).toMatchObject({ message, mce: message, column });
    await ask("faults", undefined, "DELETE");
  });

  it("shows MCE's word for a function without OVER, where it stands", async () => {
    const { checked } = await inspectSql("SELECT CustomerKey, ROW_NUMBER() AS n FROM Customers WHERE 1 = 1");
    expect(checked.diagnostics.find(({ mce }) => mce !== undefined)).toMatchObject({
      code: "WINDOW_WITHOUT_OVER",
      column: 21,
      mce: expect.stringMatching(/The function 'ROW_NUMBER' must have an OVER clause/),
      fix: expect.stringMatching(/OVER \(ORDER BY/),
    });
  });

  it("waits for MCE's checker only so long", async () => {
    await ask("faults", [{ call: "REST validate", delayMs: 3000 }]);
    const started = performance.now();
    const { checked } = await inspectSql("SELECT CustomerKey FROM Customers", { validateTimeoutMs: 100 });
    expect(performance.now() - started).toBeLessThan(2500);
    expect(checked.notes).toEqual([expect.stringMatching(/^Not validated/)]);
    await ask("faults", undefined, "DELETE");
  });

  it("tells MCE's refusal where ours has none, once where both have it", async () => {
    const both = await inspectSql("SELECT Emial FROM Customers");
    expect(codes(both).toSorted()).toEqual(["error UNKNOWN_COLUMN", "info NO_WHERE"]);
    expect(both.checked.diagnostics.find(({ code }) => code === "UNKNOWN_COLUMN")).toMatchObject({
      line: 1,
      column: 8,
    });
  });

  it("makes MCE's word of a table nobody knows an error, and finds the one that was meant", async () => {
    const inspection = await inspectSql("SELECT CustomerKey FROM Custommers WHERE 1 = 1");
    expect(inspection.checked).toMatchObject({
      ok: false,
      diagnostics: [{ code: "UNKNOWN_TABLE", severity: "error", column: 25, fix: "Did you mean Customers?" }],
    });
  });

  it("tells a child business unit that a view is its parent's, in place of MCE's word that there is none", async () => {
    const sql = "SELECT SubscriberKey FROM _Subscribers WHERE 1 = 1";
    const { checked } = await inspectSql(sql, { mid: 7000011 });
    expect(checked).toMatchObject({
      ok: false,
      diagnostics: [{ code: "VIEW_NEEDS_ENT", severity: "error", column: 27, fix: "Write Ent._Subscribers" }],
    });
    expect(checked.diagnostics[0]?.mce).toMatch(/Invalid object name/);
    expect((await inspectSql(sql)).checked.diagnostics).toEqual([]);
    const ent = await inspectSql(sql.replace("_Sub", "Ent._Sub"), { mid: 7000011 });
    expect(ent.checked).toMatchObject({ ok: true, diagnostics: [] });
  });

  it("knows the day: a data view is read beyond its reach", async () => {
    const sql = "SELECT JobID FROM _Open WHERE EventDate < '2026-01-01'";
    const at = (day: string) => inspectSql(sql, { platform: platformWith({ now: () => Date.parse(day) }) });
    expect(codes(await at("2026-11-30"))).toEqual(["warning VIEW_REACH"]);
    expect(codes(await at("2026-03-01"))).toEqual([]);
  });

  it("leaves out what splicing repairs from MCE's complaints", async () => {
    const { checked } = await inspectSql(
      "SELECT COUNT(*), CustomerKey, CustomerKey FROM Customers WHERE 1 = 1 GROUP BY CustomerKey",
    );
    expect(checked).toMatchObject({ ok: true, diagnostics: [] });
    expect(checked.columns.map(({ name }) => name)).toEqual(["COUNT", "CustomerKey", "CustomerKey_2"]);
  });

  it("looks again when a remembered table lacks a column", async () => {
    await inspectSql("SELECT CustomerKey FROM Customers");
    const sql = "SELECT CustomerKey, Nickname FROM Customers WHERE 1 = 1";
    expect(await callsOf(() => inspectSql(sql))).toEqual([
      "REST validate",
      "SOAP Retrieve DataExtension",
      "SOAP Retrieve DataExtensionField",
    ]);
  });

  it("says why the fields could not be read and judges the text all the same", async () => {
    await ask("faults", [{ call: "SOAP Retrieve DataExtension", times: 5, status: 503 }]);
    const inspection = await inspectSql("SELECT * FROM Customers LIMIT 5");
    expect(inspection.unread).toMatchObject({ kind: "unavailable" });
    expect(inspection.checked.diagnostics.map(({ code }) => code)).toContain("LIMIT");
    expect(inspection.checked.diagnostics.map(({ code }) => code)).not.toContain("STAR_UNKNOWN");
    await ask("faults", undefined, "DELETE");
  });

  describe("where MCE refuses to tell fields", () => {
    const order = (call: string, times: number, text = tooDeep) =>
      ask("faults", [{ call, times, status: 200, body: retrieveError(text) }]);
    const fieldsCall = "SOAP Retrieve DataExtensionField";
    const joined = "SELECT c.CustomerKey, p.ProductName FROM Customers c JOIN Products p ON 1 = 1 WHERE 1 = 1";
    afterEach(() => ask("faults", undefined, "DELETE"));

    it.each([1, 2])("reads them in another way after %d refusals", async (times) => {
      await order(fieldsCall, times);
      const { checked, refused } = await inspectSql(joined);
      expect(checked.columns).toMatchObject([
        { name: "CustomerKey", maxLength: 50 },
        { name: "ProductName", maxLength: 100 },
      ]);
      expect([refused, checked.notes, checked.diagnostics]).toEqual([undefined, [], []]);
    });

    it.each([fieldsCall, "SOAP Retrieve DataExtension"])("goes on with assumed columns: %s", async (call) => {
      await order(call, 9);
      const { checked, refused, unread } = await inspectSql("SELECT Email FROM [Customers] WHERE 1 = 1");
      expect(checked).toMatchObject({
        columns: [{ name: "Email", fieldType: "Text", maxLength: 4000, assumed: true }],
        notes: expect.arrayContaining([
          expect.stringMatching(/^The fields of Customers could not be read.*nested too deeply/),
        ]),
      });
      expect(checked.diagnostics.filter(({ code }) => code !== "UNKNOWN_COLUMN")).toMatchObject([
        { code: "FIELDS_UNREAD", severity: "warning", column: 19 },
      ]);
      expect(refused).toMatchObject([{ table: { name: "Customers" } }]);
      expect(unread).toBeUndefined();
    });

    it("says that nothing is remembered of a refusal: the next query asks again", async () => {
      await order(fieldsCall, 9);
      await inspectSql("SELECT CustomerKey FROM Customers WHERE 1 = 1");
      await ask("faults", undefined, "DELETE");
      const { checked } = await inspectSql("SELECT CustomerKey FROM Customers WHERE 1 = 1");
      expect(checked.columns).toMatchObject([{ name: "CustomerKey", maxLength: 50 }]);
    });

    it("cannot write out a star over them, but that of another table, and goes on", async () => {
      await inspectSql("SELECT Id FROM [No Rows] WHERE 1 = 1");
      await order(fieldsCall, 9);
      expect(codes(await inspectSql("SELECT * FROM Customers WHERE 1 = 1"))).toContain("error STAR_UNKNOWN");
      const other = await inspectSql("SELECT n.*, c.CustomerKey FROM [No Rows] n, Customers c WHERE 1 = 1");
      expect([other.checked.ok, other.checked.columns.map(({ name }) => name)]).toEqual([
        true,
        ["Id", "Name", "CustomerKey"],
      ]);
    });

    it("takes a Data Extension that shows no field for one that may not be read", async () => {
      await ask("faults", [{ call: fieldsCall, status: 200, body: retrieveError("") }]);
      const { checked } = await inspectSql("SELECT CustomerKey FROM Customers WHERE 1 = 1");
      expect([checked.ok, checked.diagnostics.map(({ code }) => code)]).toEqual([true, ["FIELDS_UNREAD"]]);
    });

    it("masks values in the reason", async () => {
      await order(fieldsCall, 9, "Conversion failed when converting the varchar value 'Ann Lee' to data type int.");
      const { checked } = await inspectSql("SELECT CustomerKey FROM Customers WHERE 1 = 1");
      expect(checked.notes[0]).toContain("Conversion failed");
      expect(JSON.stringify(checked)).not.toContain("Ann Lee");
    });
  });

  it("asks nobody about a text the guard refuses", async () => {
    expect(await callsOf(() => inspectSql("DELETE FROM Customers"))).toEqual([]);
  });
});
