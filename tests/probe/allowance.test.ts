import { describe, expect, it } from "vitest";
import { openAllowance } from "#probe/allowance.ts";
import { openVirtualClock } from "../calm/support/virtual-clock.ts";

const bounds = { maxCalls: 10, maxMs: 60_000, keptCalls: 4, keptMs: 10_000, paceMs: 100 };

/** An allowance, and what its gate says to a number of calls, on a clock that passes as the gate waits. */
function open(signal = new AbortController().signal, spent = 2) {
  const clock = openVirtualClock(0);
  const platform = clock.platform(fetch);
  const allowance = openAllowance({ platform, signal, bounds }, spent);
  const enter = async (count: number) => {
    const said: string[] = [];
    for (let left = count; left > 0; left -= 1) {
      const entered = allowance.gate.enter({ name: "REST rowset" });
      await clock.pass(bounds.paceMs);
      const passage = await entered;
      said.push(passage.ok ? "ok" : passage.error.message);
      if (passage.ok) passage.value({ name: "REST rowset", ms: 1, outcome: "ok", status: 404 });
    }
    return said;
  };
  return { clock, allowance, enter };
}

describe("openAllowance()", () => {
  it("lets so many calls through that those for the clean-up are left, and then these", async () => {
    const { allowance, enter } = open();
    expect(await enter(5)).toEqual(["ok", "ok", "ok", "ok", "The probe's calls are used up"]);
    expect([allowance.calls(), allowance.has(1), allowance.lastStatus("REST rowset")]).toEqual([6, false, 404]);
    allowance.clean();
    expect(await enter(5)).toEqual(["ok", "ok", "ok", "ok", "The probe's calls are used up"]);
    expect(allowance.calls()).toBe(10);
  });

  it("ends with its time, and leaves some for the clean-up", async () => {
    const { clock, allowance, enter } = open();
    await clock.pass(50_000);
    expect([await enter(1), allowance.has(1)]).toEqual([["The probe's time is over"], false]);
    allowance.clean();
    expect(await enter(1)).toEqual(["ok"]);
    await clock.pass(10_000);
    expect(await enter(1)).toEqual(["The probe's time is over"]);
  });

  it("lets nothing through after a stop but what cleans up, and keeps a pace", async () => {
    const stop = new AbortController();
    const { clock, allowance, enter } = open(stop.signal);
    const before = clock.now();
    await enter(3);
    expect(clock.now() - before).toBeGreaterThanOrEqual(2 * bounds.paceMs);
    stop.abort();
    expect(await enter(1)).toEqual(["The probe was stopped"]);
    allowance.clean();
    expect(await enter(1)).toEqual(["ok"]);
  });
});
