import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { RunId } from "#protocol/ids.ts";
import { assetNames, customerKeyOf, folderName } from "#run/names.ts";
import { cancelChannel } from "#protocol/redis-keys.ts";
import { claimAnew } from "./support/another-start.ts";
import { deleteTarget, makeQuery, makeTarget } from "./support/targets.ts";
import { callsOf } from "./support/ledger.ts";
import { useWorld } from "./support/use-world.ts";
import type { World } from "./support/world.ts";

const world = useWorld({ behaviours: { durationMs: 200 } });

type Folder = { id: number; name: string; contentType: string; mid: number };
type State = {
  folders: Folder[];
  dataExtensions: { key: string; name: string }[];
  queries: { key: string; name: string; status: string }[];
};

const sql = "SELECT * FROM Customers";
const state = () => world.ask<State>("state");
const ledgerStates = (id: RunId) => world.edge.ledger(id).map(({ state: known }) => known);
const activeKeys = ({ queries }: State) => queries.flatMap(({ key, status }) => (status === "Active" ? [key] : []));
const tableKeys = ({ dataExtensions }: State) => dataExtensions.map(({ key }) => key);

/** The Deletes that were sent, in their order. */
async function deletes(): Promise<string[]> {
  return (await callsOf(world)).filter((call) => call.startsWith("SOAP Delete"));
}

/** Runs once, so that our folders are there. */
async function ourFolders() {
  await world.over(await world.submit(sql));
  const { folders } = await state();
  const idOf = (contentType: string, name: string) =>
    folders.find((folder) => folder.contentType === contentType && folder.name === name)?.id ?? 0;
  return { tables: idOf("dataextension", folderName), queries: idOf("queryactivity", folderName) };
}

/** Ends a run that an earlier bridge started, and lets the bridge clean up what the ledger lists. */
async function cleanUpAfter(id: RunId, job: Parameters<World["put"]>[0]) {
  world.edge.cancel(id);
  await world.put(job);
  const claimed = { event: "claimed", runId: id, task: "cleanup" };
  await expect.poll(() => world.logged).toContainEqual(expect.objectContaining(claimed));
}

test.each([
  ["the first name", 1],
  ["the first two names", 2],
] as const)(
  "a run that finds %s of its table and query taken uses longer hashes and deletes nothing of others",
  async (_, taken) => {
    const { id, job } = world.accept(sql, { snippetName: "Weekly report" });
    const names = assetNames(id, "Weekly report");
    expect(names.map((name) => name.length)).toEqual([22, 26, 48]);
    for (const [index, name] of names.slice(0, taken).entries()) {
      await makeTarget(world, { customerKey: `table ${index}`, name });
      await makeTarget(world, { customerKey: `Into${index}` });
      await makeQuery(world, { customerKey: `query ${index}`, name, targetKey: `Into${index}` });
    }
    await world.ask("behaviours", { durationMs: 1500 });
    await world.startBridge();
    await world.put(job);
    await expect.poll(() => world.edge.ledger(id).map(({ name }) => name)).toEqual([names[taken], names[taken]]);
    expect(await world.over(id)).toMatchObject({ status: "ready" });
    await expect.poll(() => ledgerStates(id)).toEqual(["deleted", "created"]);
    const left = await state();
    for (const index of Array(taken).keys()) {
      expect(tableKeys(left)).toContain(`table ${index}`);
      expect(activeKeys(left)).toContain(`query ${index}`);
    }
  },
);

test("a table that already has the run's own key is neither deleted nor used as a result", async () => {
  const { id, job } = world.accept(sql);
  const customerKey = customerKeyOf(id, 1);
  await makeTarget(world, { customerKey, name: "Theirs" });
  await world.startBridge();
  await world.put(job);
  expect(await world.over(id)).toMatchObject({ status: "failed", error: { code: "QUERY_FAILED" } });
  await expect.poll(() => ledgerStates(id)).toEqual(["deleted", "deleted"]);
  expect(tableKeys(await state())).toContain(customerKey);
});

test("the name of a table that was just deleted counts as taken", async () => {
  const { id, job } = world.accept(sql);
  const [short = "", longer] = assetNames(id, undefined);
  await makeTarget(world, { customerKey: "Gone", name: short });
  await deleteTarget(world, "Gone");
  await world.startBridge();
  await world.put(job);
  await world.over(id);
  expect((await state()).dataExtensions.find(({ key }) => key === customerKeyOf(id, 1))?.name).toBe(longer);
});

test("clean-up deletes by the ledger's keys, whatever bridge made the assets", async () => {
  await world.startBridge();
  const { tables, queries } = await ourFolders();
  const { id, job } = world.accept(sql);
  const customerKey = customerKeyOf(id, 1);
  const table = await makeTarget(world, { customerKey, name: "QPP_Results_1", folderId: tables });
  const named = { name: "QPP_Results_1", targetKey: customerKey, targetName: "QPP_Results_1" };
  await makeQuery(world, { customerKey, ...named, folderId: queries });
  const asset = { attempt: 1, customerKey } as const;
  world.edge.note(id, { ...asset, state: "created", asset: "dataExtension", ...table, name: "QPP_Results_1" });
  world.edge.note(id, { ...asset, state: "intended", asset: "queryDefinition" });
  const before = (await deletes()).length;
  await cleanUpAfter(id, job);
  await expect.poll(() => ledgerStates(id)).toEqual(["deleted", "deleted"]);
  expect((await deletes()).slice(before)).toEqual(["SOAP Delete QueryDefinition", "SOAP Delete DataExtension"]);
  expect(tableKeys(await state())).not.toContain(customerKey);
  expect(activeKeys(await state())).not.toContain(customerKey);
});

test.each([
  ["in a folder of the user's", "QPP_Results_1", false],
  ["under a name of the user's", "Mine now", true],
] as const)("clean-up leaves a table that lies %s, and is done with it", async (_, name, isInOurs) => {
  await world.startBridge();
  const { tables } = await ourFolders();
  const { id, job } = world.accept(sql);
  const customerKey = customerKeyOf(id, 1);
  const table = await makeTarget(world, { customerKey, name, ...(isInOurs ? { folderId: tables } : {}) });
  world.edge.note(id, { state: "created", asset: "dataExtension", attempt: 1, customerKey, ...table, name });
  await cleanUpAfter(id, job);
  await expect.poll(() => ledgerStates(id)).toEqual(["deleted"]);
  expect(tableKeys(await state())).toContain(customerKey);
  expect(world.logged).toContainEqual(expect.objectContaining({ event: "asset kept for its user" }));
});

test("clean-up leaves a query that is in a folder of the user's", async () => {
  await world.startBridge();
  await ourFolders();
  await makeTarget(world, { customerKey: "Mine" });
  const { id, job } = world.accept(sql);
  const customerKey = customerKeyOf(id, 1);
  const query = await makeQuery(world, { customerKey, name: "QPP_Results_1", targetKey: "Mine" });
  world.edge.note(id, {
    state: "created",
    asset: "queryDefinition",
    attempt: 1,
    customerKey,
    ...query,
    name: "QPP_Results_1",
  });
  await cleanUpAfter(id, job);
  await expect.poll(() => ledgerStates(id)).toEqual(["deleted"]);
  expect(activeKeys(await state())).toContain(customerKey);
});

test.each([
  ["a Data Extension of a user's", "Mine"],
  ["the table of another run", customerKeyOf("0123456789abcdef0123456789abcd" as RunId, 1)],
])("clean-up never touches %s, even when a ledger says so", async (_, customerKey) => {
  await world.startBridge();
  const { tables } = await ourFolders();
  const { id, job } = world.accept(sql);
  const table = await makeTarget(world, { customerKey, name: "QPP_Results_1", folderId: tables });
  world.edge.note(id, {
    state: "created",
    asset: "dataExtension",
    attempt: 1,
    customerKey,
    ...table,
    name: "QPP_Results_1",
  });
  await cleanUpAfter(id, job);
  await expect.poll(() => world.logged.at(-1)).toMatchObject({ event: "clean-up unfinished", count: 1 });
  expect(tableKeys(await state())).toContain(customerKey);
});

test("clean-up leaves a table that a user has made under the run's key after the run's own was gone", async () => {
  await world.startBridge();
  const { tables } = await ourFolders();
  const { id, job } = world.accept(sql);
  const customerKey = customerKeyOf(id, 1);
  const asset = { asset: "dataExtension", attempt: 1, customerKey, name: "QPP_Results_1" } as const;
  world.edge.note(id, { ...asset, state: "created", objectId: "00000000-0000-0000-0000-000000000001" });
  await makeTarget(world, { customerKey, name: "QPP_Results_1", folderId: tables });
  await cleanUpAfter(id, job);
  await expect.poll(() => ledgerStates(id)).toEqual(["deleted"]);
  expect(tableKeys(await state())).toContain(customerKey);
});

test("a Delete that Marketing Cloud refuses for too many requests is sent again", async () => {
  await world.ask("faults", [{ call: "SOAP Delete QueryDefinition", as: "throttled" }]);
  await world.startBridge({ retryMinMs: 20 });
  const id = await world.submit(sql);
  await world.over(id);
  await expect.poll(() => ledgerStates(id)).toEqual(["deleted", "created"]);
  expect(activeKeys(await state())).not.toContain(customerKeyOf(id, 1));
});

test.each(["before", "after"] as const)(
  "a Delete whose answer is lost %s its effect is settled by looking again",
  async (drop) => {
    await world.ask("faults", [{ call: "SOAP Delete QueryDefinition", drop }]);
    await world.startBridge({ retryMinMs: 20 });
    const id = await world.submit(sql);
    await world.over(id);
    await expect.poll(() => ledgerStates(id)).toEqual(["deleted", "created"]);
    expect(activeKeys(await state())).not.toContain(customerKeyOf(id, 1));
  },
);

test("a clean-up stops when another start has claimed the run: the rest is for that one to delete", async () => {
  await world.startBridge();
  await world.ask("behaviours", { durationMs: 60_000 });
  let isClaimed = false;
  world.edge.trouble = ({ id, verb, body }) => {
    if (verb !== "transitions" || !body.includes('"deleted"') || isClaimed) return "answer";
    isClaimed = true;
    void claimAnew(world, id);
    // Sent again, it meets the newer epoch.
    return "refuse";
  };
  const id = await world.submit(sql);
  await expect.poll(() => world.edge.run(id)).toMatchObject({ phase: "executing" });
  world.edge.cancel(id);
  await world.redis.publish(cancelChannel, id);
  await expect.poll(() => world.edge.run(id).epoch).toBe(2);
  // Longer than a Delete takes; the table must not follow the query.
  await sleep(1500);
  expect(await deletes()).toEqual(["SOAP Delete QueryDefinition"]);
  expect(tableKeys(await state())).toContain(customerKeyOf(id, 1));
});

test("a clean-up that is delivered again deletes nothing twice", async () => {
  await world.startBridge();
  const { id, job } = world.accept("SELECT Nothing FROM Customers");
  await world.put(job);
  await world.over(id);
  await expect.poll(() => ledgerStates(id)).toEqual(["deleted", "deleted"]);
  const before = await deletes();
  await world.put({ ...job, delivery: 2 });
  await expect.poll(() => world.logged.at(-1)).toMatchObject({ event: "claimed", task: "none" });
  expect(await deletes()).toEqual(before);
});

test("a target run's ledger has its query only, so that no clean-up can reach the target", async () => {
  await makeTarget(world, { customerKey: "Mine" });
  await world.ask("behaviours", { durationMs: 60_000 });
  await world.startBridge({ runTimeoutMs: 1500 });
  const id = await world.submit("SELECT 'x' AS Id", { target: { customerKey: "Mine", mode: "append" } });
  expect(await world.over(id)).toMatchObject({
    status: "failed",
    error: { code: "TIMEOUT", detail: expect.stringContaining('"Mine"') },
  });
  await expect
    .poll(() => world.edge.ledger(id).map(({ asset, state: known }) => [asset, known]))
    .toEqual([["queryDefinition", "deleted"]]);
  expect(tableKeys(await state())).toContain("Mine");
});

test("a result table of another run is refused as a target: it would vanish with that run", async () => {
  await world.startBridge();
  const other = await world.submit(sql);
  await world.over(other);
  const id = await world.submit(sql, { target: { customerKey: customerKeyOf(other, 1), mode: "append" } });
  expect(await world.over(id)).toMatchObject({ status: "failed", error: { code: "TARGET_MISMATCH" } });
});
