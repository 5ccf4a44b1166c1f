import { expect, test, vi } from "vitest";
import type { RunId } from "#protocol/ids.ts";
import { runLogStream } from "#protocol/redis-keys.ts";
import { useWorld } from "./support/use-world.ts";

const world = useWorld({ behaviours: { durationMs: 60_000 } });

const sql = "SELECT * FROM Customers";
const runTimeoutMs = 2500;

/** When the run ended, in milliseconds after the grant of its Perform. */
function tookMs(id: RunId): number {
  const { grant, ...run } = world.edge.run(id);
  return "endedAt" in run && grant !== undefined ? run.endedAt - grant.at : Number.NaN;
}

async function timesOut(id: RunId): Promise<void> {
  const run = await world.over(id);
  const error = { code: "TIMEOUT", detail: expect.stringMatching(/had not finished .* it may still be finishing/) };
  expect(run).toMatchObject({ status: "failed", error });
  expect(tookMs(id)).toBeGreaterThanOrEqual(runTimeoutMs);
  expect(tookMs(id)).toBeLessThan(runTimeoutMs + 2000);
  await vi.waitFor(() => expect(world.edge.ledger(id).map(({ state }) => state)).toEqual(["deleted", "deleted"]), {
    timeout: 30_000,
  });
}

test("the bridge ends a run whose deadline has passed, and deletes what it created", async () => {
  await world.startBridge({ runTimeoutMs });
  const id = await world.submit(sql);
  await timesOut(id);
  // The last poll's evidence is reported with it, for ?debug=1.
  const told = (await world.redis.xrange(runLogStream(id), "-", "+")).map(([, [, text]]) => JSON.parse(text ?? ""));
  expect(told.find(({ type }) => type === "failed")).toMatchObject({
    evidence: { verdict: "running", why: "no-sign-of-the-end", wasRunning: true },
  });
});

test.each(["SOAP Retrieve AsyncActivityStatus", "REST isrunning"])(
  "%s that hangs at the deadline does not delay the end",
  async (call) => {
    await world.ask("faults", [{ call, times: 9, delayMs: 12_000 }]);
    await world.startBridge({ runTimeoutMs });
    await timesOut(await world.submit(sql));
  },
);

test("a run that waits outside the processor comes back for its deadline", async () => {
  await world.startBridge({ runTimeoutMs, inProcessWaitMs: 100, pollMinMs: 10_000, pollMaxMs: 10_000 });
  await timesOut(await world.submit(sql));
});

test("the deadline is counted from the grant", async () => {
  await world.ask("behaviours", { durationMs: 300 });
  await world.ask("faults", [{ call: "SOAP Create DataExtension", delayMs: 6000 }]);
  await world.startBridge({ runTimeoutMs: 5500 });
  expect((await world.over(await world.submit(sql))).status).toBe("ready");
});
