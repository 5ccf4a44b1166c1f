import { beforeAll, expect, onTestFinished, test, vi } from "vitest";
import type { FieldDefinition } from "#mce/soap/field.ts";
import { ConnectionId, Mid } from "#protocol/ids.ts";
import { folderName } from "#run/names.ts";
import type { Target } from "#protocol/target.ts";
import { mceCalls } from "./support/mce-calls.ts";
import { fillTarget, makeTarget, rowsOf } from "./support/targets.ts";
import { callsOf, ledgerOf } from "./support/ledger.ts";
import { useWorld } from "./support/use-world.ts";
import { tenancy } from "./support/world.ts";

const world = useWorld({ behaviours: { durationMs: 300 } });

/** A child business unit of the enterprise, with a connection of its own. */
const child = {
  ...tenancy,
  mid: Mid.parse(7000011),
  connectionId: ConnectionId.parse("c41d0000-0000-4000-8000-000000000011"),
};

beforeAll(() => world.seedConnection({ ...child, mids: [child.mid], account: "a" }));

const keyed: readonly FieldDefinition[] = [
  { name: "Id", fieldType: "Text", maxLength: 50, isPrimaryKey: true },
  { name: "Country", fieldType: "Text", maxLength: 5 },
  { name: "Points", fieldType: "Number" },
];
const keyless = keyed.map((field) => ({ ...field, isPrimaryKey: false }));

type State = { dataExtensions: { key: string; rows: number }[]; queries: { key: string; status: string }[] };

const state = () => world.ask<State>("state");
const isCreate = (call: string) => call.startsWith("SOAP Create");
const into = (mode: Target["mode"], customerKey = "Mine") => ({ target: { customerKey, mode } });

const rowSql = (id: string, points: number) => `SELECT '${id}' AS Id, 'DE' AS Country, ${points} AS Points`;

test.each([
  ["overwrite", [["B", "DE", "2"]], keyed],
  [
    "append",
    [
      ["A", "AT", "1"],
      ["B", "DE", "2"],
    ],
    keyed,
  ],
  [
    "update",
    [
      ["A", "AT", "1"],
      ["B", "DE", "2"],
    ],
    keyed,
  ],
  [
    "append",
    [
      ["A", "AT", "1"],
      ["B", "DE", "2"],
    ],
    keyless,
  ],
] as const)("%s applies the rows to a target that has one: %j", async (mode, rows, fields) => {
  await makeTarget(world, { customerKey: "Mine", fields });
  await fillTarget(world, "Mine", [{ Id: "A", Country: "AT", Points: 1 }]);
  await world.startBridge();
  const id = await world.submit(rowSql("B", 2), into(mode));
  const run = await world.over(id);
  expect(run).toMatchObject({
    status: "ready",
    rowCount: 1,
    columns: [{ name: "Id" }, { name: "Country" }, { name: "Points" }],
  });
  expect(await rowsOf(world, "Mine")).toEqual(rows);
  expect((await ledgerOf(world)).filter(({ event }) => event === "applied")).toMatchObject([
    { mode, targetKey: "Mine" },
  ]);
});

test("an update changes the row of the same key", async () => {
  await makeTarget(world, { customerKey: "Mine", fields: keyed });
  await fillTarget(world, "Mine", [{ Id: "A", Country: "AT", Points: 1 }]);
  await world.startBridge();
  await world.over(await world.submit(rowSql("A", 9), into("update")));
  expect(await rowsOf(world, "Mine")).toEqual([["A", "DE", "9"]]);
});

test("a ready run shows the target's fields in their order, and only its query is cleaned up", async () => {
  await makeTarget(world, { customerKey: "Mine", name: "My Target", fields: keyed });
  await world.startBridge();
  const id = await world.submit("SELECT 'B' AS Id", into("append", "mine"));
  const run = await world.over(id);
  expect(run).toMatchObject({
    status: "ready",
    result: {
      customerKey: "Mine",
      target: {
        columns: [
          { name: "Id", type: "Text", maxLength: 50 },
          { name: "Country", type: "Text", maxLength: 5 },
          { name: "Points", type: "Number" },
        ],
      },
    },
  });
  await expect
    .poll(() => world.edge.ledger(id).map(({ asset, state: known }) => [asset, known]))
    .toEqual([["queryDefinition", "deleted"]]);
  const { dataExtensions, queries } = await state();
  expect(queries.filter(({ status }) => status === "Active")).toEqual([]);
  expect(dataExtensions.filter(({ key }) => key.startsWith("QPP_"))).toEqual([]);
  expect(dataExtensions.find(({ key }) => key === "Mine")?.rows).toBe(1);
});

test("the order of a target is left to MCE: its query never has a column of ours", async () => {
  const real = globalThis.fetch;
  const saved: string[] = [];
  const watching = vi.spyOn(globalThis, "fetch").mockImplementation((input, init) => {
    const body = typeof init?.body === "string" ? init.body : "";
    if (mceCalls["SOAP Create QueryDefinition"].test(body)) saved.push(body);
    return real(input, init);
  });
  onTestFinished(() => watching.mockRestore());
  await makeTarget(world, { customerKey: "Mine", fields: keyed });
  await world.startBridge();
  const sql =
    "SELECT TOP 3 CustomerKey AS Id, LoyaltyPoints AS Points FROM Customers ORDER BY LoyaltyPoints DESC, CustomerKey";
  const run = await world.over(await world.submit(sql, into("append")));
  expect(run).toMatchObject({ status: "ready", columns: [{ name: "Id" }, { name: "Points" }] });
  expect(await rowsOf(world, "Mine")).toHaveLength(3);
  expect(saved).toEqual([expect.stringContaining("ORDER BY LoyaltyPoints DESC, CustomerKey")]);
  expect(saved.join()).not.toContain("QPP_Order");
});

test("before Perform no needless call is sent, and the target is never created, altered or deleted", async () => {
  await makeTarget(world, { customerKey: "Mine", fields: keyed });
  await world.startBridge();
  const first = await world.submit(rowSql("A", 1), into("append"));
  await world.over(first);
  // Its clean-up continues after its end, and does not count as calls of the next one.
  await expect.poll(() => world.edge.ledger(first).every(({ state: known }) => known === "deleted")).toBe(true);
  const before = (await callsOf(world)).length;
  await world.over(await world.submit(rowSql("B", 1), into("append")));
  const after = (await callsOf(world)).slice(before);
  const upToPerform = after.slice(0, after.indexOf("SOAP Perform") + 1).filter((call) => !call.includes("Delete"));
  // The check, the look at the target and the count of its rows run side by side.
  expect(upToPerform.toSorted()).toEqual([
    "REST rowset",
    "REST validate",
    "SOAP Create QueryDefinition",
    "SOAP Perform",
    "SOAP Retrieve DataExtension",
    "SOAP Retrieve DataExtensionField",
  ]);
});

test.each([
  ["a column the target lacks", "SELECT 'A' AS Id, 1 AS Nothing", "overwrite", "Nothing"],
  ["a required field left out", "SELECT 'DE' AS Country", "append", "Id"],
  ["a date for a number", "SELECT 'A' AS Id, GETDATE() AS Points", "update", "Points"],
  ["a word for a number", "SELECT 'A' AS Id, 'many' AS Points", "update", "Points"],
  ["its own rows in an overwrite", "SELECT Id FROM Customers c, (SELECT Id FROM [Mine]) m", "overwrite", "Mine"],
  ["its own rows in EXISTS", "SELECT 'A' AS Id WHERE EXISTS (SELECT 1 FROM mine)", "overwrite", "mine"],
  ["its own rows in an append", "SELECT CONCAT(m.Id, 'x') AS Id FROM Mine m", "append", "Mine"],
  ["NULL for its key", "SELECT NULL AS Id, 'DE' AS Country", "overwrite", "Id"],
] as const)("TARGET_MISMATCH for %s, before anything is made", async (_, sql, mode, column) => {
  await makeTarget(world, { customerKey: "Mine", fields: keyed });
  const before = (await callsOf(world)).filter(isCreate).length;
  await world.startBridge();
  const id = await world.submit(sql, into(mode));
  const run = await world.over(id);
  expect(run).toMatchObject({ status: "failed", error: { code: "TARGET_MISMATCH", fix: expect.any(String) } });
  expect(run.status === "failed" && run.error.detail).toContain(column);
  expect((await callsOf(world)).filter(isCreate)).toHaveLength(before);
});

test("TARGET_MISMATCH for an update of a target without a primary key", async () => {
  await makeTarget(world, { customerKey: "Mine", fields: keyless });
  await world.startBridge();
  const run = await world.over(await world.submit(rowSql("A", 1), into("update")));
  expect(run).toMatchObject({ status: "failed", error: { code: "TARGET_MISMATCH" } });
});

test("TARGET_NOT_FOUND for an unknown key, before anything is created", async () => {
  await world.startBridge();
  const run = await world.over(await world.submit(rowSql("A", 1), into("append", "Nobody's")));
  expect(run).toMatchObject({ status: "failed", error: { code: "TARGET_NOT_FOUND" } });
  expect(run.status === "failed" && run.error.detail).toContain("Nobody's");
  expect((await callsOf(world)).filter(isCreate)).toEqual([]);
});

test.each(["Everybody's", "ENT.Everybody's"])(
  "a shared target is found from a child business unit as %s",
  async (key) => {
    await makeTarget(world, { customerKey: "Everybody's", name: "Of all", fields: keyless, isShared: true });
    await world.startBridge();
    const run = await world.over(await world.submit(rowSql("A", 1), { ...into("append", key), tenancy: child }));
    expect(run).toMatchObject({
      status: "ready",
      result: { customerKey: "Everybody's", target: { isShared: true } },
    });
    expect(await rowsOf(world, "Of all")).toEqual([["A", "DE", "1"]]);
  },
);

test("a target of the parent that is not shared is not found from a child business unit", async () => {
  await makeTarget(world, { customerKey: "Mine", fields: keyed });
  await world.startBridge();
  const run = await world.over(await world.submit(rowSql("A", 1), { ...into("append"), tenancy: child }));
  expect(run).toMatchObject({ status: "failed", error: { code: "TARGET_NOT_FOUND" } });
});

test("a shared target that a local Data Extension hides is refused: MCE would write into the local one", async () => {
  await makeTarget(world, { customerKey: "Twice", name: "Of all", fields: keyless, isShared: true });
  await makeTarget(world, { customerKey: "Twice", name: "Own", fields: keyless, mid: child.mid });
  await world.startBridge();
  const run = await world.over(await world.submit(rowSql("A", 1), { ...into("append", "ENT.Twice"), tenancy: child }));
  expect(run).toMatchObject({ status: "failed", error: { code: "TARGET_MISMATCH" } });
  expect(run.status === "failed" && run.error.detail).toContain("Own");
});

test.each([
  ["its own one and reads the shared namesake", "Mine", "SELECT Id FROM Ent.Both", "ready"],
  ["the shared one and reads its own namesake", "Shared", "SELECT Id FROM Both", "ready"],
  ["the shared one and reads it", "Shared", "SELECT Id FROM Ent.Both", "failed"],
  ["its own one and reads it", "Mine", "SELECT Id FROM Both", "failed"],
] as const)("an overwrite from a child business unit writes into %s", async (_, key, sql, status) => {
  await makeTarget(world, { customerKey: "Shared", name: "Both", fields: keyless, isShared: true });
  await makeTarget(world, { customerKey: "Mine", name: "Both", fields: keyless, mid: child.mid });
  await world.startBridge();
  const run = await world.over(await world.submit(sql, { ...into("overwrite", key), tenancy: child }));
  expect(run.status).toBe(status);
  if (run.status === "failed") expect(run.error.code).toBe("TARGET_MISMATCH");
});

test("a target whose fields Marketing Cloud does not show is refused as that, not as one without fields", async () => {
  await makeTarget(world, { customerKey: "Mine", fields: keyed });
  await world.ask("faults", [{ call: "SOAP Retrieve DataExtensionField", status: 200, body: nothing, times: 9 }]);
  await world.startBridge();
  const run = await world.over(await world.submit(rowSql("A", 1), into("append")));
  expect(run).toMatchObject({ status: "failed", error: { code: "TARGET_NOT_FOUND", fix: expect.any(String) } });
});

const nothing = `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><RetrieveResponseMsg xmlns="http://exacttarget.com/wsdl/partnerAPI"><OverallStatus>OK</OverallStatus><RequestID>r</RequestID></RetrieveResponseMsg></soap:Body></soap:Envelope>`;

test("rows that were in the target before do not make the run ready while MCE still runs (D9)", async () => {
  await world.ask("behaviours", { durationMs: 2500 });
  await makeTarget(world, { customerKey: "Mine", fields: keyed });
  await fillTarget(world, "Mine", [{ Id: "A", Country: "AT", Points: 1 }]);
  await world.startBridge();
  const id = await world.submit(rowSql("B", 2), into("append"));
  const run = await world.over(id);
  const done = (await ledgerOf(world)).find(({ event }) => event === "done");
  expect(run.status).toBe("ready");
  expect("endedAt" in run && run.endedAt).toBeGreaterThanOrEqual(done?.at ?? Infinity);
  const all = await callsOf(world);
  expect(all.slice(all.indexOf("SOAP Perform"))).not.toContain("REST rowset");
});

test("a status stuck on Queued ends in ready, without a row count, because MCE gives no reliable one", async () => {
  await world.ask("behaviours", { durationMs: 2500, statusStuck: true });
  await makeTarget(world, { customerKey: "Mine", fields: keyed });
  // A query that was never seen running gets two graces to begin.
  await world.startBridge({ notRunningGraceMs: 2000, stoppedAloneMs: 1000 });
  const run = await world.over(await world.submit(rowSql("B", 2), into("append")));
  expect(run).toMatchObject({ status: "ready" });
  expect(run).not.toHaveProperty("rowCount");
});

test("an overwrite that fails in MCE says that the target may be empty", async () => {
  await makeTarget(world, { customerKey: "Mine", fields: keyed });
  await world.startBridge();
  const sql = "SELECT 'A' AS Id, 1 / (LEN(Country) - LEN(Country)) AS Points FROM Customers WHERE Country IS NOT NULL";
  const run = await world.over(await world.submit(sql, into("overwrite")));
  expect(run).toMatchObject({
    status: "failed",
    error: { code: "QUERY_FAILED", detail: expect.stringContaining("empty") },
  });
  expect(run.status === "failed" && run.error.mce).toMatch(/divide by zero/i);
});

test("the folder of queries is created for a target run too, and no other folder is", async () => {
  await makeTarget(world, { customerKey: "Mine", fields: keyed });
  await world.startBridge();
  await world.over(await world.submit(rowSql("A", 1), into("append")));
  const { folders } = await world.ask<{ folders: { name: string; contentType: string }[] }>("state");
  const own = folders.filter(({ name }) => name === folderName).map(({ contentType }) => contentType);
  expect(own.toSorted()).toEqual(["dataextension", "queryactivity"]);
});
