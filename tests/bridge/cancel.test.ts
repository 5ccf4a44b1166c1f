import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import type { RunId } from "#protocol/ids.ts";
import { cancelChannel } from "#protocol/redis-keys.ts";
import { ledgerOf } from "./support/ledger.ts";
import { soon } from "./support/soon.ts";
import { useWorld } from "./support/use-world.ts";
import { tenancy } from "./support/world.ts";

const world = useWorld({ behaviours: { durationMs: 60_000 } });

type State = { dataExtensions: { key: string }[]; queries: { key: string; status: string }[] };

const count = async (event: string, call?: string) => {
  const entries = await ledgerOf(world);
  return entries.filter((entry) => entry.event === event && (call === undefined || entry.call === call)).length;
};
const nothingIsLeft = async (id: RunId) => {
  const { dataExtensions, queries } = await world.ask<State>("state");
  expect(dataExtensions.filter(({ key }) => key.includes(id))).toEqual([]);
  expect(queries.filter(({ key, status }) => key.includes(id) && status === "Active")).toEqual([]);
  expect(world.edge.ledger(id).map(({ state }) => state)).toEqual(["deleted", "deleted"]);
};
const cancel = async (id: RunId) => {
  world.edge.cancel(id);
  await world.redis.publish(cancelChannel, id);
};
const sql = "SELECT * FROM Customers";

test("a cancel while the query executes stops the polls at once and deletes query and table", async () => {
  await world.startBridge();
  const id = await world.submit(sql);
  await soon(() => expect(world.edge.run(id)).toMatchObject({ phase: "executing" }));
  await cancel(id);
  await soon(() => nothingIsLeft(id));
  const polls = await count("call", "SOAP Retrieve AsyncActivityStatus");
  expect(world.edge.run(id).status).toBe("canceled");
  expect(world.logged).toContainEqual(expect.objectContaining({ event: "start ended", ending: "over" }));
  expect(await count("call", "SOAP Retrieve AsyncActivityStatus")).toBe(polls);
});

test("a cancel ends a wait between two polls, however long it is", async () => {
  await world.startBridge({ pollMinMs: 9000, pollMaxMs: 9000, inProcessWaitMs: 10_000 });
  const id = await world.submit(sql);
  await soon(() => expect(world.edge.run(id)).toMatchObject({ phase: "executing" }));
  await cancel(id);
  await vi.waitFor(() => nothingIsLeft(id), { timeout: 4000, interval: 20 });
});

test("a cancel while a Create is refused for its folder: no folder is looked up any more", async () => {
  const { tenantId, mid } = tenancy;
  await world.query(`insert into sqe.tenant_settings (tenant_id, mid, data_extension_folder_id, query_folder_id)
    values ('${tenantId}', ${mid}, 987654, 987655)`);
  await world.ask("faults", [{ call: "SOAP Create DataExtension", delayMs: 1500 }]);
  await world.startBridge();
  const id = await world.submit(sql);
  const isSent = async () => (await count("call", "SOAP Create DataExtension")) > 0;
  await soon(async () => expect((await isSent()) || world.edge.run(id).columns !== undefined).toBe(true));
  await sleep(300);
  await cancel(id);
  await soon(() => expect(world.logged).toContainEqual(expect.objectContaining({ event: "start ended" })));
  expect(await isSent()).toBe(true);
  expect(await count("call", "SOAP Retrieve DataFolder")).toBe(0);
});

test("a cancel whose message is lost arrives with the next answer of the object", async () => {
  await world.startBridge({ aliveMs: 100 });
  const id = await world.submit(sql);
  await soon(() => expect(world.edge.run(id)).toMatchObject({ phase: "executing" }));
  world.edge.cancel(id);
  await soon(() => nothingIsLeft(id));
});

test("a Create in flight when the cancel comes is awaited and undone, and nothing is performed", async () => {
  await world.ask("faults", [{ call: "SOAP Create DataExtension", delayMs: 1000 }]);
  await world.startBridge();
  const id = await world.submit(sql);
  await soon(async () => {
    const { dataExtensions } = await world.ask<State>("state");
    expect(dataExtensions.some(({ key }) => key.includes(id))).toBe(true);
  });
  await cancel(id);
  await soon(() => nothingIsLeft(id));
  expect(await count("perform")).toBe(0);
  expect(await count("call", "SOAP Create QueryDefinition")).toBe(0);
});

test("a run canceled before it was claimed creates nothing", async () => {
  const id = await world.submit(sql);
  world.edge.cancel(id);
  await world.startBridge();
  await soon(() => expect(world.logged).toContainEqual(expect.objectContaining({ event: "claimed", task: "none" })));
  expect(await count("call")).toBe(0);
});

test("a message about a run that the object has not canceled only restarts the run", async () => {
  await world.ask("behaviours", { durationMs: 1500 });
  await world.startBridge();
  const id = await world.submit(sql);
  await soon(() => expect(world.edge.run(id)).toMatchObject({ phase: "executing" }));
  await world.redis.publish(cancelChannel, id);
  expect((await world.over(id)).status).toBe("ready");
  expect(await count("perform")).toBe(1);
});
