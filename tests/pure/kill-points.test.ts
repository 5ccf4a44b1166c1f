import { expect, test } from "vitest";
import { failPointNames } from "../../src/queue-bridge/fail-point.ts";
import { everywhere, inCrowd, inHealing } from "../bridge/support/kill-points.ts";

test("a bridge is killed at every fail point that there is", () => {
  const tried = new Set([...Object.values(everywhere).flat(), ...Object.values(inCrowd), inHealing]);
  expect([...tried].toSorted()).toEqual(failPointNames.toSorted());
});
