import { describe, expect, it } from "vitest";
import { capabilitiesOf } from "#probe/capabilities-of.ts";
import { profiles } from "../../sandbox/profiles.ts";
import { access, openProbeWorld } from "./support/probe-world.ts";

const unit = { eid: access.eid, mid: access.mid };

describe("runProbe()", () => {
  it("settles every question of a friendly tenant, at its own hosts, and leaves nothing", async () => {
    const tenant = openProbeWorld();
    const probed = await tenant.probe();
    expect(probed.lines.filter(({ isOpen }) => isOpen)).toEqual([]);
    expect([probed.left, tenant.left(), probed.failure]).toEqual([[], [], undefined]);
    // The sandbox is not more than its switches: what it does otherwise is as documented.
    expect(capabilitiesOf(probed.findings, unit)).toEqual({
      ...unit,
      looks: true,
      statusTakesIn: true,
      rowset: true,
      otherScripts: true,
      retention: true,
      reasons: "soap",
      orderBy: "honour",
    });
  });

  it("finds in a hostile tenant what an engine has to do without", async () => {
    const tenant = openProbeWorld({ ...profiles.hostile, durationMs: 8000 });
    const probed = await tenant.probe();
    expect(capabilitiesOf(probed.findings, unit)).toMatchObject({ retention: false, reasons: "rest", looks: true });
    expect([probed.left, tenant.left()]).toEqual([[], []]);
  });

  it("changes nothing else in the tenant, and performs only queries of its own", async () => {
    const tenant = openProbeWorld();
    const before = JSON.stringify(tenant.world.store.dataExtensions);
    await tenant.probe();
    expect(JSON.stringify(tenant.world.store.dataExtensions)).toBe(before);
    const performed = tenant.world.ledger
      .after(0)
      .flatMap((entry) => (entry.event === "perform" ? [entry.queryKey] : []));
    expect(performed.length).toBeGreaterThanOrEqual(3);
    for (const key of performed) expect(key).toMatch(/^QPPROBE_/);
  });

  it.each([9, 30, 70])("leaves nothing when it is stopped after its call number %i", async (calls) => {
    const tenant = openProbeWorld();
    const probed = await tenant.probe({}, () => tenant.calls().length >= calls);
    expect([probed.left, tenant.left(), probed.isStopped]).toEqual([[], [], true]);
  });
});
