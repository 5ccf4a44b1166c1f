import { expect, it } from "vitest";
import { openOwnTurn } from "#budget/own-turn.ts";
import { platformWith } from "../support/platform.ts";

const open = (answers: readonly { granted: number; waitMs: number }[], isPaused = () => false) => {
  let now = 0;
  const slept: number[] = [];
  const sleep = (ms: number) => {
    slept.push(ms);
    now += ms;
    return Promise.resolve(true);
  };
  const left = [...answers];
  const ask = () => Promise.resolve(left.shift() ?? { granted: 1, waitMs: 0 });
  const line = openOwnTurn({ platform: platformWith({ monotonic: () => now, sleep }), lapseMs: 1000, isPaused, ask });
  return { line, slept, left };
};

it("openOwnTurn() has every caller ask for itself, so that none waits for a request that may have ended", async () => {
  const answers = [new Promise<never>(() => {}), Promise.resolve({ granted: 1, waitMs: 0 })];
  // The request of the first caller has ended, and what it asked never comes.
  const ask = () => answers.shift() ?? Promise.reject(new Error("asked too often"));
  const line = openOwnTurn({ platform: platformWith(), lapseMs: 1000, isPaused: () => false, ask });
  void line.wait(1, { patienceMs: 5000 });
  expect(await line.wait(1, { patienceMs: 5000 })).toBeUndefined();
});

it("openOwnTurn() waits as long as it is told, and asks again", async () => {
  const { line, slept, left } = open([
    { granted: 0, waitMs: 300 },
    { granted: 1, waitMs: 0 },
  ]);
  expect(await line.wait(1, { patienceMs: 5000 })).toBeUndefined();
  expect([slept, left]).toEqual([[300], []]);
});

it("openOwnTurn() refuses at once when the wait would be longer than the patience", async () => {
  const { line, slept } = open([{ granted: 0, waitMs: 6000 }]);
  expect(await line.wait(1, { patienceMs: 5000 })).toMatchObject({ kind: "throttled", waitMs: 6000, isHeld: true });
  expect(slept).toEqual([]);
});

it("openOwnTurn() ends with its caller", async () => {
  const { line } = open([]);
  expect(await line.wait(1, { patienceMs: 1, signal: AbortSignal.abort() })).toMatchObject({ kind: "aborted" });
});
