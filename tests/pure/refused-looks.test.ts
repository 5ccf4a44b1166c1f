import { expect, test } from "vitest";
import { openRefusedLooks } from "../../src/queue-bridge/business-unit/refused-looks.ts";

test("refused looks are remembered of ten thousand business units, the newest ones", () => {
  const looks = openRefusedLooks(() => 0);
  for (let mid = 0; mid <= 10_000; mid += 1) looks.remember({ tenantId: "t", mid });
  expect([0, 1, 10_000].map((mid) => looks.has({ tenantId: "t", mid }))).toEqual([false, true, true]);
});
