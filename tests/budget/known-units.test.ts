import { expect, test } from "vitest";
import { openBudget } from "#budget/budget.ts";
import { limitsOf } from "#budget/limits.ts";
import { platformWith } from "../support/platform.ts";

/** A process that has used 1,001 business units; what it says it knows of one when it asks for it. */
async function openCase(idleMs: number) {
  const clock = { now: 0 };
  let known = "";
  const shared = {
    async ask(_: unknown, asking: { need: number; known: string }) {
      known = asking.known;
      return { granted: asking.need, waitMs: 0, pauseMs: 0, name: "a bucket" };
    },
  };
  const platform = platformWith({ monotonic: () => clock.now });
  const budget = openBudget({ shared, platform, limits: limitsOf(300, 60_000) });
  const ask = async (mid: number) => {
    await budget.reserve({ tenantId: "t", mid }, "previews", 1, { patienceMs: 1000 });
    return known;
  };
  for (let mid = 1; mid <= 1000; mid += 1) await ask(mid);
  clock.now += idleMs;
  await ask(1001);
  return { ask };
}

test("a process forgets the unit it used longest ago when it has used more than 1,000", async () => {
  const { ask } = await openCase(60_001);
  expect([await ask(2), await ask(1)]).toEqual(["a bucket", ""]);
});

test("a process forgets no unit that it has used within the last minute", async () => {
  const { ask } = await openCase(60_000);
  expect(await ask(1)).toBe("a bucket");
});
