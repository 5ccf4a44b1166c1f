import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { callsOf, ledgerOf } from "./support/ledger.ts";
import { useWorld } from "./support/use-world.ts";
import { tenancy } from "./support/world.ts";

const world = useWorld();

const signals = ["SOAP Retrieve AsyncActivityStatus", "REST isrunning"] as const;

/** When Marketing Cloud received a call, by its name. */
async function heard(call: string): Promise<number[]> {
  const entries = await ledgerOf(world);
  return entries.flatMap((entry) => (entry.call === call ? [entry.at] : []));
}

test("a poll asks one question while the status row moves, and the second one at the end", async () => {
  await world.ask("behaviours", { durationMs: 3000 });
  await world.startBridge();
  expect((await world.over(await world.submit("SELECT * FROM Customers"))).status).toBe("ready");
  const [rows = [], running = []] = await Promise.all(signals.map(heard));
  // First whether it has begun, last whether it has stopped.
  expect(running).toHaveLength(2);
  expect(rows.length).toBeGreaterThan(1);
  expect(Math.min(...rows)).toBeGreaterThan(running[0] ?? Infinity);
  expect(Math.max(...rows)).toBeLessThanOrEqual(running[1] ?? 0);
});

test("a status row that is stuck on Queued is not read again before isrunning has stopped", async () => {
  await world.ask("behaviours", { durationMs: 4000, statusStuck: true });
  await world.startBridge();
  expect((await world.over(await world.submit("SELECT * FROM Customers"))).status).toBe("ready");
  const [rows = [], running = []] = await Promise.all(signals.map(heard));
  expect(running.length).toBeGreaterThan(3);
  expect(rows.length).toBeLessThan(running.length);
});

test("runs of one business unit read their status rows together, and one by one where Marketing Cloud refuses a list", async () => {
  await world.ask("behaviours", { durationMs: 6000 });
  await world.startBridge();
  const follow = async () => {
    const before = (await heard(signals[0])).length;
    const ids = await Promise.all(Array.from({ length: 6 }, () => world.submit("SELECT * FROM Customers")));
    for (const id of ids) expect((await world.over(id)).status).toBe("ready");
    return (await heard(signals[0])).length - before;
  };
  const together = await follow();
  await world.ask("behaviours", { statusTakesIn: false });
  const alone = await follow();
  expect(alone).toBeGreaterThan(2 * together);
});

test("all runs of the business unit obey a Retry-After, including those that come back to the processor", async () => {
  await world.ask("behaviours", { durationMs: 60_000 });
  // Every wait leaves the processor, as those of a long query do.
  await world.startBridge({ inProcessWaitMs: 0 });
  await world.submit("SELECT * FROM Customers");
  const polls = async () => (await heard(signals[0])).length;
  await expect.poll(polls).toBeGreaterThan(2);
  const headers = { "Retry-After": "6" };
  await world.ask("faults", [{ call: "SOAP Create DataExtension", status: 429, headers, mid: tenancy.mid }]);
  await world.submit("SELECT * FROM Customers");
  await expect.poll(() => world.logged.some(({ event }) => event === "mce throttled")).toBe(true);
  // Calls that were already in flight may still arrive.
  await sleep(200);
  const before = await polls();
  // The next poll was due within less.
  await sleep(5000);
  expect(await polls()).toBe(before);
  await expect.poll(polls).toBeGreaterThan(before);
});

test("a run that arrives during a pause of its business unit sends no call until the pause is over", async () => {
  await world.ask("behaviours", { durationMs: 300 });
  await world.startBridge();
  const headers = { "Retry-After": "4" };
  await world.ask("faults", [{ call: "SOAP Create DataExtension", status: 429, headers, mid: tenancy.mid }]);
  const first = await world.submit("SELECT * FROM Customers");
  await expect.poll(() => world.logged.some(({ event }) => event === "mce throttled")).toBe(true);
  const calls = async () => (await callsOf(world)).length;
  await sleep(200);
  const before = await calls();
  const second = await world.submit("SELECT * FROM Orders");
  await sleep(2500);
  expect(world.edge.run(second).status).toBe("running");
  expect(await calls()).toBe(before);
  for (const id of [first, second]) expect((await world.over(id)).status).toBe("ready");
});

test("the graces of a query count from the answer to Perform, not from its grant", async () => {
  // isrunning sleeps for a long time, and a clock that started too early would soon call the query over.
  await world.ask("behaviours", { durationMs: 4000, statusStuck: true, isRunningLateMs: 3000 });
  await world.ask("faults", [{ call: "SOAP Perform", delayMs: 1500 }]);
  await world.startBridge({ pollMinMs: 200, notRunningGraceMs: 1000, stoppedAloneMs: 500 });
  const target = { customerKey: "No Rows", mode: "append" } as const;
  const run = await world.over(await world.submit("SELECT 1 AS Id, 'x' AS Name", { target }));
  const entries = await ledgerOf(world);
  expect(run.status).toBe("ready");
  expect(entries.map(({ event }) => event)).toContain("applied");
});
