import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Behaviours, profileNames, profiles, switchNames } from "../../sandbox/behaviours.ts";
import { behave } from "./support/wire-case.ts";
import type { Switch } from "./support/wire-switches.ts";
import { openWire, type Wire } from "./support/wire.ts";
import { callSwitches } from "./switches/calls.ts";
import { leftAfterFailure, runSwitches } from "./switches/runs.ts";

// The type asks for every switch there is.
const switches: Record<keyof Behaviours, Switch> = { ...runSwitches, ...callSwitches };

let wire: Wire;
beforeAll(async () => {
  wire = await openWire({ durationMs: 2000 });
  // Longer than any jump of the clock below.
  await behave(wire, { tokenLifeMs: 86_400_000 });
  await wire.token();
});
beforeEach(async () => {
  await wire.call("POST", "/sandbox/reset");
});
afterAll(() => wire.close());

describe("each switch does what README.md says, and nothing before it is set", () => {
  test.each(Object.entries(switches))("%s", async (_, { set, ask, off, on }) => {
    expect(await ask(wire)).toEqual(off);
    await wire.call("POST", "/sandbox/reset");
    await behave(wire, set);
    expect(await ask(wire)).toEqual(on);
  });

  test("failedRun partial: what was inserted before the failure stays", async () => {
    await behave(wire, { failedRun: "partial" });
    expect(await leftAfterFailure(wire)).toEqual([["new"], ["two"]]);
  });

  test("keylessKeys empty: keys without members", async () => {
    await behave(wire, { keylessKeys: "empty" });
    expect(await callSwitches.keylessKeys.ask(wire)).toEqual([{ keys: {}, values: { a: "1" } }]);
  });

  test("every profile sets every switch", () => {
    for (const name of profileNames) expect(Object.keys(profiles[name]).sort()).toEqual([...switchNames].sort());
  });
});
