import { expect, test } from "vitest";
import { scriptOf } from "./support/scripts.ts";
import { trySeeds } from "./support/seeds.ts";
import { simulate } from "./support/simulate.ts";

// `npm run simulate` plays as many as are asked for.
test("two bridges, ten runs and everything that goes wrong: every invariant holds", async () => {
  expect(await trySeeds(1, 300)).toBe("");
}, 900_000);

test("a seed gives the same history every time", async () => {
  const [first, again] = [await simulate(scriptOf(7)), await simulate(scriptOf(7))];
  expect(again.print()).toBe(first.print());
});
