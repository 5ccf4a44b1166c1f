import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Habit } from "../../src/queue-bridge/habit.ts";
import { pollWait } from "../../src/queue-bridge/poll-schedule.ts";

const limits = { pollMinMs: 1000, pollMaxMs: 15_000 };
const middle = 0.5;

test.each([
  [0, 1000],
  [500, 1000],
  [4000, 2000],
  [25_000, 5000],
  [225_000, 15_000],
  [1_740_000, 15_000],
])("pollWait() waits √t: after %i ms it is %i ms", (sinceMs, waitMs) => {
  expect(pollWait(sinceMs, limits, middle)).toBeCloseTo(waitMs, 6);
});

test("pollWait() spreads by 5 % to both sides", () => {
  expect(pollWait(25_000, limits, 0)).toBeCloseTo(4750, 6);
  expect(pollWait(25_000, limits, 1)).toBeCloseTo(5250, 6);
});

test("pollWait() shrinks as a whole under a time scale", () => {
  const scaled = { pollMinMs: 1000 / 60, pollMaxMs: 15_000 / 60 };
  expect(pollWait(25_000 / 60, scaled, middle)).toBeCloseTo(5000 / 60, 6);
});

/** The bounds of DESIGN 7: how long after its end a query is noticed, on average over its length. */
test.each([
  [1000, 1500],
  [5000, 2000],
  [30_000, 4000],
])("pollWait() notices a query of %i ms within %i ms on average", (lengthMs, boundMs) => {
  const lags = Array.from({ length: 200 }, (_, n) => {
    const endsAt = lengthMs * (0.9 + n / 1000);
    let at = 0;
    while (at < endsAt) at += pollWait(at, limits, ((n * 7919) % 100) / 100);
    return at - endsAt;
  });
  expect(lags.reduce((sum, lag) => sum + lag, 0) / lags.length).toBeLessThan(boundMs);
});

/** Mean lag and polls over ends spread by ± 8 % around `seconds`; always the same ends. */
function followed(seconds: number, habit: Habit | undefined): { lag: number; polls: number } {
  const count = 400;
  let lag = 0;
  let polls = 0;
  for (let n = 0; n < count; n += 1) {
    const endsAt = seconds * 1000 * (0.92 + (0.16 * n) / count);
    let at = 0;
    // As follow() does: the first poll is the plain schedule's.
    for (let mine = 0; at < endsAt; mine += 1, polls += 1) {
      at += pollWait(at, limits, ((n * 7919) % 100) / 100, mine === 0 ? undefined : habit);
    }
    lag += (at - endsAt) / 1000;
  }
  return { lag: lag / count, polls: polls / count };
}
const habitOf = (seconds: number, runs: number): Habit => ({ runs, mean: Math.log(seconds), variance: 0.0064 });

test.each([
  [5, 10, 0.7],
  [30, 10, 1.7],
  [180, 10, 4.5],
  [180, 30, 3.3],
])("pollWait() notices a query that took %i s %i times within %f s on average", (seconds, runs, bound) => {
  const learned = followed(seconds, habitOf(seconds, runs));
  const plain = followed(seconds, undefined);
  expect(learned.lag).toBeLessThan(bound);
  expect(learned.lag).toBeLessThan(plain.lag);
  expect(learned.polls).toBeLessThan(plain.polls);
});

test.each([
  [10, 180, 8],
  [180, 10, 7.5],
  [180, 30, 10],
  [1200, 60, 9],
])("pollWait(): a habit of %i s costs a query of %i s little", (says, seconds, bound) => {
  expect(followed(seconds, habitOf(says, 30)).lag).toBeLessThan(bound);
});

test("pollWait() is never later than three times the plain schedule, nor sooner than its shortest wait, whatever the habit", () => {
  const habits = fc.record({
    runs: fc.double({ min: 0.01, max: 1000, noNaN: true }),
    mean: fc.double({ min: -10, max: 12, noNaN: true }),
    variance: fc.double({ min: 0, max: 20, noNaN: true }),
  });
  const ats = fc.double({ min: 0, max: 1_740_000, noNaN: true });
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(habits, ats, random, (habit, at, chance) => {
      const learned = pollWait(at, limits, chance, habit);
      expect(learned).toBeLessThanOrEqual(3 * pollWait(at, limits, chance) + 1e-6);
      expect(learned).toBeLessThanOrEqual(1.05 * limits.pollMaxMs);
      expect(learned).toBeGreaterThanOrEqual(0.95 * limits.pollMinMs);
    }),
    { numRuns: 5000 },
  );
});

test("pollWait() trusts one run little and forgets a habit a query has outlived", () => {
  expect(pollWait(900_000, limits, middle, habitOf(5, 30))).toBeCloseTo(15_000, 3);
  const first = pollWait(0, limits, middle, habitOf(5, 1));
  expect(first).toBeGreaterThan(1000);
  expect(first).toBeLessThanOrEqual(3000);
});
