import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { readCapabilities } from "../../src/queue-bridge/capabilities-files.ts";
import { openRefusedLooks } from "../../src/queue-bridge/business-unit/refused-looks.ts";
import { openSoapAccounts } from "../../src/queue-bridge/business-unit/soap-accounts.ts";
import { openAlphabets } from "../../src/queue-bridge/business-unit/alphabets.ts";
import { openProbedUnits } from "../../src/queue-bridge/business-unit/capabilities.ts";
import { tempDir } from "../support/temp-dir.ts";
import { callsOf } from "./support/ledger.ts";
import { useWorld } from "./support/use-world.ts";
import { tenancy } from "./support/world.ts";

const world = useWorld({ behaviours: { durationMs: 200 } });
const unit = { eid: tenancy.eid, mid: tenancy.mid };

async function fileOf(content: object): Promise<string> {
  const path = join(await tempDir(), "capabilities.json");
  await writeFile(path, JSON.stringify(content));
  return path;
}

/** The calls of the first run of a bridge that was told what a probe found. */
async function firstRun(found: object, sql = "SELECT TOP 60 CustomerKey FROM Customers", snippetName = "Liste") {
  await world.startBridge({}, { capabilitiesFiles: [await fileOf({ ...unit, ...found })] });
  const before = (await callsOf(world)).length;
  const run = await world.over(await world.submit(sql, { snippetName }));
  return { run, calls: (await callsOf(world)).slice(before) };
}
const count = (calls: readonly string[], name: string) => calls.filter((call) => call === name).length;

describe("a bridge with the capabilities of a business unit", () => {
  it("makes no look where looks were refused, and says so", async () => {
    await world.ask("behaviours", { numberingRefused: true });
    const { run, calls } = await firstRun({ looks: false });
    expect(run).toMatchObject({ status: "ready", rowCount: 60 });
    expect(run).toHaveProperty("notes", [expect.stringContaining("refused to number and bound")]);
    expect(count(calls, "SOAP Create QueryDefinition")).toBe(1);
  });

  it("reads rows by SOAP at once where a rowset never answered", async () => {
    await world.ask("behaviours", { rowsetDown: 404 });
    const { run, calls } = await firstRun({ rowset: false });
    expect(run).toMatchObject({ status: "ready", rowCount: 60, result: { readBy: "soap" } });
    expect(count(calls, "REST rowset")).toBeLessThan(8);
  });

  it("asks for no retention period where it was refused", async () => {
    await world.ask("behaviours", { retentionRefused: true });
    const { run, calls } = await firstRun({ retention: false });
    expect(run).toMatchObject({ status: "ready" });
    expect(run).toHaveProperty("notes", [expect.stringContaining("refused a retention period")]);
    expect(count(calls, "SOAP Create DataExtension")).toBe(1);
  });

  it("asks for no order where it was refused", async () => {
    await world.ask("behaviours", { rowsetOrderBy: "refuse" });
    const { run } = await firstRun({ orderBy: "refuse" });
    expect(run).toMatchObject({ status: "ready", rowCount: 60, result: { isSortedHere: true } });
    const { entries } = await world.ask<{ entries: { call?: string; httpStatus?: number }[] }>("ledger");
    expect(entries.filter(({ call, httpStatus }) => call === "REST rowset" && httpStatus === 400)).toEqual([]);
  });

  it("creates queries by REST where SOAP gives no reasons, and has the reason from the first refusal", async () => {
    await world.ask("behaviours", { soapSqlRefusal: "generic", validateDown: true });
    const bad = await firstRun({ reasons: "rest" }, "SELECT NoSuchThing(CustomerKey) AS k FROM Customers");
    expect(bad.run).toMatchObject({ status: "failed", error: { mce: expect.stringContaining("NoSuchThing") } });
    expect(count(bad.calls, "SOAP Create QueryDefinition")).toBe(0);
    const good = await firstRun({ reasons: "rest" });
    expect(good.run).toMatchObject({ status: "ready", rowCount: 60 });
    expect([count(good.calls, "REST create query"), count(good.calls, "SOAP Create QueryDefinition")]).toEqual([1, 0]);
  });

  it("keeps to ASCII names where others were refused", async () => {
    await world.ask("behaviours", { asciiNamesOnly: true });
    const { run, calls } = await firstRun({ otherScripts: false }, undefined, "顧客");
    expect(run).toMatchObject({ status: "ready" });
    expect(count(calls, "SOAP Create DataExtension")).toBe(1);
  });

  it("does as without them where they are of another business unit", async () => {
    const { run } = await firstRun({ mid: 7000011, looks: false, retention: false });
    expect(run).toMatchObject({ status: "ready", notes: [], result: { orderBy: "QPP_Order" } });
  });
});

test("openProbedUnits() gives the memories their beginning once, and what was learned since stays", () => {
  const soapAccounts = openSoapAccounts(() => 0);
  const asked: number[] = [];
  const memories = {
    soapAccounts,
    refusedLooks: openRefusedLooks(() => 0),
    alphabets: openAlphabets(),
    statusBoard: { askAlone: (eid: number) => void asked.push(eid) },
  };
  const probed = { ...unit, looks: false, rowset: false, otherScripts: false, statusTakesIn: false, retention: false };
  const units = openProbedUnits([probed], memories);
  expect(units.startOf(tenancy).retention).toBe(false);
  expect(memories.refusedLooks.has(tenancy)).toBe(true);
  expect([soapAccounts.needsSoap(tenancy.tenantId), memories.alphabets.isAsciiOnly(unit.eid), asked]).toEqual([
    true,
    true,
    [unit.eid],
  ]);
  soapAccounts.forget(tenancy.tenantId);
  units.startOf(tenancy);
  expect(soapAccounts.needsSoap(tenancy.tenantId)).toBe(false);
});

test("readCapabilities() names a file that is missing, and one that is none of a probe", async () => {
  await expect(readCapabilities(["/nonexistent/capabilities.json"])).rejects.toThrow(
    "MCE_CAPABILITIES_FILE: /nonexistent/capabilities.json cannot be read (ENOENT)",
  );
  await expect(readCapabilities([await fileOf({ looks: true })])).rejects.toThrow(
    "is no file that npm run probe wrote",
  );
  const newer = await fileOf({ ...unit, looks: true, somethingNew: 1 });
  expect(await readCapabilities([newer])).toEqual([{ ...unit, looks: true }]);
});
