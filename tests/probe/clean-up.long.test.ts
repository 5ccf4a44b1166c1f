import { describe, expect, it } from "vitest";
import { openProbeWorld } from "./support/probe-world.ts";
import type { Fault } from "../../sandbox/faults.ts";

/** How often a fault of these tests occurs: a few times, or as long as the probe lives. */
const passing = 4;
const lasting = 1_000_000;

describe("a probe that is stopped", () => {
  it.each(Array.from({ length: 18 }, (_, index) => 1 + index * 6))(
    "leaves nothing after its call number %i",
    async (calls) => {
      const tenant = openProbeWorld();
      const probed = await tenant.probe({}, () => tenant.calls().length >= calls);
      expect([probed.left, tenant.left(), probed.isStopped]).toEqual([[], [], true]);
      // What is made gets removed; nothing is asked any more.
      expect(
        tenant
          .calls()
          .slice(calls + 12)
          .filter((call) => call.startsWith("SOAP Perform")),
      ).toEqual([]);
    },
  );
});

describe("a probe in trouble", () => {
  const calls = [
    "SOAP Create DataFolder",
    "SOAP Create DataExtension",
    "SOAP Create QueryDefinition",
    "SOAP Perform",
    "SOAP Retrieve AsyncActivityStatus",
    "REST rowset",
    "REST isrunning",
    "SOAP Delete QueryDefinition",
    "SOAP Delete DataExtension",
    "SOAP Delete DataFolder",
  ];
  const troubles: [string, Partial<Fault>][] = [
    ["answers are lost", { drop: "after" }],
    ["calls are throttled", { as: "throttled" }],
    ["permissions are missing", { as: "no-scope" }],
    ["the server fails", { as: "server-error" }],
  ];
  const cases = calls.flatMap((call) => troubles.map(([title, fault]) => ({ call, title, fault })));

  it.each(cases)("leaves nothing when $title for a while at $call", async ({ call, fault }) => {
    const tenant = openProbeWorld();
    tenant.world.faults.add([{ nth: 1, ...fault, call, times: passing }]);
    const probed = await tenant.probe();
    expect({ said: probed.left, left: tenant.left() }).toEqual({ said: [], left: [] });
    expect(probed.calls).toBeLessThanOrEqual(150);
  });

  it.each(calls.filter((call) => call.includes("Delete")))(
    "says what is left when %s never works, and the next probe removes it",
    async (call) => {
      const tenant = openProbeWorld();
      tenant.world.faults.add([{ nth: 1, as: "server-error", call, times: lasting }]);
      const probed = await tenant.probe();
      expect(probed.left).not.toEqual([]);
      expect(probed.calls).toBeLessThanOrEqual(150);
      const left = tenant.left().map((asset) => asset.replace(/^(table|query) |^folder \d+ /, ""));
      const said = probed.left.map(({ what }) => what).join("\n");
      for (const name of left) expect(said).toContain(name);
      tenant.world.faults.clear();
      const next = await tenant.probe();
      expect([next.left, tenant.left()]).toEqual([[], []]);
    },
  );

  it("leaves what a killed one had made to the next one, and what others put there to them", async () => {
    const tenant = openProbeWorld();
    // From some call on nothing is answered: to Marketing Cloud it is as if the probe were killed.
    tenant.world.faults.add([{ call: "SOAP *", nth: 20, times: lasting, drop: "before" }]);
    const killed = await tenant.probe();
    expect([killed.left.length > 0, tenant.left().length > 0]).toEqual([true, true]);
    tenant.world.faults.clear();
    const folder = tenant.world.store.folders.find(
      ({ name, contentType }) => name === "QueryPlusPlus Probe" && contentType === "dataextension",
    );
    const customers = tenant.world.store.dataExtensions.find(
      ({ name, mid }) => name === "Customers" && mid === folder?.mid,
    );
    if (folder === undefined || customers === undefined) throw expect.unreachable();
    const home = customers.folderId;
    customers.folderId = folder.id;
    const next = await tenant.probe();
    expect(next.left.map(({ what, why }) => [what, why])).toEqual([
      [`Data Extension ${customers.customerKey}`, "somebody else put it there"],
      [expect.stringContaining('folder "QueryPlusPlus Probe"'), "something is in it"],
    ]);
    expect(tenant.left()).toEqual([`folder ${folder.id} QueryPlusPlus Probe`]);
    customers.folderId = home;
    const last = await tenant.probe();
    expect([last.left, tenant.left()]).toEqual([[], []]);
  });

  it("goes on after a question that meets a bug of ours", async () => {
    const tenant = openProbeWorld();
    // A rowset whose rows are no rows.
    const body = JSON.stringify({ count: 3, items: "none" });
    tenant.world.faults.add([{ nth: 1, call: "REST rowset", times: lasting, status: 200, body }]);
    const probed = await tenant.probe();
    expect(probed.findings).toMatchObject({ statusStuck: false, soapReasons: true });
    expect([probed.left, tenant.left()]).toEqual([[], []]);
  });
});
