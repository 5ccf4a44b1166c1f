import { expect, it } from "vitest";
import { wrongOf, type Journey } from "../../bench/upgrade/judge.ts";

const right: Journey = {
  id: "r1",
  ended: "ready",
  versions: [1, 2, 3],
  version: 3,
  performs: 1,
  applied: 1,
  queries: 0,
  tables: 1,
};
const append: Partial<Journey> = { rowsAdded: 1, tables: 0 };

it("wrongOf() finds nothing wrong in a run that an upgrade did not disturb", () => {
  expect([wrongOf(right), wrongOf({ ...right, ...append })]).toEqual([undefined, undefined]);
});

it.each<[string, Partial<Journey>, string]>([
  ["that failed", { ended: "failed, TIMEOUT" }, "r1: failed, TIMEOUT (performed 1, applied 1 times)"],
  ["performed twice", { performs: 2 }, "r1 was performed 2 times"],
  ["applied twice", { applied: 2 }, "r1 was applied 2 times"],
  ["that added its row twice", { ...append, rowsAdded: 2 }, "r1 added its row 2 times"],
  ["that added no row", { ...append, rowsAdded: 0 }, "r1 added its row 0 times"],
  ["with an event lost", { versions: [1, 3] }, "r1 has 3 versions; its client received 1, 3"],
  ["that left its query", { queries: 1 }, "r1 left its query definition"],
  ["without its rows", { tables: 0 }, "r1 keeps 0 tables instead of 1"],
  ["into a target that keeps a table of ours", { ...append, tables: 1 }, "r1 keeps 1 tables instead of 0"],
])("wrongOf() names a run %s", (_title, change, expected) => {
  expect(wrongOf({ ...right, ...change })).toBe(expected);
});
