import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { customerKeyOf } from "#run/names.ts";
import type { RunId } from "#protocol/ids.ts";
import { keepBridge } from "./support/kept-bridge.ts";
import { inHealing } from "./support/kill-points.ts";
import { performsOf } from "./support/ledger.ts";
import { makeTarget } from "./support/targets.ts";
import { useWorld } from "./support/use-world.ts";
import { tempDir } from "../support/temp-dir.ts";

const world = useWorld();

const truncated = "Query failed during execution. Error: String or binary data would be truncated.";
const sql = "SELECT CustomerKey, Balance FROM Customers WHERE 1 = 1";

type State = {
  dataExtensions: { key: string; rows: number }[];
  queries: { key: string; status: string }[];
};

const failing = (errorMsg: string, errorTimes: number) =>
  world.ask("behaviours", { durationMs: 100, errorMsg, errorTimes });

const ledgerOf = (id: RunId) =>
  world.edge.ledger(id).map(({ asset, attempt, state }) => `${asset} ${attempt} ${state}`);

async function ours(): Promise<string[]> {
  const { dataExtensions, queries } = await world.ask<State>("state");
  const active = queries.filter(({ status }) => status === "Active");
  return [...dataExtensions, ...active].map(({ key }) => key).filter((key) => key.startsWith("QPP_"));
}

test("a text that was too long is run again into a longer column, the others unchanged, and the run says so", async () => {
  await failing(truncated, 1);
  await world.startBridge();
  const id = await world.submit("SELECT CustomerKey, Balance, BirthDate, IsVIP FROM Customers WHERE 1 = 1");
  const run = await world.over(id);
  expect(run).toMatchObject({
    status: "ready",
    columns: [
      { name: "CustomerKey", type: "Text", maxLength: 4000 },
      { name: "Balance", type: "Decimal", precision: 12, scale: 2 },
      { name: "BirthDate", type: "Date" },
      { name: "IsVIP", type: "Boolean" },
    ],
    notes: [expect.stringMatching(/second time, with CustomerKey as Text\(4000\)/)],
    result: { customerKey: customerKeyOf(id, 2) },
    grant: { n: 2 },
  });
  expect(run.status === "ready" && run.rowCount).toBeGreaterThan(0);
  await expect
    .poll(() => ledgerOf(id))
    .toEqual([
      "queryDefinition 1 deleted",
      "dataExtension 1 deleted",
      "queryDefinition 2 deleted",
      "dataExtension 2 created",
    ]);
  expect(await ours()).toEqual([customerKeyOf(id, 2)]);
});

test("a FOR XML list that is longer than expected arrives whole, beside typed dates, numbers and flags", async () => {
  await world.startBridge();
  const list =
    "STUFF((SELECT ',' + o.ProductID FROM Orders o WHERE o.CustomerKey = c.CustomerKey FOR XML PATH('')), 1, 1, '') AS Products";
  const run = await world.over(
    await world.submit(`SELECT c.CustomerKey, ${list}, c.BirthDate, c.LoyaltyPoints, c.IsVIP FROM Customers c`),
  );
  expect(run).toMatchObject({ status: "ready" });
  const typed = "columns" in run ? run.columns?.slice(2).map(({ type }) => type) : [];
  expect(typed).toEqual(["Date", "Number", "Boolean"]);
});

test("a first table that could not be deleted is deleted when the object asks again, and the result stays", async () => {
  await failing(truncated, 1);
  // Three tries when it is replaced, and three at the run's end.
  await world.ask("faults", [{ call: "SOAP Delete DataExtension", status: 500, body: "", times: 6 }]);
  await world.startBridge({ retryMinMs: 10 });
  const { id, job } = world.accept(sql);
  await world.put(job);
  expect((await world.over(id)).status).toBe("ready");
  const others = ["queryDefinition 1 deleted", "queryDefinition 2 deleted", "dataExtension 2 created"];
  await expect.poll(() => ledgerOf(id)).toEqual(expect.arrayContaining(["dataExtension 1 created", ...others]));
  await expect.poll(() => world.logged.at(-1)).toMatchObject({ event: "clean-up unfinished", count: 1 });
  await world.put({ ...job, delivery: 2 });
  await expect.poll(() => ledgerOf(id)).toEqual(expect.arrayContaining(["dataExtension 1 deleted"]));
  // A bridge stops when its clean-up is finished.
  await world.stopBridges();
  expect(ledgerOf(id)).toEqual(expect.arrayContaining(others));
  expect(await ours()).toEqual([customerKeyOf(id, 2)]);
});

test.each([true, false])(
  "a lost answer to the second Perform is not settled with the first one's TaskID (statusWithoutKeys: %s)",
  async (statusWithoutKeys) => {
    await failing(truncated, 1);
    await world.ask("behaviours", { statusWithoutKeys });
    await world.ask("faults", [{ call: "SOAP Perform", drop: "after", nth: 2 }]);
    await world.startBridge({ pollMinMs: 60, notRunningGraceMs: 700 });
    const run = await world.over(await world.submit(sql));
    const { tasks } = await world.ask<{ tasks: { taskId: number }[] }>("state");
    const second = statusWithoutKeys ? undefined : String(tasks.at(-1)?.taskId);
    expect([run.status, run.grant?.n, run.grant?.taskId, tasks.length]).toEqual(["ready", 2, second, 2]);
  },
);

test("a query that fails the second time too ends the run, and nothing is left", async () => {
  await failing("String or binary data would be truncated in column 'x'. Truncated value: 'Ann Lee'.", 2);
  await world.startBridge();
  const id = await world.submit(sql);
  const run = await world.over(id);
  expect(run).toMatchObject({
    status: "failed",
    error: { code: "QUERY_FAILED", title: "A text is longer than its column" },
    notes: [expect.stringMatching(/second time/)],
  });
  expect(JSON.stringify(run)).not.toContain("Ann Lee");
  await expect.poll(ours).toEqual([]);
  const performs = world.edge
    .versions(id)
    .filter((version) => version.status === "running" && version.phase === "executing");
  expect(performs.map(({ grant }) => grant?.n)).toEqual([1, 2]);
});

test.each([
  ["a failed conversion", "Conversion failed when converting the varchar value 'Ann Lee' to data type int.", sql],
  ["a text of full length", truncated, "SELECT CAST(CustomerKey AS VARCHAR(4000)) AS k FROM Customers WHERE 1 = 1"],
])("there is no second shell where it would not help: %s", async (_, message, text) => {
  await failing(message, 1);
  await world.startBridge();
  const id = await world.submit(text);
  expect(await world.over(id)).toMatchObject({ status: "failed" });
  expect(world.edge.ledger(id).map(({ attempt }) => attempt)).toEqual([1, 1]);
});

test.each([
  ["a date that is none", "SELECT CustomerKey FROM Customers WHERE CreatedDate > '31/12/2024'"],
  ["a text beside a number", "SELECT c.CustomerKey FROM Customers c JOIN Orders o ON o.Quantity = c.FirstName"],
])("%s in the query itself is not run again", async (_, text) => {
  await world.startBridge();
  const id = await world.submit(text);
  expect(await world.over(id)).toMatchObject({ status: "failed", error: { code: "QUERY_FAILED" } });
  expect(world.edge.ledger(id).map(({ attempt }) => attempt)).toEqual([1, 1]);
});

const deadlocked =
  "Transaction (Process ID 65) was deadlocked on lock resources with another process and has been chosen as the deadlock victim. Rerun the transaction.";

test("a query that a deadlock ended is run again with its columns unchanged, and the run says so", async () => {
  await failing(deadlocked, 1);
  await world.startBridge();
  const id = await world.submit(sql);
  expect(await world.over(id)).toMatchObject({
    status: "ready",
    columns: [
      { name: "CustomerKey", type: "Text", maxLength: 50 },
      { name: "Balance", type: "Decimal" },
    ],
    notes: [expect.stringMatching(/deadlock.*second time/)],
    result: { customerKey: customerKeyOf(id, 2) },
    grant: { n: 2 },
  });
  await expect.poll(ours).toEqual([customerKeyOf(id, 2)]);
});

test("a second deadlock ends the run with an explanation", async () => {
  await failing(deadlocked, 3);
  await world.startBridge();
  const id = await world.submit(sql);
  expect(await world.over(id)).toMatchObject({
    status: "failed",
    error: { title: "The query met a deadlock", fix: expect.stringMatching(/^Run the query again/) },
    grant: { n: 2 },
  });
});

test("a deadlock of a run into a target ends it, and nothing is run again", async () => {
  await makeTarget(world, { customerKey: "Mine" });
  await failing(deadlocked, 1);
  await world.startBridge();
  const into = { target: { customerKey: "Mine", mode: "append" as const } };
  const run = await world.over(await world.submit("SELECT CustomerKey AS Id FROM Customers WHERE 1 = 1", into));
  expect(run).toMatchObject({ status: "failed", error: { title: "The query met a deadlock" }, grant: { n: 1 } });
});

test("a canceled run gets no second shell", async () => {
  await failing(truncated, 1);
  await world.startBridge();
  const { id, job } = world.accept(sql);
  world.edge.trouble = ({ body }) => {
    if (body.includes('"misfit"')) world.edge.cancel(id);
    return "answer";
  };
  await world.put(job);
  expect((await world.over(id)).status).toBe("canceled");
  await expect.poll(ours).toEqual([]);
  expect(world.edge.ledger(id).every(({ attempt }) => attempt === 1)).toBe(true);
});

test("a bridge killed right after it asked for a second shell: the next one creates it", async () => {
  await failing(truncated, 1);
  const dir = await tempDir();
  const bridge = keepBridge({
    ...world.environment,
    SQE_TIME_SCALE: "10",
    SQE_FAIL_AT: inHealing,
    SQE_FAIL_ONCE_FILE: join(dir, "killed"),
  });
  try {
    const id = await world.submit(sql);
    expect(await world.over(id)).toMatchObject({ status: "ready", result: { customerKey: customerKeyOf(id, 2) } });
    // Where waits are short, a bridge that stands still for a second may need one more grant (D81), and no more performs.
    expect(await performsOf(world, id)).toEqual({ performs: 2, applied: 1 });
    expect(bridge.deaths).toEqual(["SIGKILL"]);
    await expect.poll(ours).toEqual([customerKeyOf(id, 2)]);
  } finally {
    await bridge.end();
    await rm(dir, { recursive: true, force: true });
  }
});
