import { expect, test } from "vitest";
import { openBudget } from "#budget/budget.ts";
import { openGates } from "#budget/gates.ts";
import { limitsOf } from "#budget/limits.ts";
import type { SharedBucket } from "#budget/shared-bucket.ts";
import { platformWith } from "../support/platform.ts";

test.each([20, 40, 120, 300, 2000])(
  "reserve() lets no call out that no bucket has a unit for, at %s a minute",
  async (perMinute) => {
    let units = 0;
    const shared: SharedBucket = {
      async ask(_, { need }) {
        units += need;
        return { granted: need, waitMs: 0, pauseMs: 0, name: "one" };
      },
    };
    const limits = limitsOf(perMinute, 60_000);
    const platform = platformWith();
    const budget = openBudget({ shared, platform, limits });
    const unit = { tenantId: "t", mid: 1 };
    const gates = openGates({ budget, platform, unit, limits, patienceMs: () => 1000, brakeMs: 5000 });
    expect(await gates.reserve("new-runs", 4)).toBeUndefined();
    for (let calls = 1; calls <= 6; calls += 1) {
      expect((await gates.gate("starts").enter({ name: "a call" })).ok).toBe(true);
      expect(units).toBeGreaterThanOrEqual(calls);
    }
    expect(units).toBe(6);
  },
);
