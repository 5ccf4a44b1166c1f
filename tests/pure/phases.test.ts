import { expect, test } from "vitest";
import { openPhaseClock } from "../../src/queue-bridge/metrics/phases.ts";

const first = { epoch: 1, task: "run", now: 5000, createdAt: 2000 } as const;
const grant = { n: 1, nonce: "n", at: 9000, state: "performed" } as const;

test("openPhaseClock() measures every phase of a run that one start takes to its end", () => {
  const clock = openPhaseClock(first);
  const passed = [
    clock.queued,
    clock.report("planned", 6000),
    clock.report("noted", 6500),
    clock.report("performed", 7000),
    clock.report("confirming", 17_000),
    clock.report("ready", 18_000),
  ];
  expect(passed).toEqual([
    { phase: "queued", ms: 3000 },
    undefined,
    undefined,
    { phase: "preparing", ms: 2000 },
    { phase: "executing", ms: 10_000 },
    { phase: "confirming", ms: 1000 },
  ]);
});

test("openPhaseClock() begins to prepare anew with a second shell", () => {
  const clock = openPhaseClock(first);
  clock.report("performed", 7000);
  expect(clock.report("misfit", 9000)).toEqual({ phase: "executing", ms: 2000 });
  expect(clock.report("performed", 9500)).toEqual({ phase: "preparing", ms: 500 });
});

test("openPhaseClock() of a later start measures the execution from its grant, and no wait in the queue", () => {
  const clock = openPhaseClock({ ...first, epoch: 3, now: 60_000, grant });
  expect(clock.queued).toBeUndefined();
  expect(clock.report("confirming", 69_000)).toEqual({ phase: "executing", ms: 60_000 });
  expect(clock.report("ready", 69_500)).toEqual({ phase: "confirming", ms: 500 });
});

test("openPhaseClock() of a later start does not guess when an earlier one began to prepare or to confirm", () => {
  expect(openPhaseClock({ ...first, epoch: 2 }).report("performed", 9000)).toBeUndefined();
  expect(openPhaseClock({ ...first, epoch: 2, grant }).report("ready", 99_000)).toBeUndefined();
});

test("openPhaseClock() measures nothing for a clean-up, and a run that fails in its phase", () => {
  expect(openPhaseClock({ ...first, task: "cleanup" }).queued).toBeUndefined();
  expect(openPhaseClock(first).report("failed", 6000)).toEqual({ phase: "preparing", ms: 1000 });
});
