import { expect, test } from "vitest";
import type { FieldDefinition } from "#mce/soap/field.ts";
import type { Target } from "#protocol/target.ts";
import { fillTarget, makeTarget, rowsOf } from "./support/targets.ts";
import { useWorld } from "./support/use-world.ts";

const world = useWorld({ behaviours: { durationMs: 100 } });

const keyed: readonly FieldDefinition[] = [
  { name: "Id", fieldType: "Text", maxLength: 50, isPrimaryKey: true },
  { name: "Country", fieldType: "Text", maxLength: 5 },
  { name: "Points", fieldType: "Number" },
];
const into = (mode: Target["mode"], customerKey = "Mine") => ({ target: { customerKey, mode } });

test("an update may read its own target", async () => {
  await makeTarget(world, { customerKey: "Mine", fields: keyed });
  await fillTarget(world, "Mine", [{ Id: "A", Country: "AT", Points: 1 }]);
  await world.startBridge();
  const run = await world.over(await world.submit("SELECT Id, Points + 1 AS Points FROM Mine", into("update")));
  expect(run.status).toBe("ready");
  expect(await rowsOf(world, "Mine")).toEqual([["A", "AT", "2"]]);
});

test("an all-text staging table goes into a typed target, with a note for each field that is not a text", async () => {
  const names = ["Id", "Joined", "Points", "Balance", "IsVip"] as const;
  const types = { Id: "Text", Joined: "Date", Points: "Number", Balance: "Decimal", IsVip: "Boolean" } as const;
  const staged = names.map((name): FieldDefinition => ({ name, fieldType: "Text", maxLength: 50 }));
  const typed = names.map((name): FieldDefinition => {
    const sized = types[name] === "Decimal" ? { precision: 12, scale: 2 } : {};
    return { name, fieldType: types[name], ...(name === "Id" ? { maxLength: 50, isPrimaryKey: true } : sized) };
  });
  await makeTarget(world, { customerKey: "Staging", fields: staged });
  await makeTarget(world, { customerKey: "Mine", fields: typed });
  await fillTarget(world, "Staging", [
    { Id: "A", Joined: "2026-01-15", Points: "7", Balance: "12.50", IsVip: "True" },
    { Id: "B", Joined: "2026-02-01 10:30", Points: "-1", Balance: "3", IsVip: "0" },
  ]);
  await world.startBridge();
  const run = await world.over(await world.submit("SELECT * FROM Staging", into("overwrite")));
  expect(run).toMatchObject({ status: "ready", rowCount: 2 });
  const notes = "notes" in run ? (run.notes ?? []) : [];
  expect(notes.map((note) => /^(\w+) is Text\(50\) and goes into (\w+)/.exec(note)?.slice(1)).filter(Boolean)).toEqual([
    ["Joined", "Date"],
    ["Points", "Number"],
    ["Balance", "Decimal"],
    ["IsVip", "Boolean"],
  ]);
});

test("a key that may be longer than the target's field runs with a note, and is never cut", async () => {
  await makeTarget(world, { customerKey: "Mine", fields: keyed });
  await world.startBridge();
  const sql =
    "SELECT TOP 5 SubscriberKey AS Id, MAX(Domain) AS Country, 1 AS Points FROM _Sent WHERE 1 = 2 GROUP BY SubscriberKey";
  const run = await world.over(await world.submit(sql, into("append")));
  expect(run).toMatchObject({
    status: "ready",
    notes: expect.arrayContaining([
      expect.stringMatching(/^Id is Text\(254\) and goes into Text\(50\): the run fails when/),
    ]),
  });
  expect(JSON.stringify(run)).not.toContain("LEFT");
});

test("a text that is longer than its field ends the run in Marketing Cloud's words", async () => {
  await makeTarget(world, { customerKey: "Mine", fields: keyed });
  await world.startBridge();
  const run = await world.over(await world.submit("SELECT 'A' AS Id, 'Germany' AS Country", into("append")));
  expect(run).toMatchObject({
    status: "failed",
    error: { code: "QUERY_FAILED" },
    notes: [expect.stringContaining("Country")],
  });
});

test("a target whose fields Marketing Cloud does not show is left for it to compare, with a note", async () => {
  await makeTarget(world, { customerKey: "Mine", fields: keyed });
  const refusal = `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><RetrieveResponseMsg xmlns="http://exacttarget.com/wsdl/partnerAPI"><OverallStatus>Error: API Permission Failed.</OverallStatus><RequestID>r</RequestID></RetrieveResponseMsg></soap:Body></soap:Envelope>`;
  await world.ask("faults", [{ call: "SOAP Retrieve DataExtensionField", status: 200, body: refusal, times: 99 }]);
  await world.startBridge({ retryMinMs: 20 });
  const run = await world.over(await world.submit("SELECT 'A' AS Id, 7 AS Points", into("append")));
  expect(run).toMatchObject({
    status: "ready",
    notes: [expect.stringMatching(/^The fields of the target "Mine" could not be read.*API Permission Failed/)],
    result: { customerKey: "Mine", target: { columns: [{ name: "Id" }, { name: "Points" }] } },
  });
  expect(await rowsOf(world, "Mine")).toEqual([["A", null, "7"]]);
});
