import { beforeEach, describe, expect, it } from "vitest";
import { openMce, type Mce } from "#mce/client.ts";
import { listDataExtensions } from "#mce/soap/list-data-extensions.ts";
import { listQueries, readQueryActivity } from "#mce/soap/query-activities.ts";
import { deleteQueryDefinition } from "#mce/soap/query-definition.ts";
import { makeManyTables } from "../../sandbox/control/many-tables.ts";
import { fetchFrom } from "../../sandbox/in-process.ts";
import { createQuery } from "../../sandbox/query-checks.ts";
import { openWorld, type World } from "../../sandbox/world.ts";
import { loadCatalogue } from "../../src/worker/schema/load-catalogue.ts";
import { mceDeps } from "../support/platform.ts";
import { openStandIn, retrieved, soap } from "./support/stand-in.ts";

const parent = 7000001;
const child = 7000011;
let world: World;

beforeEach(() => {
  world = openWorld({ rows: 100 });
  world.url = "http://127.0.0.1:1";
});

function mceOf(mid: number): Mce {
  const secrets = { clientId: "sandbox-client-a", clientSecret: "sandbox-secret-a" };
  const access = { connectionId: "c", subdomain: "mcsandbox-enterprise-a000001", ...secrets, mid, eid: parent };
  return openMce(access, mceDeps({ fetch: fetchFrom(world), sandboxUrl: "http://127.0.0.1:1" }));
}

/** How many calls of a name MCE got since the last time. */
function callsOf(after: number): Record<string, number> {
  const names = world.ledger.after(after).flatMap((entry) => (entry.event === "call" ? [entry.call] : []));
  return Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length]));
}

describe("loadCatalogue()", () => {
  it("lists 10,000 tables in 900 folders with one call for each 2,500 tables, and one for each kind of folder", async () => {
    makeManyTables(world, {
      count: 10_000 - world.store.dataExtensions.filter((it) => it.mid === parent).length,
      folders: 900,
      mid: parent,
    });
    const mce = mceOf(parent);
    const from = performance.now();
    const read = await loadCatalogue(mce, 0);
    const ms = Math.round(performance.now() - from);
    console.log(`10,000 tables from the sandbox in this process, cold: ${ms} ms`);
    if (!read.ok) throw new Error(read.error.message);
    const { tables, folders } = read.value;
    expect(tables.filter(({ kind }) => kind !== "data-view")).toHaveLength(10_000);
    expect(folders.length).toBeGreaterThanOrEqual(900);
    expect(callsOf(0)).toEqual({ "AUTH token": 1, "SOAP Retrieve DataExtension": 4, "SOAP Retrieve DataFolder": 3 });
  });

  it("shows a child what its parent shares as Ent., and nothing else of it", async () => {
    makeManyTables(world, { count: 5, folders: 1, mid: parent });
    const read = await loadCatalogue(mceOf(child), 0);
    if (!read.ok) throw new Error(read.error.message);
    const { byName, folders, tables } = read.value;
    expect([...byName.keys()].filter((name) => name.startsWith("table "))).toEqual([]);
    expect([
      byName.get("customers"),
      byName.get("ent.shared suppression"),
      byName.get("ent.contact_salesforce"),
    ]).toMatchObject([
      { name: "Customers", key: "Customers", kind: "data-extension" },
      { name: "Ent.Shared Suppression", kind: "shared" },
      { name: "Ent.Contact_Salesforce", kind: "synchronized" },
    ]);
    expect(byName.get("_sent")).toEqual({ name: "_Sent", kind: "data-view" });
    expect(folders.map(({ kind }) => kind).sort()).toEqual(["data-extension", "shared", "synchronized"]);
    const names = tables.map(({ name }) => name.toLowerCase());
    expect(names).toEqual(names.toSorted((one, other) => (one < other ? -1 : 1)));
  });

  it("shows a parent its shared tables without Ent.", async () => {
    const read = await loadCatalogue(mceOf(parent), 0);
    expect(read.ok && read.value.byName.get("shared suppression")).toMatchObject({ kind: "shared" });
  });

  it("lists a business unit's own tables where the enterprise refuses to show its", async () => {
    const { fetch } = mceDeps({ fetch: fetchFrom(world) }).platform;
    const refuses: typeof fetch = async (input, init) => {
      const text = typeof init?.body === "string" ? init.body : "";
      if (!text.includes("<ClientIDs>")) return fetch(input, init);
      const said = "<OverallStatus>Error: API Permission Failed.</OverallStatus><RequestID>r</RequestID>";
      return new Response(
        `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><RetrieveResponseMsg xmlns="http://exacttarget.com/wsdl/partnerAPI">${said}</RetrieveResponseMsg></soap:Body></soap:Envelope>`,
      );
    };
    const secrets = { clientId: "sandbox-client-a", clientSecret: "sandbox-secret-a" };
    const access = {
      connectionId: "c",
      subdomain: "mcsandbox-enterprise-a000001",
      ...secrets,
      mid: child,
      eid: parent,
    };
    const mce = openMce(access, mceDeps({ fetch: refuses, sandboxUrl: "http://127.0.0.1:1" }));
    const read = await loadCatalogue(mce, 0);
    expect(read.ok && [read.value.byName.has("customers"), read.value.byName.has("ent.shared suppression")]).toEqual([
      true,
      false,
    ]);
  });
});

describe("listDataExtensions()", () => {
  it("reads names with signs of XML, other scripts and a description", async () => {
    const [own] = world.store.dataExtensions.filter((it) => it.mid === child && it.name === "Customers");
    if (own === undefined) throw new Error("no such table");
    Object.assign(own, { description: '<b>one & "two"</b> 顧客' });
    const read = await listDataExtensions(mceOf(child));
    if (!read.ok) throw new Error(read.error.message);
    const byName = new Map(read.value.map((it) => [it.name, it]));
    expect(byName.get("Customers")?.description).toBe('<b>one & "two"</b> 顧客');
    expect([byName.has("Order Items & More - 2024"), byName.has("顧客"), byName.get("Order")?.customerKey]).toEqual([
      true,
      true,
      "order.v2",
    ]);
  });
});

describe("query activities", () => {
  const draft = {
    name: "Weekly <orders>",
    customerKey: "weekly-orders",
    description: "",
    queryText: "SELECT Id, Name FROM [No Rows] WHERE Name <> 'DE' AND 1 < 2",
    targetKey: "No Rows",
    targetName: undefined,
    updateType: "Update",
    folderId: undefined,
  };
  const make = () => {
    const made = createQuery(draft, { world, mid: child, eid: parent, now: 1_700_000_000_000 });
    if (made.kind === "refused") throw new Error(made.message);
    return made.query;
  };

  it("listQueries() lists them without their SQL", async () => {
    make();
    const read = await listQueries(mceOf(child));
    expect(read.ok && read.value).toMatchObject([{ customerKey: "weekly-orders", name: "Weekly <orders>" }]);
    expect(JSON.stringify(read)).not.toContain("SELECT");
  });

  it("readQueryActivity() reads one with SQL and target as they stand", async () => {
    make();
    const read = await readQueryActivity(mceOf(child), "weekly-orders");
    expect(read.ok && read.value).toMatchObject({
      sql: draft.queryText,
      target: { customerKey: "No Rows", name: "No Rows", updateType: "Update" },
      modifiedAt: 1_700_000_000_000,
    });
  });

  it("neither shows one that was deleted", async () => {
    const { objectId } = make();
    const mce = mceOf(child);
    await deleteQueryDefinition(mce, { objectId });
    expect([await listQueries(mce), await readQueryActivity(mce, "weekly-orders")]).toEqual([
      { ok: true, value: [] },
      { ok: true, value: undefined },
    ]);
  });

  it("listQueries() looks at the status itself, because a filter may be ignored", async () => {
    const query = (key: string, status: string) =>
      `<Results xsi:type="QueryDefinition"><PartnerKey xsi:nil="true"/><ObjectID xsi:nil="true"/><CustomerKey>${key}</CustomerKey><Name>${key}</Name><CategoryID>7</CategoryID><Status>${status}</Status></Results>`;
    const { mce: other } = openStandIn(soap(retrieved(query("a", "Inactive") + query("b &amp; c", "Active"))));
    expect(await listQueries(other)).toEqual({
      ok: true,
      value: [{ customerKey: "b & c", name: "b & c", folderId: 7 }],
    });
  });
});
