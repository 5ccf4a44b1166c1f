import { describe, expect, it } from "vitest";
import { err, ok } from "#lang/result.ts";
import { lookUp } from "#inspect/look-up.ts";
import { rejected, unavailable, type Answer, type MceFailure } from "#mce/failure.ts";

const tooDeep = rejected("Error", "Some part of your SQL statement is nested too deeply.");
const door = rejected("HTTP 400", "MCE refuses SOAP Retrieve DataExtensionField");
const forbidden = err<MceFailure>({ kind: "forbidden", retry: "never", message: "API Permission Failed." });
const busy = err<MceFailure>({ kind: "throttled", retry: "later", waitMs: 1000, message: "Rate Limited" });
const away = unavailable("none", "MCE does not answer");

type Refuses = (keys: readonly string[] | "all") => Answer<never> | undefined;

/** Looks up keys where MCE has `a` to `e`, and tells what was found, what was refused and what was asked. */
async function story(keys: readonly string[], refuses: Refuses) {
  const asked: string[] = [];
  const there = ["A", "b", "c", "d", "e"];
  const answerTo = (ask: readonly string[] | "all"): Answer<readonly string[]> => {
    asked.push(ask === "all" ? "all" : ask.join("+"));
    const known = ask === "all" ? there : there.filter((key) => ask.includes(key.toLowerCase()));
    return refuses(ask) ?? ok(known);
  };
  const some = (ask: readonly string[]) => Promise.resolve(answerTo(ask));
  const all = () => Promise.resolve(answerTo("all"));
  const found = await lookUp(keys, { some, all, keyOf: (key) => key }, async () => void asked.push("pause"));
  if (!found.ok) return { failure: found.error, asked };
  return { values: found.value.values, refused: found.value.refused.map(({ key }) => key), asked };
}

const many: Refuses = (ask) => (ask !== "all" && ask.length > 1 ? tooDeep : undefined);
const filtered: Refuses = (ask) => (ask === "all" ? undefined : tooDeep);

describe("lookUp()", () => {
  it("asks once where MCE answers, and not at all for nothing", async () => {
    expect(await story(["a", "x"], () => undefined)).toEqual({ values: ["A"], refused: [], asked: ["a+x"] });
    expect(await story([], () => tooDeep)).toEqual({ values: [], refused: [], asked: [] });
  });

  it("asks for each key when MCE refuses many in one filter, with a pause before each", async () => {
    expect(await story(["a", "b"], many)).toEqual({
      values: ["A", "b"],
      refused: [],
      asked: ["a+b", "pause", "a", "pause", "b"],
    });
  });

  it("reads everything when MCE refuses any filter, and picks what was asked for", async () => {
    expect(await story(["a"], filtered)).toEqual({ values: ["A"], refused: [], asked: ["a", "pause", "all"] });
    const { values, asked } = await story(["a", "b"], filtered);
    expect([values, asked.at(-1)]).toEqual([["A", "b"], "all"]);
  });

  it("reads everything at once when there are too many keys to ask for each", async () => {
    expect(await story(["a", "b", "c", "d", "e"], many)).toMatchObject({
      values: ["A", "b", "c", "d", "e"],
      asked: ["a+b+c+d+e", "pause", "all"],
    });
  });

  it("keeps what single keys brought, and names those that are refused whatever is asked", async () => {
    const oneIsOdd: Refuses = (ask) => (ask === "all" || ask.includes("b") ? tooDeep : undefined);
    expect(await story(["a", "b"], oneIsOdd)).toMatchObject({ values: ["A"], refused: ["b"] });
  });

  it.each([
    ["refuses everything", () => tooDeep],
    ["lacks the permission", () => forbidden],
    ["refuses the filter and hangs without one", (ask: readonly string[] | "all") => (ask === "all" ? away : tooDeep)],
  ] as const)("is no failure where MCE %s", async (_, refuses) => {
    expect(await story(["a"], refuses)).toEqual({ values: [], refused: ["a"], asked: ["a", "pause", "all"] });
  });

  it.each([
    ["MCE is away", ["a"], () => away, away, 1],
    ["MCE is busy", ["a"], () => busy, busy, 1],
    ["MCE becomes busy", ["a", "b"], (ask: readonly string[] | "all") => (ask.length > 1 ? tooDeep : busy), busy, 3],
    [
      "MCE is busy with everything",
      ["a"],
      (ask: readonly string[] | "all") => (ask === "all" ? busy : tooDeep),
      busy,
      3,
    ],
    ["the request is refused at the door", ["a"], () => door, door, 3],
  ] as const)("fails where %s", async (_, keys, refuses, { error: failure }, count) => {
    const told = await story(keys, refuses);
    expect(told).toMatchObject({ failure });
    expect(told.asked).toHaveLength(count);
  });
});
