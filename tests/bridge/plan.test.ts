import { expect, test } from "vitest";
import { callsOf } from "./support/ledger.ts";
import { useWorld } from "./support/use-world.ts";

const world = useWorld({ behaviours: { durationMs: 100 } });

async function runOf(sql: string) {
  return world.over(await world.submit(sql));
}

test("a query that is sure to fail ends before anything is created, with the place and a fix", async () => {
  await world.startBridge();
  const run = await runOf("SELECT CustomerKey,\n       Emial\nFROM Customers WHERE 1 = 1 ORDER BY 3");
  expect(run).toMatchObject({ status: "failed", error: { code: "QUERY_FAILED", title: "The query cannot be run" } });
  const detail = run.status === "failed" ? run.error.detail.split("\n") : [];
  expect(detail[0]).toBe("Line 2, column 8: Customers has no column Emial");
  expect(detail[1]).toMatch(/^Line 3, column 37: ORDER BY 3 names a position/);
  expect((await callsOf(world)).filter((call) => /Create (?:DataExtension|QueryDefinition)/.test(call))).toEqual([]);
});

test("an unknown table ends the run with a suggestion, before anything is created", async () => {
  await world.startBridge();
  const run = await runOf("SELECT CustomerKey FROM Custmers WHERE 1 = 1");
  expect(run).toMatchObject({
    status: "failed",
    error: { code: "QUERY_FAILED", fix: "Did you mean Customers?", mce: expect.stringMatching(/Invalid object name/) },
  });
  expect((await callsOf(world)).filter((call) => /Create (?:DataExtension|QueryDefinition)/.test(call))).toEqual([]);
});

test("a query runs unchecked when MCE's checker is down, and says so", async () => {
  await world.ask("behaviours", { durationMs: 100, validateDown: true });
  await world.startBridge();
  expect(await runOf("SELECT CustomerKey FROM Customers WHERE 1 = 1")).toMatchObject({
    status: "ready",
    notes: [expect.stringMatching(/^Not validated/)],
  });
});

test("repaired names are noted and are the columns of the result", async () => {
  await world.startBridge();
  const run = await runOf("SELECT COUNT(*), MAX(Balance), MAX(Balance) FROM Customers WHERE 1 = 1");
  expect(run).toMatchObject({
    status: "ready",
    columns: [{ name: "COUNT" }, { name: "MAX" }, { name: "MAX_2" }],
    notes: expect.arrayContaining([expect.stringMatching(/Column 1 has no name/)]),
  });
});

test("rows that a data view no longer has are noted, and the run goes on", async () => {
  await world.startBridge();
  const sql = "SELECT COUNT(*) AS N FROM _Open WHERE EventDate < DATEADD(MONTH, -12, GETDATE())";
  expect(await runOf(sql)).toMatchObject({
    status: "ready",
    notes: [expect.stringMatching(/^Line 1: _Open goes back 6 months: it has no row as old as this asks for/)],
  });
});

test("fields that MCE contradicts are forgotten, so that the next run reads them again", async () => {
  await world.ask("behaviours", { durationMs: 100, errorMsg: "Invalid column name 'Balance'." });
  await world.startBridge();
  const sql = "SELECT Balance FROM Customers WHERE 1 = 1";
  expect(await runOf(sql)).toMatchObject({
    status: "failed",
    error: { title: "A column does not exist", detail: expect.stringMatching(/^Balance: /) },
  });
  const before = (await callsOf(world)).length;
  expect(await runOf(sql)).toMatchObject({ status: "ready" });
  expect((await callsOf(world)).slice(before)).toContain("SOAP Retrieve DataExtensionField");
});

const tooDeep =
  "Some part of your SQL statement is nested too deeply. Rewrite the query or break it up into smaller queries.";
const refusal = `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><RetrieveResponseMsg xmlns="http://exacttarget.com/wsdl/partnerAPI"><OverallStatus>Error: ${tooDeep}</OverallStatus><RequestID>r</RequestID></RetrieveResponseMsg></soap:Body></soap:Envelope>`;
const refuse = (call: string) => world.ask("faults", [{ call, status: 200, body: refusal, times: 99 }]);

test.each(["SOAP Retrieve DataExtensionField", "SOAP Retrieve DataExtension"])(
  "a query whose tables' fields are refused runs with assumed columns, and says so: %s",
  async (call) => {
    await refuse(call);
    await world.startBridge({ retryMinMs: 20 });
    const run = await runOf("SELECT TOP 3 CustomerKey, Balance FROM Customers WHERE Balance IS NOT NULL");
    expect(run).toMatchObject({
      status: "ready",
      rowCount: 3,
      columns: [
        { name: "CustomerKey", type: "Text", maxLength: 4000, assumed: true },
        { name: "Balance", type: "Text", maxLength: 4000, assumed: true },
      ],
      notes: expect.arrayContaining([expect.stringMatching(/^The fields of Customers could not be read/)]),
    });
  },
);

test("a star over fields that are refused ends the run with the table and the reason, before anything is created", async () => {
  await refuse("SOAP Retrieve DataExtensionField");
  await world.startBridge({ retryMinMs: 20 });
  const run = await runOf("SELECT * FROM Customers WHERE 1 = 1");
  expect(run).toMatchObject({
    status: "failed",
    error: {
      code: "QUERY_FAILED",
      title: "The fields of a table cannot be read",
      detail: expect.stringContaining('"Customers"'),
      fix: expect.stringMatching(/^Name the columns/),
      mce: tooDeep,
    },
  });
  expect((await callsOf(world)).filter((call) => /Create (?:DataExtension|QueryDefinition)/.test(call))).toEqual([]);
});
