import { expect, test } from "vitest";
import { findUnmet } from "../../bench/chaos/demands.ts";
import { faultNames, wholeMs } from "../../bench/chaos/plan.ts";
import { failPointNames } from "../../src/queue-bridge/fail-point.ts";

const ready = { log: [{ status: "queued" }, { status: "ready" }] };
const failed = { log: [{ status: "failed" }] };
const whole = {
  struck: faultNames.map((name) => ({ name })),
  deaths: failPointNames.map((point) => ({ point })),
  history: { runs: [failed, ready] },
};

test("findUnmet() has nothing to say when all faults struck, bridges died at all points and a run got ready", () => {
  expect(findUnmet(whole, wholeMs)).toEqual({ demanded: [], left: [] });
});

test("findUnmet() demands a run that got ready, however short the time was", () => {
  for (const [runs, lengthMs] of [
    [[], 10_000],
    [[], wholeMs],
    [[failed], 10_000],
  ] as const) {
    const demanded = [`none of ${runs.length} runs got ready`];
    expect(findUnmet({ ...whole, history: { runs } }, lengthMs).demanded).toEqual(demanded);
  }
});

test("findUnmet() demands each fault and a death at some point of a whole run, of a shorter one neither", () => {
  const struck = whole.struck.filter(({ name }) => name !== "bridge frozen");
  const idle = { ...whole, struck, deaths: [] };
  expect(findUnmet(idle, wholeMs).demanded).toEqual(['"bridge frozen" never struck', "no bridge died at a fail point"]);
  expect(findUnmet(idle, wholeMs - 1).demanded).toEqual([]);
});

test("findUnmet() tells a point that no bridge died at, and does not demand it", () => {
  const deaths = whole.deaths.filter(({ point }) => point !== "misfit:after");
  const left = ['no bridge died at "misfit:after"'];
  expect(findUnmet({ ...whole, deaths }, wholeMs)).toEqual({ demanded: [], left });
});
