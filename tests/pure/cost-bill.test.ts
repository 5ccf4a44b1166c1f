import { expect, test } from "vitest";
import { billOf, type Habit, type Use } from "../../bench/cost/bill.ts";
import { prices } from "../../bench/cost/prices.ts";

const use: Use = {
  workerRequests: 20,
  workerCpuMs: 50,
  objectRequests: 26,
  objectActiveMs: 500,
  objectRowsWritten: 60,
  redisCommands: 40,
  redisCommandsIdleMinute: 65,
  postgresQueries: 6,
  postgresBytes: 2000,
  bridgeCpuMs: 60,
};
const habit: Habit = { runs: 1_000_000, bridges: 1, workDays: 22, workHours: 10, computeUnits: 0.25, keptDays: 90 };

function lineOf(what: string, overrides: Partial<Habit> = {}) {
  const found = billOf(use, { ...habit, ...overrides }).find((item) => item.what.startsWith(what));
  return found ?? expect.unreachable(`no line ${what}`);
}

test("billOf() charges what is beyond the included amount only", () => {
  expect(lineOf("Worker requests").usd).toBeCloseTo((20e6 + 730 * 31 - 10e6) * (0.3 / 1e6), 6);
  expect(lineOf("Worker and object CPU").usd).toBeCloseTo((50e6 - 30e6) * (0.02 / 1e6), 6);
  expect(lineOf("object requests").usd).toBeCloseTo(25e6 * (0.15 / 1e6), 6);
  expect(lineOf("object duration").usd).toBe(0);
  expect(lineOf("object rows").usd).toBeCloseTo(10, 6);
  expect(lineOf("Worker requests", { runs: 1000 }).usd).toBe(0);
});

test("billOf() takes the cheaper of Upstash's plans, and counts the commands of idle bridges", () => {
  const one = lineOf("commands", { runs: 0 });
  expect([one.what, one.amount]).toEqual(["commands, as you go", 65 * 60 * 730 + 730 * 30]);
  expect(one.usd).toBeCloseTo((one.amount * 0.2) / 100e3, 6);
  const two = lineOf("commands", { runs: 0, bridges: 2 });
  expect([two.what, two.usd]).toEqual(["commands, fixed plan", prices.upstash.fixed]);
});

test("billOf() lets Postgres sleep outside of working hours, but for five minutes an hour", () => {
  const busy = 22 * (10 + 3 + 5 / 60);
  expect(lineOf("compute").amount).toBeCloseTo((busy + (730 - busy) / 12) * 0.25, 6);
  expect(lineOf("compute", { workDays: 0 }).amount).toBeCloseTo((730 / 12) * 0.25, 6);
  expect(lineOf("storage").amount).toBeCloseTo((1e6 * 90 * 24 * 2000) / 730 / 1e9, 6);
});
