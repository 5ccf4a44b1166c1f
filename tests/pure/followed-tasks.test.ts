import { expect, test } from "vitest";
import { openFollowedTasks } from "../../src/queue-bridge/business-unit/followed-tasks.ts";

const row = (taskId: string) => [taskId, { status: "Processing", errorMsg: "" }] as const;
const open = () => openFollowedTasks({ freshMs: 10, followedMs: 100 });

test("a row that came with another run's question is used once, while it is fresh", () => {
  const tasks = open();
  tasks.follow("1", 0);
  tasks.follow("2", 0);
  tasks.keep(new Map([row("1"), row("2")]), 0);
  expect([tasks.take("1", 10), tasks.take("1", 10), tasks.take("2", 11)]).toEqual([row("1")[1], undefined, undefined]);
});

test("in a business unit that never rests, no row of a run that has ended is kept", () => {
  const tasks = open();
  for (let now = 0; now < 5000; now += 10) {
    tasks.forgetOld(now);
    tasks.follow("lasting", now);
    // A run of one poll: it is asked about with the other for as long as it is followed, and never asks again.
    tasks.follow(`short-${now}`, now);
    tasks.keep(new Map(["lasting", ...tasks.othersThan("lasting"), "unknown"].map(row)), now);
  }
  expect(tasks.size()).toBeLessThanOrEqual(12);
  tasks.forgetOld(10_000);
  expect(tasks.size()).toBe(0);
});
