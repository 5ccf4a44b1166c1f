import { expect, test, vi } from "vitest";
import type { RunId } from "#protocol/ids.ts";
import { cancelChannel } from "#protocol/redis-keys.ts";
import { mceCalls, watchFor, type MceCall } from "./support/mce-calls.ts";
import { performsOf } from "./support/ledger.ts";
import { useWorld } from "./support/use-world.ts";

// R10 at every hop: whatever a run is doing when its user cancels, it stays canceled, is never performed without a grant,
// and nothing of it is left.

const world = useWorld({ behaviours: { durationMs: 300 } });

type State = { dataExtensions: { key: string }[]; queries: { key: string; status: string }[] };

const sql = "SELECT * FROM Customers";
const stillFinishing = expect.stringContaining("may still be finishing");

async function nothingIsLeft(id: RunId): Promise<void> {
  const check = async () => {
    expect(world.edge.ledger(id).filter(({ state }) => state !== "deleted")).toEqual([]);
    const { dataExtensions, queries } = await world.ask<State>("state");
    expect(dataExtensions.filter(({ key }) => key.includes(id))).toEqual([]);
    expect(queries.filter(({ key, status }) => key.includes(id) && status === "Active")).toEqual([]);
  };
  await vi.waitFor(check, { timeout: 12_000, interval: 20 });
}

/** Cancels as the object does: first its status, then the message to all bridges. */
async function cancel(id: RunId): Promise<void> {
  world.edge.cancel(id);
  await world.redis.publish(cancelChannel, id);
}

/** What the bridge reports to the object, in the order of a run. */
const words = [
  ["claim", /claimId/],
  ["planned", /"planned"/],
  ["the note of the table", /"created".*"dataExtension"/],
  ["the note of the query", /"created".*"queryDefinition"/],
  ["grant", /nonce/],
  ["performed", /"performed"/],
  ["confirming", /"confirming"/],
  ["ready", /"ready"/],
] as const;
const afterGrant = ["performed", "confirming", "ready"];

test.each(words)(
  "canceled just before the object receives %s, with the message lost: it stays canceled",
  async (name, word) => {
    let version = 0;
    world.edge.trouble = ({ id, body }) => {
      if (version === 0 && word.test(body)) {
        world.edge.cancel(id as RunId);
        ({ version } = world.edge.run(id as RunId));
      }
      return "answer";
    };
    await world.startBridge({ aliveMs: 200 });
    const id = await world.submit(sql);
    await world.over(id);
    await nothingIsLeft(id);
    expect(version).toBeGreaterThan(0);
    expect(world.edge.run(id)).toMatchObject({ status: "canceled", version });
    const wasGranted = afterGrant.includes(name);
    expect((await performsOf(world)).performs).toBe(wasGranted ? 1 : 0);
    expect(world.edge.run(id).notes).toEqual(wasGranted ? [stillFinishing] : []);
  },
);

const effects: readonly MceCall[] = ["SOAP Create DataExtension", "SOAP Create QueryDefinition", "SOAP Perform"];
const reads = (Object.keys(mceCalls) as MceCall[]).filter((call) => !effects.includes(call));

test.each(effects)("%s is on its way when the user cancels: awaited, then undone", async (call) => {
  await world.ask("faults", [{ call, delayMs: 1000 }]);
  const watch = watchFor(call);
  await world.startBridge();
  const id = await world.submit(sql);
  await watch.sent;
  await cancel(id);
  const { version } = world.edge.run(id);
  await nothingIsLeft(id);
  expect(world.edge.run(id)).toMatchObject({ status: "canceled", version });
  const isPerform = call === "SOAP Perform";
  expect((await performsOf(world)).performs).toBe(isPerform ? 1 : 0);
  expect(world.edge.run(id).notes).toEqual(isPerform ? [stillFinishing] : []);
});

test.each(reads)("%s is on its way when the user cancels: not waited for", async (call) => {
  const delayMs = 8000;
  await world.ask("behaviours", { durationMs: 1500, statusStuck: call === "REST isrunning" });
  await world.ask("faults", [{ call, delayMs }]);
  const watch = watchFor(call);
  await world.startBridge();
  const id = await world.submit(sql);
  await watch.sent;
  const canceledAt = performance.now();
  await cancel(id);
  const { version } = world.edge.run(id);
  await vi.waitFor(() => expect(world.logged).toContainEqual(expect.objectContaining({ event: "start ended" })), {
    timeout: delayMs,
    interval: 10,
  });
  expect(performance.now() - canceledAt).toBeLessThan(delayMs / 2);
  await nothingIsLeft(id);
  expect(world.edge.run(id)).toMatchObject({ status: "canceled", version });
});
