import { expect, test } from "vitest";
import { makeChaos } from "../../bench/chaos/chaos.ts";
import { stepNames } from "../../bench/chaos/stays.ts";
import { lineOf } from "../../bench/history/check.ts";

test("forty seconds of faults in all parts: nothing is lost, nothing done twice, nothing left", async () => {
  const options = { seed: 5, lengthMs: 40_000, people: 8, say: () => undefined };
  const { findings, history, struck, meetings } = await makeChaos(options);
  expect(findings.map(lineOf)).toEqual([]);
  expect(struck.length).toBeGreaterThan(10);
  // Each of the people has come to an end at least once.
  expect(history.runs.length).toBeGreaterThanOrEqual(8);
  expect(stepNames.filter((step) => meetings.every((met) => met[step] === 0))).toEqual([]);
}, 500_000);
