import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readSettings } from "#protocol/settings.ts";
import type { UsualDuration } from "../../src/queue-bridge/verdict/usual-duration.ts";
import { atTheEnd, pollWait, whileRunning } from "../../src/queue-bridge/verdict/poll-schedule.ts";

const limits = { pollMinMs: 1000, pollMaxMs: 15_000 };
const { firstPollMs } = readSettings({});
const middle = 0.5;

test.each([
  [0, 1000],
  [500, 1000],
  [4000, 2000],
  [25_000, 5000],
  [225_000, 15_000],
  [1_740_000, 15_000],
])("pollWait() at the end waits √t: after %i ms it is %i ms", (sinceMs, waitMs) => {
  expect(pollWait(sinceMs, limits, middle, atTheEnd)).toBeCloseTo(waitMs, 6);
});

test.each([
  [1500, 3900],
  [25_000, 7000],
  [100_000, 14_000],
  [225_000, 15_000],
])("pollWait() while it runs waits 1.4 √t, and 3.9 s at least: after %i ms it is %i ms", (sinceMs, waitMs) => {
  expect(pollWait(sinceMs, limits, middle, whileRunning)).toBeCloseTo(waitMs, 6);
});

test("pollWait() spreads by 5 % to both sides", () => {
  expect(pollWait(25_000, limits, 0, atTheEnd)).toBeCloseTo(4750, 6);
  expect(pollWait(25_000, limits, 1, atTheEnd)).toBeCloseTo(5250, 6);
});

test("pollWait() shrinks as a whole under a time scale", () => {
  const scaled = { pollMinMs: 1000 / 60, pollMaxMs: 15_000 / 60 };
  expect(pollWait(25_000 / 60, scaled, middle, atTheEnd)).toBeCloseTo(5000 / 60, 6);
});

/** The bounds of DESIGN 7: how long after its end a query is noticed, on average over its length. */
test.each([
  [1000, 1500],
  [5000, 2000],
  [30_000, 4000],
])("pollWait() notices a query of %i ms within %i ms on average", (lengthMs, boundMs) => {
  const lags = Array.from({ length: 200 }, (_, n) => {
    const endsAt = lengthMs * (0.9 + n / 1000);
    let at = firstPollMs;
    while (at < endsAt) at += pollWait(at, limits, ((n * 7919) % 100) / 100, whileRunning);
    return at - endsAt;
  });
  expect(lags.reduce((sum, lag) => sum + lag, 0) / lags.length).toBeLessThan(boundMs);
});

/** The bounds of DESIGN 9 leave so many polls: table, query, check, Perform, the end (one more question, the rows), clean-up. */
test.each([
  [5, 2],
  [30, 8],
  [180, 20],
])("pollWait() polls a query of %i s at most %i times without a usual duration", (seconds, most) => {
  for (const chance of [0, 0.25, 0.5, 0.75, 0.999]) {
    let polls = 1;
    // Perform is answered a little later than it is granted, and the query begins then.
    for (let at = firstPollMs; at < seconds * 1000 + 50; polls += 1) at += pollWait(at, limits, chance, whileRunning);
    expect(polls).toBeLessThanOrEqual(most);
  }
});

/** Mean lag and polls over ends spread by ± 8 % around `seconds`; always the same ends. */
function followed(seconds: number, usual: UsualDuration | undefined): { lag: number; polls: number } {
  const count = 400;
  let lag = 0;
  let polls = 0;
  for (let n = 0; n < count; n += 1) {
    const endsAt = seconds * 1000 * (0.92 + (0.16 * n) / count);
    // As follow() does: no usual duration delays the first poll.
    let at = firstPollMs;
    polls += 1;
    for (; at < endsAt; polls += 1) at += pollWait(at, limits, ((n * 7919) % 100) / 100, whileRunning, usual);
    lag += (at - endsAt) / 1000;
  }
  return { lag: lag / count, polls: polls / count };
}
const usualOf = (seconds: number, runs: number): UsualDuration => ({ runs, mean: Math.log(seconds), variance: 0.0064 });

test.each([
  [5, 10, 0.7],
  [30, 10, 1.7],
  [180, 10, 4.5],
  [180, 30, 3.3],
])("pollWait() notices a query that took %i s %i times within %f s on average", (seconds, runs, bound) => {
  const learned = followed(seconds, usualOf(seconds, runs));
  const plain = followed(seconds, undefined);
  expect(learned.lag).toBeLessThan(bound);
  // At 5 s the second poll of the plain schedule comes at the right time already.
  expect(learned.lag).toBeLessThan(plain.lag + 0.1);
  expect(learned.polls).toBeLessThan(plain.polls + 1);
});

test.each([
  [10, 180, 8],
  [180, 10, 7.5],
  [180, 30, 10],
  [1200, 60, 9],
])("pollWait(): a usual duration of %i s costs a query of %i s little", (says, seconds, bound) => {
  expect(followed(seconds, usualOf(says, 30)).lag).toBeLessThan(bound);
});

test("pollWait() stays between its shortest wait and twice the plain schedule, whatever the usual duration", () => {
  const durations = fc.record({
    runs: fc.double({ min: 0.01, max: 1000, noNaN: true }),
    mean: fc.double({ min: -10, max: 12, noNaN: true }),
    variance: fc.double({ min: 0, max: 20, noNaN: true }),
  });
  const ats = fc.double({ min: 0, max: 1_740_000, noNaN: true });
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(durations, ats, random, (usual, at, chance) => {
      const learned = pollWait(at, limits, chance, whileRunning, usual);
      expect(learned).toBeLessThanOrEqual(2 * pollWait(at, limits, chance, whileRunning) + 1e-6);
      expect(learned).toBeLessThanOrEqual(1.05 * limits.pollMaxMs);
      expect(learned).toBeGreaterThanOrEqual(0.95 * limits.pollMinMs);
    }),
    { numRuns: 5000 },
  );
});

test("pollWait() trusts one run little and ignores a usual duration that a query has exceeded", () => {
  expect(pollWait(900_000, limits, middle, whileRunning, usualOf(5, 30))).toBeCloseTo(15_000, 3);
  const first = pollWait(firstPollMs, limits, middle, whileRunning, usualOf(5, 1));
  expect(first).toBeGreaterThan(1000);
  expect(first).toBeLessThanOrEqual(3900);
});
