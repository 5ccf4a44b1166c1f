import { expect, test } from "vitest";
import { describeRows } from "../../src/queue-bridge/into-target/row-count.ts";

test.each([
  [
    "append",
    1000,
    1204,
    '"T" had 1,000 rows before, has 1,204 now: 204 more, which are the query\'s unless someone else wrote to it in the meantime',
  ],
  [
    "append",
    1,
    1,
    '"T" had 1 row before, has 1 now: the query has added none so far, unless as many were deleted in the meantime',
  ],
  [
    "append",
    0,
    1_234_567,
    '"T" had 0 rows before, has 1,234,567 now: 1,234,567 more, which are the query\'s unless someone else wrote to it in the meantime',
  ],
  [
    "update",
    5,
    5,
    '"T" had 5 rows before, has 5 now: an update may change rows without adding any, so this proves nothing',
  ],
  ["append", 9, 3, '"T" had 9 rows before, has 3 now: someone else writes to it too, so the numbers prove nothing'],
  ["append", 9, undefined, '"T" had 9 rows before'],
] as const)("describeRows() says what the numbers of a target are worth: %s, %s, %s", (mode, before, now, told) => {
  expect(describeRows({ customerKey: "T", mode }, before, now)).toBe(told);
});
