import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { profileOf } from "#probe/profile-of.ts";
import type { Behaviours } from "../../sandbox/behaviours.ts";
import { readStart } from "../../sandbox/profile-file.ts";
import { profiles, profileNames } from "../../sandbox/profiles.ts";
import { tempDir } from "../support/temp-dir.ts";
import { openProbeWorld } from "./support/probe-world.ts";

const minutes = 60_000;

describe("runProbe()", () => {
  it.each<[string, Partial<Behaviours>]>([
    ["friendly", {}],
    ["hostile", profiles.hostile],
    ["one whose queries take a minute", { ...profiles.realistic, durationMs: 60_000 }],
    ["one whose queries never end", { ...profiles.hostile, durationMs: 25 * minutes }],
    ["one whose rowsets and validation are down", { ...profiles.hostile, rowsetDown: 500, durationMs: 30_000 }],
  ])("stays within 150 calls and 10 minutes in a tenant: %s", async (_title, switches) => {
    const tenant = openProbeWorld({ durationMs: null, ...switches });
    const probed = await tenant.probe({ spent: 2 });
    // Signing in to learn the enterprise is not the probe's.
    expect(probed.calls).toBe(tenant.calls().length + 2);
    expect(probed.calls).toBeLessThanOrEqual(150);
    expect(probed.tookMs).toBeLessThanOrEqual(10 * minutes);
    expect([probed.left, tenant.left()]).toEqual([[], []]);
  });

  it("keeps to the calls and the time it is given, and says what it did not ask", async () => {
    const bounds = { maxCalls: 60, maxMs: 2 * minutes, keptCalls: 24, keptMs: 30_000, paceMs: 150 };
    const tenant = openProbeWorld();
    const probed = await tenant.probe({ bounds });
    expect(probed.calls).toBeLessThanOrEqual(60);
    expect(probed.lines).toContainEqual({
      question: "names and keys of queries",
      answer: "not asked: calls or time are used up",
      isOpen: true,
    });
    expect([probed.left, tenant.left()]).toEqual([[], []]);
    const slow = openProbeWorld({ durationMs: 25 * minutes });
    const late = await slow.probe({ bounds: { ...bounds, maxCalls: 150 } });
    expect(late.tookMs).toBeLessThanOrEqual(2 * minutes);
    expect([late.left, slow.left()]).toEqual([[], []]);
  });

  it.each(profileNames)("writes a profile with which the sandbox is like the tenant: %s", async (name) => {
    const tenant = openProbeWorld({ ...profiles[name], durationMs: 8000 });
    const { findings } = await tenant.probe();
    const file = join(await tempDir(), "sandbox-profile.json");
    await writeFile(file, JSON.stringify(profileOf(findings)));
    const { profile, switches } = readStart(file);
    const like = openProbeWorld({ ...profiles[profile], ...switches });
    const again = await like.probe();
    const times = ["durationMs", "isRunningLateMs", "rowsetLateMs", "rowsetTokenLifeMs"];
    const withoutTimes = (found: object) =>
      Object.fromEntries(Object.entries(found).filter(([key]) => !times.includes(key)));
    expect(withoutTimes(again.findings)).toEqual(withoutTimes(findings));
  });
});
