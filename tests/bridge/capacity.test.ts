import { expect, test } from "vitest";
import { openCapacity } from "../../src/queue-bridge/run/capacity.ts";

test("waits are long while there is capacity, and short while more than half of the places are taken", () => {
  const capacity = openCapacity(4, { inProcessWaitMs: 16_000, shortWaitMs: 5000 });
  expect(capacity.longestWaitMs()).toBe(16_000);
  const release = [capacity.take(), capacity.take()];
  expect(capacity.longestWaitMs()).toBe(16_000);
  release.push(capacity.take());
  expect(capacity.longestWaitMs()).toBe(5000);
  for (const one of release) one();
  expect(capacity.longestWaitMs()).toBe(16_000);
});

test("a wait in process that is shorter than a short one stays so in a crowd", () => {
  const capacity = openCapacity(1, { inProcessWaitMs: 100, shortWaitMs: 5000 });
  capacity.take();
  expect(capacity.longestWaitMs()).toBe(100);
});
