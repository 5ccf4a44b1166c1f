import * as fc from "fast-check";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { fairKeys, lineKey } from "#protocol/redis-keys.ts";
import { openLines, type Waiting } from "../../src/queue-bridge/queue/line.ts";
import { ageSlots } from "../support/age-slots.ts";
import { openTestRedis } from "../support/open-test-redis.ts";

const redis = await openTestRedis();
const lines = openLines(redis);

beforeEach(() => redis.flushall());

const a = { tenantId: "a", mid: 1 };
const a2 = { tenantId: "a", mid: 2 };
const b = { tenantId: "b", mid: 1 };
const run = (unit: typeof a, n: number): Waiting => ({
  unit,
  runId: `${unit.tenantId}${unit.mid}-${n}`,
  jobId: `job-${n}`,
});
const called = (n: number) => ({ runId: `a1-${n}`, jobId: `job-${n}` });
const granted = { isGranted: true, called: [] };
const refused = { isGranted: false, called: [] };
const byRun = (one: { runId: string }, other: { runId: string }) => one.runId.localeCompare(other.runId);
const waiting = (unit: typeof a) => redis.zrange(lineKey(unit), "0", "-1");

/** Puts runs 1 to n of tenant A into the line and starts as many as there are slots for. */
async function crowd(n: number): Promise<void> {
  for (let at = 1; at <= n; at += 1) await lines.enter(run(a, at));
  for (let at = 1; at <= n; at += 1) await lines.take(run(a, at), at);
}

describe("enter()", () => {
  test("sorts a tenant's runs behind one another and level with those of other tenants", async () => {
    const orders = [];
    for (const place of [run(a, 1), run(a, 2), run(a, 3), run(b, 1), run(b, 2), run(a2, 4)])
      orders.push(await lines.enter(place));
    expect(orders).toEqual([1, 2, 3, 1, 2, 4]);
  });

  test("puts a newcomer level with what starts now, neither before it nor behind everything that waits", async () => {
    await crowd(30);
    expect(await lines.enter(run(b, 1))).toBe(9);
  });

  test("leaves a run at its place when it enters again", async () => {
    await crowd(10);
    expect(await lines.enter({ ...run(a, 9), jobId: "job-9-again" })).toBe(9);
    expect(await waiting(a)).toEqual(["a1-9", "a1-10"]);
    expect(await lines.leave(run(a, 1))).toEqual([{ runId: "a1-9", jobId: "job-9-again" }]);
  });

  test("starts over when no run waits anywhere, and only then", async () => {
    await crowd(8);
    expect(await lines.enter(run(b, 1))).toBe(1);
    expect(await lines.enter(run(a, 9))).toBe(1);
    expect(await lines.enter(run(a, 10))).toBe(2);
  });

  test("never gives a number that BullMQ refuses", async () => {
    await redis.sadd("sqe:lines", "some line");
    await redis.hset("sqe:fair", "started", 2_097_151);
    expect(await lines.enter(run(a, 1))).toBe(2_097_151);
  });
});

describe("take() and leave()", () => {
  test("let eight runs of a business unit execute; other units have slots of their own", async () => {
    const answers = [];
    for (let n = 1; n <= 9; n += 1) answers.push((await lines.take(run(a, n), n)).isGranted);
    expect(answers).toEqual([...Array.from({ length: 8 }, () => true), false]);
    expect(await lines.take(run(a2, 1), 10)).toEqual(granted);
    expect(await lines.take(run(b, 1), 10)).toEqual(granted);
  });

  test("call the next run of the line into a slot that is reserved for it", async () => {
    await crowd(10);
    expect(await lines.leave(run(a, 3))).toEqual([called(9)]);
    expect(await lines.take(run(a, 10), 10)).toEqual(refused);
    expect(await lines.take(run(a, 9), 9)).toEqual(granted);
    expect(await waiting(a)).toEqual(["a1-10"]);
  });

  test("keep a run that is called in its line until it starts", async () => {
    await crowd(11);
    await lines.leave(run(a, 1));
    await lines.leave(run(a, 2));
    expect(await waiting(a)).toEqual(["a1-9", "a1-10", "a1-11"]);
    expect(await lines.take(run(a, 10), 10)).toEqual(granted);
    expect(await waiting(a)).toEqual(["a1-9", "a1-11"]);
  });

  test("let no later run pass", async () => {
    await crowd(9);
    await redis.zrem(fairKeys(a)[2] ?? "", "a1-1");
    // A slot is free and no run was called: the first that looks has the one before it called.
    expect(await lines.take(run(a, 10), 10)).toEqual({ isGranted: false, called: [called(9)] });
  });

  test("let a run that already executes continue, whatever the cap is", async () => {
    await crowd(8);
    expect(await lines.take(run(a, 99), 0)).toEqual(granted);
    expect(await lines.take(run(a, 5), 5)).toEqual(granted);
  });

  test("free a slot after a minute without a sign of life, and call again when a reservation has expired", async () => {
    await crowd(9);
    await ageSlots(redis, 50_000);
    for (let n = 2; n <= 8; n += 1) await lines.take(run(a, n), 0);
    expect(await lines.take(run(a, 9), 9)).toEqual(refused);
    await ageSlots(redis, 10_000);
    expect(await lines.take(run(a, 9), 9)).toEqual(granted);
    await lines.enter(run(a, 10));
    await lines.enter(run(a, 11));
    expect(await lines.leave(run(a, 9))).toEqual([called(10)]);
    await ageSlots(redis, 11_000);
    expect(await lines.take(run(a, 11), 11)).toEqual({ isGranted: false, called: [called(10)] });
    expect(await lines.take(run(a, 10), 10)).toEqual(granted);
  });

  test("rebuild a line that Redis has lost: each run that looks again joins where it was", async () => {
    await crowd(12);
    await redis.del(...fairKeys(a).slice(0, 2), "sqe:lines");
    for (const n of [12, 10, 9, 11]) expect(await lines.take(run(a, n), n)).toEqual(refused);
    expect(await waiting(a)).toEqual(["a1-9", "a1-10", "a1-11", "a1-12"]);
  });

  test("leave nothing in Redis except the virtual time", async () => {
    await crowd(10);
    for (let n = 1; n <= 10; n += 1) await lines.leave(run(a, n));
    expect(await redis.keys("*")).toEqual(["sqe:fair"]);
  });
});

describe("callAgain()", () => {
  test("returns the runs that were called and have not started, and calls the next one for each free slot", async () => {
    await crowd(12);
    expect(await lines.callAgain(a)).toEqual([]);
    await lines.leave(run(a, 1));
    expect(await lines.callAgain(a)).toEqual([called(9)]);
    await redis.zrem(fairKeys(a)[2] ?? "", "a1-2", "a1-3");
    const again = await lines.callAgain(a);
    expect(again.toSorted(byRun)).toEqual([called(9), called(10), called(11)].toSorted(byRun));
    expect(await lines.take(run(a, 9), 9)).toEqual(granted);
    expect(await lines.callAgain(a)).toEqual([called(10), called(11)]);
  });

  test("calls a run again that was called long ago", async () => {
    await crowd(9);
    await lines.leave(run(a, 1));
    await ageSlots(redis, 3_600_000);
    expect(await lines.callAgain(a)).toEqual([called(9)]);
  });
});

test("a bridge whose clock is wrong ends no slot of another, and leaves none of its own behind", async () => {
  await crowd(9);
  const rightNow = Date.now.bind(Date);
  onTestFinished(() => void (Date.now = rightNow));
  for (const aheadMs of [-300_000, 300_000]) {
    Date.now = () => rightNow() + aheadMs;
    expect(await lines.callAgain(a)).toEqual([]);
    expect(await lines.take(run(a, 9), 9)).toEqual(refused);
    await lines.take(run(a, 1), 0);
  }
  await ageSlots(redis, 61_000);
  expect(await lines.callAgain(a)).toEqual([called(9)]);
  expect(await redis.zrange(fairKeys(a)[2] ?? "", "0", "-1")).toEqual(["a1-9"]);
});

test("units() lists the business units whose lines have runs", async () => {
  await crowd(9);
  await lines.enter(run(b, 1));
  expect(new Set(await lines.units())).toEqual(new Set([a, b]));
  await lines.take(run(b, 1), 1);
  expect(await lines.units()).toEqual([a]);
});

test("whatever runs enter, start and end, no unit exceeds its slots, each starts in turn and none is forgotten", async () => {
  const step = fc.record({
    unit: fc.constantFrom(a, a2, b),
    what: fc.constantFrom("come" as const, "come" as const, "end" as const),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      await redis.flushall();
      const model = new Map(
        [a, a2, b].map((unit) => [lineKey(unit), { come: 0, started: [] as number[], executing: [] as number[] }]),
      );
      const numberOf = (runId: string) => Number(runId.split("-")[1]);
      for (const { unit, what } of steps) {
        const known = model.get(lineKey(unit)) ?? expect.unreachable();
        const start = async (n: number, order: number) => {
          if (!(await lines.take(run(unit, n), order)).isGranted) return;
          known.started.push(n);
          known.executing.push(n);
        };
        if (what === "come") {
          const n = (known.come += 1);
          await start(n, await lines.enter(run(unit, n)));
        } else if (known.executing.length > 0) {
          const n = known.executing.shift() ?? 0;
          for (const next of await lines.leave(run(unit, n))) await start(numberOf(next.runId), 1);
        }
        expect(known.executing.length).toBe(Math.min(8, known.executing.length + (await waiting(unit)).length));
        expect(known.started).toEqual(known.started.toSorted((one, other) => one - other));
        expect(known.started.length + (await waiting(unit)).length).toBe(known.come);
      }
    }),
    { numRuns: 30 },
  );
});
