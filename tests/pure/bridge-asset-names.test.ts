import { expect, test } from "vitest";
import { openAlphabets } from "../../src/queue-bridge/business-unit/alphabets.ts";

test("openAlphabets() remembers each account, and the last 10,000 of them", () => {
  const alphabets = openAlphabets();
  expect(alphabets.isAsciiOnly(1)).toBe(false);
  for (let eid = 1; eid <= 10_001; eid += 1) alphabets.keepToAscii(eid);
  expect([1, 2, 10_001, 10_002].map((eid) => alphabets.isAsciiOnly(eid))).toEqual([false, true, true, false]);
});
