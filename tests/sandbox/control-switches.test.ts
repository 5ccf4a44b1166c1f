import { readFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Behaviours, switchNames } from "../../sandbox/behaviours.ts";
import { profileNames, profiles } from "../../sandbox/profiles.ts";
import { fault } from "../../sandbox/faults.ts";
import { behave } from "./support/wire-case.ts";
import type { Switch } from "./support/wire-switches.ts";
import { openWire, type Wire } from "./support/wire.ts";
import { callSwitches } from "./switches/calls.ts";
import { recordedSwitches } from "./switches/recorded.ts";
import { signInSwitches } from "./switches/sign-in.ts";
import { leftAfterFailure, runSwitches } from "./switches/runs.ts";

// The type asks for every switch there is.
const switches: Record<keyof Behaviours, Switch> = {
  ...runSwitches,
  ...callSwitches,
  ...signInSwitches,
  ...recordedSwitches,
};

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

  test("failedRun partial: a failure that was ordered leaves all rows but the last", async () => {
    await behave(wire, { failedRun: "partial", errorMsg: "no" });
    expect(await leftAfterFailure(wire)).toEqual([["new"], ["two"]]);
  });

  test("keylessKeys _customobjectkey: the service's own number of the row", async () => {
    await behave(wire, { keylessKeys: "_customobjectkey" });
    expect(await callSwitches.keylessKeys.ask(wire)).toEqual([{ keys: { _customobjectkey: "1" }, values: { a: "1" } }]);
  });

  test("README.md names every switch with what its profiles set, and every member of a fault", () => {
    const readme = readFileSync("sandbox/README.md", "utf8");
    const told = new Map<string, string[]>();
    for (const [, names = "", ...cells] of readme.matchAll(
      /^\| (`\w+`(?:, `\w+`)*) \| [^|]+ \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm,
    )) {
      const columns = cells.map((cell) =>
        cell
          .trim()
          .replaceAll(/(?<=\d),(?=\d{3})/g, "")
          .split(", "),
      );
      for (const [at, name] of names.replaceAll("`", "").split(", ").entries())
        told.set(
          name,
          columns.map((column) => column[at] ?? "unsaid"),
        );
    }
    const minutes = (text: string) => text.replace(/^(\d+) min$/, (_, n) => String(Number(n) * 60_000));
    // Said in the row of errorMsg; they mean nothing without it.
    const silent = ["errorTimes", "errorMatch"];
    for (const name of switchNames.filter((it) => !silent.includes(it))) {
      const values = profileNames.map((profile) =>
        String(Object.entries(profiles[profile]).find(([it]) => it === name)?.[1]),
      );
      expect([name, told.get(name)?.map(minutes)]).toEqual([name, values]);
    }
    for (const member of Object.keys(fault.shape)) expect(readme).toContain(`\`${member}\``);
  });

  test("every profile sets every switch", () => {
    for (const name of profileNames) expect(Object.keys(profiles[name]).sort()).toEqual([...switchNames].sort());
  });
});
