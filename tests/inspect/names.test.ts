import { describe, expect, it } from "vitest";
import { createDataExtension } from "#mce/soap/data-extension.ts";
import { ask, asking, callsOf, codes, inspectSql, make, useInspecting } from "./support/inspecting.ts";

useInspecting();

describe("inspect() on names", () => {
  it("reads Ent. tables in the enterprise's context, from a child business unit too", async () => {
    const { folders } = await ask<{ folders: { id: number; contentType: string; mid: number }[] }>("state");
    const folder = folders.find(({ contentType, mid }) => contentType === "shared_dataextension" && mid === 7000001);
    const draft = { customerKey: "shared", name: "Price List", folderId: folder?.id ?? -1 };
    const fields = [{ name: "Code", fieldType: "Text", maxLength: 12 }] as const;
    expect(await createDataExtension(asking().mce, { ...draft, fields })).toMatchObject({ ok: true });
    const { checked } = await inspectSql("SELECT * FROM Ent.[Price List] WHERE 1 = 1", { mid: 7000011 });
    expect(checked).toMatchObject({ ok: true, columns: [{ name: "Code", fieldType: "Text", maxLength: 12 }] });
    const own = await inspectSql("SELECT * FROM [Price List] WHERE 1 = 1", { mid: 7000011 });
    expect(own.checked.ok).toBe(false);
  });

  const child = { mid: 7000011 };

  it.each(["Shared Suppression", "shared suppression", "Contact_Salesforce"])(
    "tells a child business unit to write Ent. before %s, which the enterprise shares",
    async (name) => {
      const { checked } = await inspectSql(`SELECT a.* FROM [${name}] a WHERE 1 = 1`, child);
      expect(checked.diagnostics).toContainEqual(
        expect.objectContaining({ code: "UNKNOWN_TABLE", severity: "error", line: 1, fix: `Write Ent.[${name}]` }),
      );
      expect((await inspectSql(`SELECT a.* FROM Ent.[${name}] a WHERE 1 = 1`, child)).checked.ok).toBe(true);
    },
  );

  it("says so although MCE's own check is down, which would let the run begin", async () => {
    await ask("behaviours", { validateDown: true });
    const { checked } = await inspectSql("SELECT Id FROM Contact_Salesforce WHERE 1 = 1", child);
    expect(checked).toMatchObject({
      ok: false,
      diagnostics: [{ code: "UNKNOWN_TABLE", fix: "Write Ent.[Contact_Salesforce]" }],
    });
  });

  it("asks the enterprise for unknown names only, once, and never for what the parent keeps to itself", async () => {
    const unknown = "SELECT Id FROM Contact_Salesforce WHERE 1 = 1";
    const calls = [
      "REST validate",
      ...Array(3).fill("SOAP Retrieve DataExtension"),
      "SOAP Retrieve DataExtensionField",
    ];
    expect(await callsOf(() => inspectSql(unknown, child))).toEqual(calls);
    // The names and the shared table's fields are remembered.
    expect(await callsOf(() => inspectSql(unknown, child))).toEqual(calls.slice(0, 2));
    expect(await callsOf(() => inspectSql("SELECT Id FROM Nowhere WHERE 1 = 1"))).toEqual(calls.slice(0, 3));
    await make("Kept By The Parent");
    const { checked } = await inspectSql("SELECT Code FROM [Kept By The Parent] WHERE 1 = 1", child);
    expect(checked.diagnostics.map(({ fix = "" }) => fix).filter((fix) => fix.includes("Ent."))).toEqual([]);
  });

  it("tells to leave Ent. out before a Data Extension of the business unit's own", async () => {
    const { checked } = await inspectSql("SELECT CustomerKey FROM Ent.Customers WHERE 1 = 1", child);
    expect(checked.diagnostics).toContainEqual(
      expect.objectContaining({ code: "UNKNOWN_TABLE", fix: "Write [Customers] without Ent." }),
    );
  });

  it.each([
    ["SELECT Id FROM 2024 Leads WHERE 1 = 1", 16],
    ["SELECT Id FROM Customers c JOIN 2024 Leads l ON l.Id = c.CustomerKey", 33],
  ])("finds the Data Extension that needs brackets: %s", async (sql, column) => {
    await make("2024 Leads");
    const { checked } = await inspectSql(sql);
    expect(checked.ok).toBe(false);
    expect(checked.diagnostics).toContainEqual(
      expect.objectContaining({ code: "UNBRACKETED_NAME", severity: "error", column, fix: "Write [2024 Leads]" }),
    );
  });

  it("knows from MCE's fields which columns may be empty", async () => {
    const { checked } = await inspectSql(
      "SELECT CustomerKey FROM Customers WHERE CustomerKey NOT IN (SELECT Phone FROM Customers)",
    );
    expect(codes({ checked })).toEqual(["warning NOT_IN_NULL"]);
    const unequal = await inspectSql("SELECT CustomerKey FROM Customers WHERE Phone <> '1'");
    expect(codes(unequal)).toEqual(["warning NULL_LEFT_OUT"]);
    const key = "SELECT CustomerKey FROM Customers WHERE CustomerKey NOT IN (SELECT CustomerKey FROM Customers)";
    expect(codes(await inspectSql(key))).toEqual([]);
  });

  it.each([
    "\ufeffSELECT CustomerKey FROM Customers WHERE 1 = 1",
    "SELECT\u00a0CustomerKey FROM\u200bCustomers WHERE 1 = 1",
  ])("accepts blanks nobody sees, as a run does: %j", async (sql) => {
    const { checked } = await inspectSql(sql);
    expect({ ok: checked.ok, codes: [...new Set(codes({ checked }))] }).toEqual({
      ok: true,
      codes: ["warning LOOK_ALIKE_BLANK"],
    });
  });

  it("asks nobody about a text with signs that only look like SQL's", async () => {
    expect(await callsOf(() => inspectSql("SELECT CustomerKey as ‘Key’ FROM Customers"))).toEqual([]);
  });
});
