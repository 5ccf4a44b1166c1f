import { expect, test } from "vitest";
import { growthsOf, type Sample } from "../../bench/load/growth.ts";
import { rowsOf } from "../../bench/load/key-families.ts";

const secondMs = 1000;
const sample = (atMs: number, mb: Record<string, number>): Sample => ({ atMs, mb: new Map(Object.entries(mb)) });

test("growthsOf() takes the median of each third, and tells what an hour of the sandbox would bring", () => {
  // Nine seconds at a speed of 400 are an hour, so each third is twenty minutes.
  const bridge = [90, 200, 90, 100, 100, 500, 100, 104, 104, 104];
  const samples = bridge.map((mb, at) => sample(at * secondMs, { bridge: mb, workerd: 50 }));
  expect(growthsOf(samples, 400)).toEqual([
    { name: "bridge", thirds: [90, 100, 104], mbAnHour: 12 },
    { name: "workerd", thirds: [50, 50, 50], mbAnHour: 0 },
  ]);
});

test("growthsOf() leaves out the samples in which a process was not there", () => {
  const samples = [1, 2, 3, 4, 5, 6].map((at) => sample(at * secondMs, at % 2 === 0 ? { redis: at } : {}));
  expect(growthsOf(samples, 1).map(({ thirds }) => thirds)).toEqual([[2, 4, 6]]);
});

test("rowsOf() reads names of keys as the table of what grows writes them", () => {
  const rows = rowsOf("| `sqe:run:{id}:log` | 24 h |\n| `sqe:line:*`, `sqe:lines` | |\n`sqe_runs_total` `npm run sqe`");
  const isBounded = (key: string) => rows.some((row) => row.test(key));
  expect(["sqe:run:r7:log", "sqe:line:t1:7", "sqe:lines"].filter((key) => !isBounded(key))).toEqual([]);
  expect(["sqe:run:r7:trace", "sqe:run:a:b:log", "sqe:line:", "sqe:linesx"].filter(isBounded)).toEqual([]);
});
