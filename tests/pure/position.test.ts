import { expect, it } from "vitest";
import { followPosition } from "../../src/worker/watch/position.ts";

it("followPosition() tells a place when it changes, asks less and less often, and stops", async () => {
  const places = [3, 3, undefined, 2, 1];
  const told: number[] = [];
  const waits: number[] = [];
  const end = new AbortController();
  const sleep = (ms: number, signal?: AbortSignal) => {
    waits.push(ms);
    return Promise.resolve(signal?.aborted !== true);
  };
  const ask = () => {
    if (places.length === 1) end.abort();
    return Promise.resolve(places.shift());
  };
  await followPosition({ sleep }, ask, (place) => told.push(place), end.signal);
  expect(told).toEqual([3, 2]);
  expect(waits).toEqual(waits.toSorted((one, other) => one - other));
});
