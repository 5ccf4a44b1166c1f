import { createExecutionContext, createScheduledController, env, waitOnExecutionContext } from "cloudflare:test";
import { expect, it } from "vitest";
import worker from "../../src/worker/index.ts";
import { ask, post, submit } from "./support/api.ts";
import { actionsOf, rowsAsOwner } from "./support/owner.ts";
import { stranger, type Person } from "./support/people.ts";
import { breakDown } from "./support/stand-ins.ts";

async function entriesOf({ sub }: Person) {
  return rowsAsOwner(
    "select action, run_id, mid::int, detail, actor from sqe.audit_log where user_id = $1 order by id",
    [sub],
  );
}

it("a run, a cancel and the reading of a table are in the audit log, without SQL and without rows", async () => {
  const person = stranger();
  const { id } = await submit("SELECT CustomerKey AS canary FROM Customers", person);
  const target = { customerKey: "Some_Target", mode: "append" };
  await post("/v1/runs", { sql: "SELECT 1 AS A", target }, {}, person);
  await ask(`/v1/runs/${id}/cancel`, { method: "POST" }, person);
  await ask(`/v1/runs/${id}/cancel`, { method: "POST" }, person);
  for (const page of [1, 1]) await ask(`/v1/tables/Customers/rows?page=${page}`, {}, person);
  await expect.poll(() => actionsOf(person)).toHaveLength(4);
  const entries = await entriesOf(person);
  expect(entries.map(({ action }) => action).toSorted((one, other) => (String(one) < String(other) ? -1 : 1))).toEqual([
    "cancel",
    "preview",
    "run",
    "run",
  ]);
  const of = (action: string) => entries.find((entry) => entry["action"] === action);
  expect(of("cancel")).toMatchObject({ run_id: id, mid: person.mid, actor: "user" });
  expect(of("preview")).toMatchObject({ detail: { table: "Customers" } });
  expect(entries).toContainEqual(expect.objectContaining({ detail: { target: "Some_Target", mode: "append" } }));
  expect(JSON.stringify(entries)).not.toMatch(/canary|SELECT|Ann|Norway/);
});

it("a repeated Idempotency-Key is one entry", async () => {
  const person = stranger();
  const headers = { "Idempotency-Key": crypto.randomUUID() };
  for (const sql of ["SELECT 1 AS A", "SELECT 1 AS A"]) await post("/v1/runs", { sql }, headers, person);
  await expect.poll(() => actionsOf(person)).toEqual(["run"]);
});

it("a run is accepted although its entry cannot be written", async () => {
  const person = stranger();
  await submit("SELECT 1 AS A", person);
  await breakDown("postgres", "audit_log");
  expect((await post("/v1/runs", { sql: "SELECT 1 AS A" }, {}, person)).status).toBe(202);
});

it("entries are deleted after 400 days by the hourly trigger", async () => {
  const person = stranger();
  const insert = `insert into sqe.audit_log (tenant_id, user_id, action, at) values ($1, $2, $3, now() - $4::interval)`;
  for (const [action, age] of [
    ["old", "401 days"],
    ["young", "399 days"],
  ])
    await rowsAsOwner(insert, [person.tenant, person.sub, action, age]);
  const context = createExecutionContext();
  const calm = { ...env, SQE_TIME_SCALE: `${1 / 7_200_000}`, SQE_RUNS_KEPT_DAYS: "0" };
  const trigger = createScheduledController({ scheduledTime: new Date(), cron: "17 * * * *" });
  await worker.scheduled(trigger, calm);
  await waitOnExecutionContext(context);
  expect(await actionsOf(person)).toEqual(["young"]);
});
