import { expect, test } from "vitest";
import { openRoom } from "../../src/queue-bridge/run/capacity.ts";

test("waits are long while there is room, and short while more than half of the places are taken", () => {
  const room = openRoom(4, { inProcessWaitMs: 16_000, shortWaitMs: 5000 });
  expect(room.longestWaitMs()).toBe(16_000);
  const letGo = [room.take(), room.take()];
  expect(room.longestWaitMs()).toBe(16_000);
  letGo.push(room.take());
  expect(room.longestWaitMs()).toBe(5000);
  for (const one of letGo) one();
  expect(room.longestWaitMs()).toBe(16_000);
});

test("a wait in process that is shorter than a short one stays so in a crowd", () => {
  const room = openRoom(1, { inProcessWaitMs: 100, shortWaitMs: 5000 });
  room.take();
  expect(room.longestWaitMs()).toBe(100);
});
