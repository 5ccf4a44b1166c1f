import { expect, test } from "vitest";
import type { CanaryKind } from "../flow/zero-data/canary.ts";
import { filled, isClean, judge, seeing, type Found } from "../flow/zero-data/judge.ts";

const hit = (sink: string, kind: CanaryKind): Found => ({ sink, kind, text: "qabc", place: "somewhere", form: "raw" });
/** What every proof finds: an id of a run in each sink that has them. */
const ids = seeing.map((sink) => hit(sink, "run id"));
const read = new Map(filled.map((sink) => [sink, 1]));

test("judge() finds nothing wrong where each sink shows an id or something that was read", () => {
  const names = hit("Redis stream", "column name");
  const verdict = judge([...ids, names], read);
  expect([verdict, isClean(verdict)]).toEqual([{ strays: [], blind: [] }, true]);
});

test.each<[string, CanaryKind]>([
  ["log of the bridge", "row value"],
  ["log of the bridge", "column name"],
  ["Redis stream", "SQL literal"],
  ["log of the sandbox", "bearer token"],
  ["temporary files", "secret"],
])("judge() of a proof that found in %s: %s is not clean, and says where", (sink, kind) => {
  const stray = hit(sink, kind);
  const verdict = judge([...ids, stray], read);
  expect([verdict, isClean(verdict)]).toEqual([{ strays: [stray], blind: [] }, false]);
});

test.each(seeing)("judge() calls a sink without an id of a run blind, whatever else is in it: %s", (sink) => {
  const others = ids.filter((found) => found.sink !== sink);
  const verdict = judge([...others, hit(sink, "column name")], new Map([...read, [sink, 7]]));
  expect([verdict.blind, isClean(verdict)]).toEqual([[sink], false]);
});

test.each(filled)("judge() calls a sink in which nothing was read blind: %s", (sink) => {
  const verdict = judge(ids, new Map([...read].filter(([name]) => name !== sink)));
  expect([verdict, isClean(verdict)]).toEqual([{ strays: [], blind: [sink] }, false]);
});
