import { expect, it } from "vitest";
import { wrongOf, type Witnessed } from "../../bench/crowd/judge.ts";

const right: Witnessed = {
  id: "r1",
  ended: "ready",
  versions: [1, 2, 3],
  version: 3,
  performs: 1,
  queries: 0,
  tables: 1,
};

it("wrongOf() finds nothing wrong in a run that was watched completely", () => {
  expect(wrongOf(right)).toBeUndefined();
});

it.each<[string, Partial<Witnessed>, string]>([
  ["that failed", { ended: "failed, TIMEOUT: too long" }, "r1: failed, TIMEOUT: too long"],
  ["performed twice", { performs: 2 }, "r1 was performed 2 times"],
  ["with a first event lost", { versions: [2, 3] }, "r1 has 3 versions; its client received 2, 3"],
  ["with an event lost between", { versions: [1, 3] }, "r1 has 3 versions; its client received 1, 3"],
  ["with a last event lost", { versions: [1, 2] }, "r1 has 3 versions; its client received 1, 2"],
  ["with an event received twice", { versions: [1, 2, 2, 3] }, "r1 has 3 versions; its client received 1, 2, 2, 3"],
  ["with events out of order", { versions: [2, 1, 3] }, "r1 has 3 versions; its client received 2, 1, 3"],
  ["that left its query", { queries: 1 }, "r1 left its query definition"],
  ["without its rows", { tables: 0 }, "r1 keeps its rows in 0 data extensions"],
])("wrongOf() names a run %s", (_title, change, expected) => {
  expect(wrongOf({ ...right, ...change })).toBe(expected);
});
