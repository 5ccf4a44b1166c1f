import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunId } from "#protocol/ids.ts";
import { cancelChannel } from "#protocol/redis-keys.ts";
import { keyOf, openAttic, type Attic } from "./support/attic.ts";
import { watchFor, type MceCall } from "./support/mce-calls.ts";
import { callsOf, ledgerOf } from "./support/ledger.ts";
import { useWorld } from "./support/use-world.ts";
import { tenancy } from "./support/world.ts";

const world = useWorld({ behaviours: { durationMs: 200 } });
let attic: Attic;

beforeAll(() => {
  attic = openAttic(world);
});
// The last test's pause would outlive it and keep the clean-up waiting.
afterAll(() => world.reset());

const { tenantId, mid } = tenancy;
const customers = "SELECT * FROM Customers";

/** When Marketing Cloud has received one kind of call. */
const heard = async (name: string) => (await ledgerOf(world)).flatMap(({ call, at }) => (call === name ? [at] : []));

/** Marketing Cloud refuses the next such call with a Retry-After. */
const refuse = (call: string, seconds: number) =>
  world.ask("faults", [{ call, status: 429, headers: { "Retry-After": String(seconds) }, mid }]);
const isRefused = () => expect.poll(() => world.logged.some(({ event }) => event === "mce throttled")).toBe(true);

/** Begins a pause, as when another bridge was refused. */
const pause = (ms: number) => world.redis.set(`sqe:budget:pause:${tenantId}:${mid}`, "1", "PX", ms);

/**
 * Begins a pause while a call is on its way, which is to take half a second; to be called before the bridge starts.
 *
 * @returns reads which other calls Marketing Cloud has received since
 */
async function pauseDuring(name: MceCall, ms: number): Promise<() => Promise<string[]>> {
  await watchFor(name).sent;
  await pause(ms);
  await sleep(100);
  const before = (await callsOf(world)).length;
  return async () => (await callsOf(world)).slice(before).filter((call) => call !== name);
}

const events = (event: string, runId: RunId) =>
  world.logged.filter((entry) => entry.event === event && entry.runId === runId);

test("a run that starts in a pause longer than its patience ends as refused, and sends nothing", async () => {
  await world.startBridge({ mcePatienceMs: 1500 });
  await refuse("SOAP Create DataExtension", 30);
  const refused = { status: "failed", error: { code: "MCE_UNAVAILABLE", title: "Marketing Cloud is busy" } };
  expect(await world.over(await world.submit(customers))).toMatchObject(refused);
  const before = (await callsOf(world)).length;
  expect(await world.over(await world.submit("SELECT * FROM Orders"))).toMatchObject(refused);
  expect(await callsOf(world)).toHaveLength(before);
});

test("a run that gets into a pause longer than its patience ends before its next call", async () => {
  await world.ask("faults", [{ call: "SOAP Create DataExtension", delayMs: 500 }]);
  const paused = pauseDuring("SOAP Create DataExtension", 30_000);
  await world.startBridge({ mcePatienceMs: 1500 });
  const id = await world.submit(customers);
  const others = await paused;
  expect(await world.over(id)).toMatchObject({ status: "failed", error: { code: "MCE_UNAVAILABLE" } });
  expect(await others()).toEqual([]);
});

test("a run that starts in a long pause takes up no capacity, and reports before it counts as silent", async () => {
  await world.startBridge({ inProcessWaitMs: 300, silentMs: 2000 });
  await refuse("SOAP Create DataExtension", 4);
  await world.submit(customers);
  await isRefused();
  const before = (await callsOf(world)).length;
  const from = Date.now();
  const id = await world.submit("SELECT * FROM Orders");
  await expect.poll(() => events("start ended", id).map(({ ending }) => ending)).toContain("later");
  await sleep(3300 - (Date.now() - from));
  expect(await callsOf(world)).toHaveLength(before);
  expect(events("claimed", id).length).toBeGreaterThan(2);
  expect((await world.over(id)).status).toBe("ready");
});

test("a run that comes back early from a wait between polls does not poll earlier", async () => {
  await world.ask("behaviours", { durationMs: 60_000 });
  await world.startBridge({ inProcessWaitMs: 0, silentMs: 2000 });
  const id = await world.submit(customers);
  await expect.poll(() => heard("SOAP Retrieve AsyncActivityStatus")).not.toHaveLength(0);
  await refuse("SOAP Retrieve AsyncActivityStatus", 10);
  await isRefused();
  await sleep(200);
  const [polls, claims] = [(await heard("SOAP Retrieve AsyncActivityStatus")).length, events("claimed", id).length];
  await sleep(4000);
  expect(await heard("SOAP Retrieve AsyncActivityStatus")).toHaveLength(polls);
  expect(events("claimed", id).length - claims).toBeGreaterThan(1);
  await expect.poll(() => heard("SOAP Retrieve AsyncActivityStatus")).not.toHaveLength(polls);
});

test("a run that sleeps until its next poll waits out a pause that begins meanwhile", async () => {
  await world.ask("behaviours", { durationMs: 60_000 });
  await world.startBridge();
  await world.submit(customers);
  await expect.poll(() => heard("SOAP Retrieve AsyncActivityStatus")).not.toHaveLength(0);
  await pause(5000);
  // Units that were reserved before it may still be used.
  await sleep(1600);
  const polls = (await heard("SOAP Retrieve AsyncActivityStatus")).length;
  await sleep(3000);
  expect(await heard("SOAP Retrieve AsyncActivityStatus")).toHaveLength(polls);
  await expect.poll(() => heard("SOAP Retrieve AsyncActivityStatus")).not.toHaveLength(polls);
});

test("a pause that begins while the shell is made is waited out before the grant is asked for", async () => {
  await world.ask("faults", [{ call: "SOAP Create QueryDefinition", delayMs: 500 }]);
  const paused = pauseDuring("SOAP Create QueryDefinition", 2500);
  await world.startBridge();
  const id = await world.submit(customers);
  const others = await paused;
  await sleep(1000);
  expect(world.edge.run(id)).not.toHaveProperty("grant");
  expect(await others()).toEqual([]);
  expect((await world.over(id)).status).toBe("ready");
});

test("a cancel in a pause before the grant ends the run without one", async () => {
  await world.ask("faults", [{ call: "SOAP Create QueryDefinition", delayMs: 500 }]);
  const paused = pauseDuring("SOAP Create QueryDefinition", 3000);
  await world.startBridge();
  const id = await world.submit(customers);
  await paused;
  await expect.poll(() => attic.present()).toContain(`qd:${keyOf(id)}`);
  await sleep(300);
  world.edge.cancel(id);
  await world.redis.publish(cancelChannel, id);
  await expect.poll(() => events("start ended", id).map(({ ending }) => ending)).toEqual(["over"]);
  expect(world.edge.run(id)).not.toHaveProperty("grant");
  expect(await heard("SOAP Perform")).toEqual([]);
  // Short enough for the clean-up to wait.
  await expect.poll(() => world.edge.ledger(id).map(({ state }) => state)).toEqual(["deleted", "deleted"]);
});

test("a lost Perform is not settled in a pause", async () => {
  await world.ask("faults", [{ call: "SOAP Perform", delayMs: 500, drop: "after" }]);
  const paused = pauseDuring("SOAP Perform", 3000);
  await world.startBridge({ notRunningGraceMs: 1000 });
  const id = await world.submit(customers);
  const others = await paused;
  await sleep(1500);
  expect(world.edge.run(id)).toMatchObject({ status: "running", grant: { n: 1, state: "open" } });
  expect(await others()).toEqual([]);
  expect((await world.over(id)).status).toBe("ready");
});

test("the rows of a query that has ended are not read in a pause that began with the poll", async () => {
  await world.ask("behaviours", { durationMs: 0 });
  await world.ask("faults", [{ call: "REST isrunning", delayMs: 500 }]);
  const paused = pauseDuring("REST isrunning", 3000);
  await world.startBridge();
  const id = await world.submit(customers);
  const others = await paused;
  await sleep(1500);
  expect(await others()).toEqual([]);
  expect((await world.over(id)).status).toBe("ready");
});

test("a clean-up that is refused waits as long as Retry-After says", async () => {
  await world.startBridge();
  await refuse("SOAP Delete QueryDefinition", 3);
  const id = await world.submit(customers);
  await expect.poll(() => world.edge.ledger(id).map(({ state }) => state)).toEqual(["deleted", "created"]);
  const [first = 0, second = 0, ...more] = await heard("SOAP Delete QueryDefinition");
  expect(more).toEqual([]);
  expect(second - first).toBeGreaterThanOrEqual(2900);
  const during = (await ledgerOf(world)).filter(({ at }) => at > first + 100 && at < first + 2900);
  expect(during.filter(({ event }) => event === "call")).toEqual([]);
});

test("a clean-up in a long pause is left to the next delivery, without a call", async () => {
  await world.startBridge();
  await refuse("SOAP Delete QueryDefinition", 60);
  const { id, job } = world.accept(customers);
  await world.put(job);
  const unfinished = () => events("clean-up unfinished", id).length;

  await expect.poll(unfinished).toBe(1);
  const before = (await callsOf(world)).length;
  await world.put({ ...job, delivery: 2 });
  await expect.poll(unfinished).toBe(2);
  expect(await callsOf(world)).toHaveLength(before);
});

test("a sweep that is refused ends there, and the rest counts as failed", async () => {
  for (let n = 0; n < 3; n += 1) await attic.leftover();
  await refuse("SOAP Delete QueryDefinition", 60);
  await world.startBridge();
  expect(await attic.summary(await attic.command())).toMatchObject({ found: 6, deleted: 0, failed: 6 });
  expect((await callsOf(world)).filter((call) => call.startsWith("SOAP Delete"))).toHaveLength(1);
});

test("a sweep does not start in a pause, not even on a bridge that started later", async () => {
  await attic.leftover();
  await refuse("SOAP Delete QueryDefinition", 60);
  await world.startBridge();
  await attic.summary(await attic.command());
  await world.stopBridges();
  const before = (await callsOf(world)).length;
  await world.startBridge();
  expect(await attic.summary(await attic.command())).toMatchObject({ found: 0, error: "MCE_UNAVAILABLE" });
  expect(await callsOf(world)).toHaveLength(before);
});
