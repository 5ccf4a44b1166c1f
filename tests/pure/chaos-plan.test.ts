import { expect, test } from "vitest";
import { drawPlan, faultNames, wholeMs, type Strike } from "../../bench/chaos/plan.ts";
import { openRandom } from "../../sandbox/random.ts";

const minuteMs = 60_000;
const plan = (seed: number, minutes: number) => drawPlan(openRandom(seed), minutes * minuteMs);

test("drawPlan() draws the same for the same seed, and something else for another", () => {
  expect(plan(1, 5)).toEqual(plan(1, 5));
  expect(plan(1, 5)).not.toEqual(plan(2, 5));
});

test("drawPlan() is in order, and all of it ends in its time", () => {
  const strikes = plan(3, 5);
  expect(strikes.map(({ atMs }) => atMs)).toEqual(
    strikes.map(({ atMs }) => atMs).toSorted((one, other) => one - other),
  );
  expect(strikes.every(({ atMs, lastsMs }) => atMs + lastsMs <= 5 * minuteMs)).toBe(true);
});

test("drawPlan() has each fault in a whole run, whatever the seed", () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const struck = new Set(drawPlan(openRandom(seed), wholeMs).map(({ name }) => name));
    expect(
      faultNames.filter((name) => !struck.has(name)),
      `seed ${seed}`,
    ).toEqual([]);
  }
});

test("drawPlan() freezes a bridge for 30 s and pauses Redis for 10 s once in a whole run, not in a shorter one", () => {
  const longest = (lengthMs: number, fault: string) =>
    Math.max(...drawPlan(openRandom(6), lengthMs, [fault]).map(({ lastsMs }) => lastsMs));
  expect([longest(wholeMs, "bridge frozen"), longest(wholeMs, "Redis paused")]).toEqual([30_000, 10_000]);
  expect(longest(wholeMs - 1, "bridge frozen")).toBeLessThan(30_000);
});

test("drawPlan() strikes no process while another one is struck, or is not back yet", () => {
  const strikes = plan(4, 30);
  const kinds = new Set(["process", "empty Redis", "restart Redis"]);
  const processes = strikes.filter(({ fault }) => kinds.has(fault.kind));
  const endOf = ({ atMs, lastsMs }: Strike) => atMs + lastsMs;
  const overlaps = processes.filter((strike, at) => at > 0 && strike.atMs < endOf(processes[at - 1] ?? strike) + 4000);
  expect(overlaps).toEqual([]);
});

test("drawPlan() has only the faults that are asked for", () => {
  const names = ["Redis paused", "a call answers 429"];
  const strikes = drawPlan(openRandom(5), 5 * minuteMs, names);
  expect(new Set(strikes.map(({ name }) => name))).toEqual(new Set(names));
});
