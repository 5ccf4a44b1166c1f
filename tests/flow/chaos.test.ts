import { expect, test } from "vitest";
import { makeChaos } from "../../bench/chaos/chaos.ts";
import { findUnmet } from "../../bench/chaos/demands.ts";
import { lineOf } from "../../bench/history/check.ts";

/** Of this seed: Marketing Cloud answers HTML and 503, the edge's way to Postgres is slow, Redis is emptied. */
const seed = 29;

test("ten seconds of faults in all parts: nothing is lost, nothing done twice, and runs get ready", async () => {
  const lengthMs = 10_000;
  const result = await makeChaos({ seed, lengthMs, people: 4, say: () => undefined });
  expect(result.findings.map(lineOf)).toEqual([]);
  expect(findUnmet(result, lengthMs).demanded).toEqual([]);
  expect(result.struck.map(({ name }) => name)).toEqual([
    "a call answers HTML",
    "a call answers 503",
    "edge → Postgres slow",
    "Redis emptied",
  ]);
  // Each of the people has come to an end at least once.
  expect(result.history.runs.length).toBeGreaterThanOrEqual(4);
  // A run that hangs is waited for through its deadlines: the findings then tell it.
}, 300_000);
