import { expect, it } from "vitest";
import { shared } from "#async/shared.ts";

it("shared() asks once for callers at the same time, and again when its answer is old", async () => {
  let now = 0;
  let asked = 0;
  const ask = shared(
    () => now,
    () => 1000,
    async () => (asked += 1),
  );
  expect(await Promise.all([ask(), ask()])).toEqual([1, 1]);
  now = 999;
  expect(await ask()).toBe(1);
  now = 1000;
  expect(await ask()).toBe(2);
});

it("shared() keeps each answer as long as it is worth, and a failure not at all", async () => {
  let asked = 0;
  const ask = shared(
    () => 0,
    (answer: number) => (answer === 2 ? 1000 : 0),
    async () => (asked += 1),
  );
  expect(await ask()).toBe(1);
  expect(await ask()).toBe(2);
  expect(await ask()).toBe(2);
  let failing = 0;
  const fail = shared(
    () => 0,
    () => 1000,
    async () => {
      failing += 1;
      throw new Error("not now");
    },
  );
  await expect(fail()).rejects.toThrow("not now");
  await expect(fail()).rejects.toThrow("not now");
  expect(failing).toBe(2);
});
