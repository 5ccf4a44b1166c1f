import { expect, it } from "vitest";
import { keptFor } from "#lang/kept-for.ts";

it("keptFor() keeps a value for its time and no longer", () => {
  let now = 0;
  const kept = keptFor<string>(1000, () => now);
  kept.set("a", "one");
  now = 999;
  expect(kept.get("a")).toBe("one");
  now = 1000;
  expect(kept.get("a")).toBeUndefined();
});

it("keptFor() forgets every key that begins like the one given, and no other", () => {
  const kept = keptFor<number>(1000, () => 0);
  for (const [at, key] of ["t/1/", "t/1/a", "t/12/"].entries()) kept.set(key, at);
  kept.forget("t/1/");
  expect(["t/1/", "t/1/a", "t/12/"].map((key) => kept.get(key))).toEqual([undefined, undefined, 2]);
});

it("keptFor() holds no more than its bound: what was set first goes first, and a heavy entry alone stays", () => {
  const kept = keptFor<number>(1000, () => 0, { max: 10, weightOf: (weight) => weight });
  const held = () => ["a", "b", "c", "d"].filter((key) => kept.get(key) !== undefined);
  kept.set("a", 4);
  kept.set("b", 4);
  kept.set("a", 2);
  kept.set("c", 4);
  expect(held()).toEqual(["a", "b", "c"]);
  kept.set("d", 1);
  expect(held()).toEqual(["a", "c", "d"]);
  kept.set("d", 11);
  expect(held()).toEqual(["d"]);
  kept.set("a", 1);
  expect(held()).toEqual(["a"]);
});
