import { expect, test } from "vitest";
import { trySeeds } from "./support/seeds.ts";

test("everything that goes wrong, in 300 more histories: every invariant holds", async () => {
  expect(await trySeeds(1001, 300)).toBe("");
}, 1_200_000);
