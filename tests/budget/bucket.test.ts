import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { take } from "#budget/bucket.ts";
import { floorOf, type CallClass } from "#budget/call-class.ts";
import { limitsAlone, limitsOf } from "#budget/limits.ts";

const minuteMs = 60_000;
const limits = limitsOf(300, minuteMs);

describe("limitsOf()", () => {
  it("makes a bucket of 60 that fills by about 4 a second out of 300 calls a minute", () => {
    expect(limits.capacity).toBe(60);
    expect(limits.rate * 1000).toBeGreaterThan(3.8);
    expect(limits.rate * 1000).toBeLessThanOrEqual(4);
    expect(limits.lapseMs).toBeLessThanOrEqual(2000);
  });

  it("leaves a process that is alone a tenth", () => {
    const alone = limitsAlone(limits);
    expect(alone.capacity + alone.rate * minuteMs).toBeLessThanOrEqual(30);
  });
});

describe("take()", () => {
  const asks = fc.array(
    fc.record({ after: fc.nat({ max: 4000 }), need: fc.integer({ min: 1, max: 6 }), more: fc.nat({ max: 9 }) }),
    { minLength: 1, maxLength: 200 },
  );
  const budgets = fc.constantFrom(10, 60, 300, 1000);

  it("never gives more than the budget in any minute, units that are used two seconds late included", () => {
    fc.assert(
      fc.property(budgets, asks, (budget, story) => {
        const { capacity, rate } = limitsOf(budget, minuteMs);
        let now = 0;
        let bucket = { level: capacity, at: 0 };
        const given: { at: number; units: number }[] = [];
        for (const { after, need, more } of story) {
          now += after;
          const wish = { need: Math.min(need, capacity), want: need + more, floor: 0 };
          const { bucket: next, granted } = take(bucket, wish, { capacity, rate }, now);
          bucket = next;
          given.push({ at: now, units: granted });
        }
        for (const { at } of given) {
          const used = given.filter((one) => one.at >= at - 2000 && one.at < at + minuteMs);
          expect(used.reduce((sum, { units }) => sum + units, 0)).toBeLessThanOrEqual(budget + 1e-6);
        }
      }),
    );
  });

  it("says when to ask again, neither too early nor too late", () => {
    const empty = { level: 0, at: 0 };
    const wish = { need: 1, want: 1, floor: 0 };
    const { granted, waitMs } = take(empty, wish, limits, 0);
    expect(granted).toBe(0);
    expect(take(empty, wish, limits, waitMs - 2).granted).toBe(0);
    expect(take(empty, wish, limits, waitMs).granted).toBe(1);
  });

  it("gives what is wanted beyond need only while the bucket is more than half full", () => {
    const wish = { need: 1, want: 10, floor: 0 };
    expect(take({ level: 60, at: 0 }, wish, limits, 0).granted).toBe(10);
    expect(take({ level: 41, at: 0 }, wish, limits, 0).granted).toBe(6);
    expect(take({ level: 31, at: 0 }, wish, limits, 0).granted).toBe(1);
    expect(take({ level: 1, at: 0 }, wish, limits, 0).granted).toBe(1);
  });

  it("lets the more urgent classes go on where the others wait", () => {
    const urgent: CallClass[] = ["ends", "pages", "starts", "new-runs", "checks", "previews"];
    for (let level = 0; level <= 60; level += 1) {
      const let_ = urgent.map((callClass) => {
        const wish = { need: 1, want: 1, floor: floorOf(callClass, limits.capacity) };
        return take({ level, at: 0 }, wish, limits, 0).granted;
      });
      expect(let_).toEqual(let_.toSorted((one, other) => other - one));
    }
    const floor = floorOf("previews", limits.capacity);
    expect(take({ level: 60, at: 0 }, { need: 1, want: 1, floor }, limits, 0).granted).toBe(1);
  });

  it("never lets anybody wait for more than a full bucket", () => {
    const wish = { need: 6, want: 6, floor: 1000 };
    expect(take({ level: 60, at: 0 }, wish, limits, 0).granted).toBe(6);
  });
});
