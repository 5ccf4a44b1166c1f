import { expect, test } from "vitest";
import { Mid, TenantId } from "#protocol/ids.ts";
import { openRefusedLooks } from "../../src/queue-bridge/business-unit/refused-looks.ts";

const tenantId = TenantId.parse("a0000000-0000-4000-8000-00000000000a");
const unit = (mid: number) => ({ tenantId, mid: Mid.parse(mid) });

test("refused looks are remembered of ten thousand business units, the newest ones", () => {
  const looks = openRefusedLooks(() => 0);
  for (let mid = 1; mid <= 10_001; mid += 1) looks.remember(unit(mid));
  expect([1, 2, 10_001].map((mid) => looks.has(unit(mid)))).toEqual([false, true, true]);
});
