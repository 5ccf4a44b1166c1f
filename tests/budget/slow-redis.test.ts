import { setImmediate as turn } from "node:timers/promises";
import { expect, it } from "vitest";
import { openBudget } from "#budget/budget.ts";
import { limitsOf } from "#budget/limits.ts";
import { openLine } from "#budget/line.ts";
import { openOwnTurn } from "#budget/own-turn.ts";
import type { SharedBucket } from "#budget/shared-bucket.ts";
import { platformWith } from "../support/platform.ts";

const unit = { tenantId: "tenant-a", mid: 1 };

/** A budget on a clock that only sleeping moves, whose Redis gives no answer to its first questions. */
function openSlow(silences: number, openWaiting: typeof openLine) {
  let now = 0;
  let asked = 0;
  const sleep = async (ms: number) => {
    await turn();
    now += ms;
    return true;
  };
  const shared: SharedBucket = {
    ask() {
      asked += 1;
      if (asked <= silences) return new Promise(() => {});
      return Promise.resolve({ granted: 1, waitMs: 0, pauseMs: 0, name: "bucket" });
    },
  };
  const platform = platformWith({ monotonic: () => now, sleep });
  const budget = openBudget({ shared, platform, limits: limitsOf(300, 60_000), openWaiting });
  return { budget, now: () => now };
}

it.each([
  ["openOwnTurn()", openOwnTurn],
  ["openLine()", openLine],
])("a Redis that is late once delays whoever has 5 s by 3 s, and refuses nobody: %s", async (_name, openWaiting) => {
  const { budget, now } = openSlow(1, openWaiting);
  expect(await budget.reserve(unit, "previews", 1, { patienceMs: 5000 })).toBeUndefined();
  expect(now()).toBeLessThan(3000);
});

it("a Redis that stays silent ends in a refusal that says when it is asked again", async () => {
  const { budget, now } = openSlow(100, openOwnTurn);
  const refused = await budget.reserve(unit, "previews", 1, { patienceMs: 5000 });
  expect(refused).toMatchObject({ kind: "throttled", isHeld: true });
  expect(refused?.kind === "throttled" && refused.waitMs).toBeLessThanOrEqual(2000);
  expect(now()).toBeLessThanOrEqual(5000);
});
