import { beforeEach, expect, test } from "vitest";
import type { FieldDefinition } from "#mce/soap/field.ts";
import type { RunId } from "#protocol/ids.ts";
import type { Run } from "#run/run.ts";
import type { Target } from "#protocol/target.ts";
import { fillTarget, makeTarget } from "./support/targets.ts";
import { callsOf } from "./support/ledger.ts";
import { useWorld } from "./support/use-world.ts";

const world = useWorld({ behaviours: { durationMs: 150, statusWithoutKeys: true } });

beforeEach(async () => {
  await makeTarget(world, { customerKey: "Mine", fields });
  await fillTarget(
    world,
    "Mine",
    Array.from({ length: 1000 }, (_, id) => ({ Id: `r${id}`, Points: id })),
  );
});

const fields: readonly FieldDefinition[] = [
  { name: "Id", fieldType: "Text", maxLength: 50, isPrimaryKey: true },
  { name: "Points", fieldType: "Number" },
];
const waits = {
  pollMinMs: 60,
  notRunningGraceMs: 500,
  settleMs: 100,
  stoppedAloneMs: 100,
  retryMinMs: 50,
  effectTimeoutMs: 1500,
  validateTimeoutMs: 3000,
};

const added = "SELECT TOP 204 CustomerKey AS Id, 1 AS Points FROM Customers";
const selfReading = "SELECT Id, Points + 1 AS Points FROM Mine";
const lost = { call: "SOAP Perform", drop: "after" };
const neverSent = { call: "SOAP Perform", drop: "before" };
/** Assets take a while to create, so that the count has arrived before the start even on a slow machine. */
const slowly = { call: "SOAP Create QueryDefinition", delayMs: 500, times: 9 };
const into = (mode: Target["mode"]) => ({ target: { customerKey: "Mine", mode } });

async function runWith(faults: readonly object[], sql: string, mode: Target["mode"]): Promise<Run> {
  await world.ask("faults", [slowly, ...faults]);
  await world.startBridge(waits);
  return world.over(await world.submit(sql, into(mode)));
}

const detailOf = (run: Run) => (run.status === "failed" ? run.error.detail : run.status);

async function rowsetCalls(): Promise<number> {
  return (await callsOf(world)).filter((call) => call === "REST rowset").length;
}

test("an append with an unknown outcome says how many rows its target had and has", async () => {
  const run = await runWith([lost], added, "append");
  expect(run).toMatchObject({ status: "failed", error: { code: "OUTCOME_UNKNOWN" } });
  expect(detailOf(run)).toContain('"Mine" had 1,000 rows before, has 1,204 now');
  expect(detailOf(run)).toContain("204 more");
  expect(await rowsetCalls()).toBe(2);
});

test("an append that never started says that no rows have arrived yet", async () => {
  const detail = detailOf(await runWith([neverSent], added, "append"));
  expect(detail).toContain('"Mine" had 1,000 rows before, has 1,000 now');
  expect(detail).toContain("none");
});

test("an update that reads its target says that the number alone proves nothing", async () => {
  const detail = detailOf(await runWith([lost], selfReading, "update"));
  expect(detail).toContain('"Mine" had 1,000 rows before, has 1,000 now');
  expect(detail).toContain("without adding any");
});

test("the number outlives the bridge that read it", async () => {
  await world.ask("behaviours", { durationMs: 3000, queuedMs: 0 });
  await world.ask("faults", [slowly, lost]);
  const bridge = await world.startBridge(waits);
  const id: RunId = await world.submit(added, into("append"));
  await expect.poll(() => world.edge.run(id).grant?.state).toBe("open");
  await expect.poll(async () => (await world.ask<{ tasks: unknown[] }>("state")).tasks.length).toBe(1);
  await bridge.close();
  await world.startBridge(waits);
  expect(detailOf(await world.over(id))).toContain("had 1,000 rows before, has 1,204 now");
});

test.each([
  ["fails", { as: "server-error" }],
  ["is refused", { status: 404, body: {} }],
  ["hangs", { hang: true }],
])("a count that %s delays no run, and is not shown", async (_, fault) => {
  const count = { call: "REST rowset", times: 2, ...fault };
  const begun = performance.now();
  const ready = await runWith([count], added, "append");
  expect(ready.status).toBe("ready");
  // A run does not wait for a count that is late: the call would have 30 s.
  expect(performance.now() - begun).toBeLessThan(10_000);
  await world.ask("faults", [{ ...count, times: 10 }, lost]);
  const run = await world.over(await world.submit(`${added} ORDER BY CustomerKey DESC`, into("append")));
  expect(run).toMatchObject({ error: { code: "OUTCOME_UNKNOWN" } });
  expect(detailOf(run)).not.toContain("before");
});

test("a count that arrived after the start is not used as the count before it", async () => {
  await world.ask("behaviours", { durationMs: 4000, queuedMs: 0 });
  const run = await runWith([{ call: "REST rowset", delayMs: 2500 }, lost], added, "append");
  expect(run).toMatchObject({ error: { code: "OUTCOME_UNKNOWN" } });
  expect(detailOf(run)).not.toContain("before");
});

test("a target that cannot be counted a second time is shown with its first count", async () => {
  const run = await runWith([{ call: "REST rowset", nth: 2, as: "server-error", times: 9 }, lost], added, "append");
  expect(detailOf(run)).toContain('"Mine" had 1,000 rows before');
  expect(detailOf(run)).not.toContain("now,");
});

test("an append costs one more call, an overwrite and a plain update none", async () => {
  await world.startBridge(waits);
  const calls: number[] = [];
  for (const mode of ["overwrite", "update", "append"] as const) {
    const before = await rowsetCalls();
    const run = await world.over(await world.submit(added, into(mode)));
    expect(["ready", "failed"]).toContain(run.status);
    calls.push((await rowsetCalls()) - before);
  }
  expect(calls).toEqual([0, 0, 1]);
});
