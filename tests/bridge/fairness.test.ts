import { setTimeout as sleep } from "node:timers/promises";
import { Queue } from "bullmq";
import { beforeAll, expect, test } from "vitest";
import { ConnectionId, Eid, Mid, TenantId, type RunId } from "#protocol/ids.ts";
import { jobIdOf } from "#protocol/job.ts";
import { fairKeys, lineKey, redisPrefix, runQueue } from "#protocol/redis-keys.ts";
import { claimAnew } from "./support/another-start.ts";
import { ledgerOf } from "./support/ledger.ts";
import { soon } from "./support/soon.ts";
import { useWorld } from "./support/use-world.ts";
import { tenancy } from "./support/world.ts";

const [lineJobs, slots] = [1, 2].map((at) => fairKeys(tenancy)[at] ?? "");
const carols = {
  ...tenancy,
  tenantId: TenantId.parse("9d1a2c3b-0000-4000-8000-00000000000b"),
  connectionId: ConnectionId.parse("9d1a2c3b-0000-4000-8000-0000000000c1"),
  mid: Mid.parse(8000001),
  eid: Eid.parse(8000001),
};
const sql = "SELECT CustomerKey FROM Customers";

const world = useWorld();
beforeAll(() => world.seedConnection({ ...carols, mids: [carols.mid], account: "b" }));

const line = () => world.redis.zrange(lineKey(tenancy), "0", "-1");
const statusOf = (id: RunId) => world.edge.run(id).status;

async function submitMany(n: number): Promise<RunId[]> {
  const ids = [];
  for (let at = 0; at < n; at += 1) ids.push(await world.submit(sql));
  return ids;
}

/** The greatest number of queries that MCE has had at once, of one business unit. */
async function mostAtOnce(mid: number): Promise<number> {
  const open = new Set<number | undefined>();
  let most = 0;
  for (const { event, taskId, mid: unit } of await ledgerOf(world)) {
    if (event === "perform" && unit === mid) open.add(taskId);
    if (event === "done") open.delete(taskId);
    most = Math.max(most, open.size);
  }
  return most;
}

test("of twenty runs of a business unit at most eight execute at once; they start in order and all become ready", async () => {
  await world.ask("behaviours", { durationMs: 1500 });
  const ids = await submitMany(20);
  await world.startBridge();
  const ends = await Promise.all(ids.map((id) => world.over(id)));
  expect(new Set(ends.map(({ status }) => status))).toEqual(new Set(["ready"]));
  expect(await mostAtOnce(tenancy.mid)).toBeLessThanOrEqual(8);
  const startedAt = ends.map((run) => ("startedAt" in run ? run.startedAt : 0));
  // The eight of one wave start side by side; no run of a later wave starts before them.
  expect(Math.max(...startedAt.slice(0, 8))).toBeLessThan(Math.min(...startedAt.slice(12)));
  // The last slot is released after the clean-up, which follows the end.
  await soon(async () => {
    expect(await world.redis.keys("sqe:*line*")).toEqual([]);
    expect(await world.redis.exists(slots ?? "")).toBe(0);
  });
});

test("a run that is delivered once more keeps its slot", async () => {
  await world.ask("behaviours", { durationMs: 60_000 });
  await world.startBridge({ aliveMs: 500 });
  const accepted = Array.from({ length: 10 }, () => world.accept(sql));
  for (const { job } of accepted) await world.put(job);
  const executing = () => accepted.filter(({ id }) => statusOf(id) === "running");
  await soon(() => expect(executing()).toHaveLength(8));
  const [again] = executing();
  if (again === undefined) throw new Error("nothing executes");
  await world.put({ ...again.job, delivery: 2, isClaimed: true });
  await soon(() => expect(world.edge.run(again.id).epoch).toBe(2));
  // The earlier start is fenced.
  await sleep(3000);
  expect(await world.redis.zscore(slots ?? "", again.id)).not.toBeNull();
  expect(executing()).toHaveLength(8);
  for (const { id } of accepted) world.edge.cancel(id);
});

test("a run whose end is refused because another start has it keeps its slot", async () => {
  await world.ask("behaviours", { durationMs: 60_000 });
  await world.startBridge();
  const executing = await submitMany(7);
  const failing = await world.submit("SELECT * FROM NoSuchTable");
  let isFenced = false;
  // The edge refuses its end until the other start has claimed the run.
  world.edge.trouble = ({ verb, body }) =>
    verb === "transitions" && body.includes('"failed"') && !isFenced ? "refuse" : "answer";
  await soon(() => expect([...executing, failing].map(statusOf)).toEqual(Array(8).fill("running")));
  const last = await world.submit(sql);
  await soon(async () => expect(await line()).toEqual([last]));
  await claimAnew(world, failing);
  isFenced = true;
  await soon(() =>
    expect(world.logged).toContainEqual(expect.objectContaining({ event: "start ended", runId: failing })),
  );
  await soon(() => expect(world.redis.zscore("sqe:runs:completed", `${failing}-1`)).resolves.not.toBeNull());
  expect(await world.redis.zscore(slots ?? "", failing)).not.toBeNull();
  expect(statusOf(last)).toBe("queued");
  for (const id of [...executing, failing, last]) world.edge.cancel(id);
});

test.each([
  ["a sign of life", { aliveMs: 300 }],
  ["a report", { aliveMs: 60_000 }],
])("a run whose object is gone releases its slot as soon as %s shows it", async (_, settings) => {
  await world.ask("behaviours", { durationMs: 2000 });
  await world.startBridge(settings);
  const ids = await submitMany(8);
  await soon(() => expect(ids.map(statusOf)).toEqual(Array(8).fill("running")));
  const [lost = expect.unreachable()] = ids;
  world.edge.lose(lost);
  await soon(async () => expect(await world.redis.zscore(slots ?? "", lost)).toBeNull());
});

test("another tenant's run starts while one tenant's line is full", async () => {
  await world.ask("behaviours", { durationMs: 5000 });
  await world.startBridge();
  const ids = await submitMany(40);
  await soon(async () => expect(await line()).toHaveLength(32));
  const theirs = await world.submit(sql, { tenancy: carols });
  await soon(() => expect(statusOf(theirs)).toBe("running"));
  expect(ids.filter((id) => statusOf(id) === "queued")).toHaveLength(32);
  expect(await line()).toEqual(ids.slice(8));
});

test("a run that is delivered again while it waits gets no second job, and one that had a bridge before does not wait", async () => {
  await world.ask("behaviours", { durationMs: 5000 });
  await world.startBridge();
  const ids = await submitMany(9);
  const last = ids[8] ?? expect.unreachable();
  await soon(async () => expect(await line()).toEqual([last]));
  await world.put({ kind: "run", runId: last, ...tenancy, flow: "run-to-temp", delivery: 2 });
  await soon(() =>
    expect(world.logged).toContainEqual(expect.objectContaining({ event: "command taken", delivery: 2 })),
  );
  expect(await world.redis.exists(`sqe:runs:${jobIdOf({ runId: last, delivery: 2 })}`)).toBe(0);
  await world.put({ kind: "run", runId: last, ...tenancy, flow: "run-to-temp", delivery: 3, isClaimed: true });
  await soon(() => expect(statusOf(last)).toBe("running"));
});

test("a run whose query executes continues despite the cap when its bridge was down for longer than its lease", async () => {
  await world.ask("behaviours", { durationMs: 5000 });
  const { id, job } = world.accept(sql);
  // Its bridge was killed, so it is at the place of a new run, and other runs have the eight slots by now.
  for (let n = 0; n < 8; n += 1) await world.redis.zadd(slots ?? "", Date.now() + 60_000, `other-${n}`);
  const queue = new Queue(runQueue, { connection: world.redis, prefix: redisPrefix });
  const memory = { perform: { n: 1, taskId: "7" } };
  await queue.add("run", { ...job, memory }, { jobId: jobIdOf(job), priority: 5, attempts: 50 });
  await queue.close();
  await world.startBridge();
  await soon(() => expect(statusOf(id)).toBe("running"));
  world.edge.cancel(id);
});

test("a parked run wakes as soon as a slot is free, not when its minute is over", async () => {
  await world.ask("behaviours", { durationMs: 1500 });
  await world.startBridge();
  const ids = await submitMany(9);
  const last = ids[8] ?? expect.unreachable();
  await soon(async () => expect(await world.redis.zcard("sqe:runs:delayed")).toBeGreaterThan(0));
  const first = Promise.any(ids.slice(0, 8).map((id) => world.over(id)));
  const endedAt = await first.then((run) => ("endedAt" in run ? run.endedAt : 0));
  const run = await world.over(last);
  const startedAt = "startedAt" in run ? run.startedAt : Infinity;
  expect(startedAt - endedAt).toBeLessThan(1500);
});

test("a run whose job Redis has lost does not delay those behind it", async () => {
  await world.ask("behaviours", { durationMs: 1500 });
  await world.startBridge();
  const ids = await submitMany(10);
  const [lost, last] = [ids[8] ?? expect.unreachable(), ids[9] ?? expect.unreachable()];
  await soon(async () => expect(await line()).toEqual([lost, last]));
  const jobId = await world.redis.hget(lineJobs ?? "", lost);
  await soon(async () => expect(await world.redis.zrem("sqe:runs:delayed", String(jobId))).toBe(1));
  await world.redis.del(`sqe:runs:${jobId}`);
  expect((await world.over(last)).status).toBe("ready");
  await soon(() => expect(world.logged).toContainEqual(expect.objectContaining({ event: "run gone from its line" })));
});

test("a bridge that dies while it executes eight runs loses no slot: the next one continues them", async () => {
  await world.ask("behaviours", { durationMs: 1500 });
  const first = await world.startBridge();
  const ids = await submitMany(9);
  await soon(() => expect(ids.filter((id) => statusOf(id) === "running")).toHaveLength(8));
  await first.close();
  await world.startBridge();
  const ends = await Promise.all(ids.map((id) => world.over(id)));
  expect(new Set(ends.map(({ status }) => status))).toEqual(new Set(["ready"]));
  expect(await mostAtOnce(tenancy.mid)).toBeLessThanOrEqual(8);
});
