import { expect, test } from "vitest";
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
