import { EventEmitter } from "node:events";
import { beforeEach, expect, test } from "vitest";
import { openLiveness, type Liveness } from "../../src/queue-bridge/probes/liveness.ts";

const minute = 60_000;
/** What liveness looks at in a connection of ioredis. */
type Connection = EventEmitter & { status: "ready" | "reconnecting" };
let now: number;
let reading: Connection;
let acting: Connection;
let liveness: Liveness;

beforeEach(() => {
  now = 0;
  [reading, acting] = [connection(), connection()];
  const loops = { intake: reading, "take-over": acting, "call-again": acting };
  liveness = openLiveness({ monotonic: () => now }, loops);
});

function connection(): Connection {
  return Object.assign(new EventEmitter(), { status: "ready" as const });
}

test("openLiveness() calls a loop stuck that has not come round for 150 s, and no other", () => {
  now = 2 * minute;
  liveness.turn("take-over");
  liveness.turn("call-again");
  expect(liveness.stuck()).toEqual([]);
  now = 3 * minute;
  expect(liveness.stuck()).toEqual(["intake"]);
  liveness.turn("intake");
  expect(liveness.stuck()).toEqual([]);
});

test("openLiveness() calls no loop stuck while its Redis is away, nor right after it has come back", () => {
  acting.status = "reconnecting";
  now = 10 * minute;
  expect(liveness.stuck()).toEqual(["intake"]);
  acting.status = "ready";
  acting.emit("ready");
  expect(liveness.stuck()).toEqual(["intake"]);
  now = 13 * minute;
  expect(liveness.stuck()).toEqual(["intake", "take-over", "call-again"]);
});

test("openLiveness() says how long ago a loop came round", () => {
  expect(liveness.sinceTurnMs("intake")).toBe(Infinity);
  liveness.turn("intake");
  now = 7;
  expect(liveness.sinceTurnMs("intake")).toBe(7);
});
