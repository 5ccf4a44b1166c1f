import { expect, test } from "vitest";
import { makeChaos } from "../../bench/chaos/chaos.ts";
import { lineOf } from "../../bench/history/check.ts";

test("forty seconds of faults in all parts: nothing is lost, nothing done twice, nothing left", async () => {
  const { findings, history, struck } = await makeChaos({ seed: 5, lengthMs: 40_000, people: 8, say: () => undefined });
  expect(findings.map(lineOf)).toEqual([]);
  expect(struck.length).toBeGreaterThan(10);
  // Each of the people has come to an end at least once.
  expect(history.runs.length).toBeGreaterThanOrEqual(8);
}, 500_000);
