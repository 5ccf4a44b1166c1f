import { expect, test } from "vitest";
import { drawPlan, faultNames, type Strike } from "../../bench/chaos/plan.ts";
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

test("drawPlan() has each fault in half an hour, and no process is struck while another one is", () => {
  const strikes = plan(4, 30);
  expect(new Set(strikes.map(({ name }) => name))).toEqual(new Set(faultNames));
  const processes = strikes.filter(({ fault }) => fault.kind === "process" || fault.kind === "empty Redis");
  const endOf = ({ atMs, lastsMs }: Strike) => atMs + lastsMs;
  const overlaps = processes.filter((strike, at) => at > 0 && strike.atMs < endOf(processes[at - 1] ?? strike) + 4000);
  expect(overlaps).toEqual([]);
});

test("drawPlan() has only the faults that are asked for", () => {
  const names = ["Redis paused", "a call answers 429"];
  const strikes = drawPlan(openRandom(5), 5 * minuteMs, names);
  expect(new Set(strikes.map(({ name }) => name))).toEqual(new Set(names));
});
