import { createScheduledController, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it, vi } from "vitest";
import type { RunObject } from "#run-object/object.ts";
import { intakeStream } from "#protocol/redis-keys.ts";
import { hourlySweepId } from "#protocol/sweep.ts";
import type { RunView } from "#run/view.ts";
import { clientsOf } from "../../src/worker/clients.ts";
import worker from "../../src/worker/index.ts";
import { reconcileRuns } from "../../src/worker/cron/reconcile.ts";
import { readFrames } from "../support/sse.ts";
import { admin, rowsOf } from "./support/admin.ts";
import { ask, bodyOf, Bridge, columns, readRun, submit } from "./support/api.ts";
import { letPass, objectOf, tablesOf } from "./support/object.ts";
import { bindings, bob, stranger, type Person } from "./support/people.ts";
import { redis } from "./support/redis.ts";
import { breakDown } from "./support/stand-ins.ts";

/** Two programs on a busy machine may take a while. */
const soon = { timeout: 30_000 };

/** The Worker's Cron Triggers, as it is deployed with them. */
const crons = JSON.parse(bindings["TEST_CRONS"] ?? "[]") as string[];
const day = 24 * 60 * 60 * 1000;
/** Two minutes become ten days, as in `pass`, and no run of another file is deleted. */
const slow = { ...env, SQE_TIME_SCALE: `${1 / 7200}`, SQE_RUNS_KEPT_DAYS: "0" };
const sql = "SELECT CustomerKey FROM Customers";

/**
 * One pass over runs that were not asked for within ten days: no run of another test file is that old. Their objects are
 * in stores of their own, so that from here they would look lost.
 */
function pass() {
  const clients = clientsOf(env);
  const settings = { ...clients.config.settings, reconcileMs: 10 * day };
  return reconcileRuns(env, { ...clients, config: { ...clients.config, settings } }, Date.now());
}

/** Makes a run look as if it was not asked for within eleven days. */
const forget = (id: string) => admin("update sqe.runs set seen_at = seen_at - interval '11 days' where id = $1", [id]);

/** The newest run of a person as the list shows it, which reads Postgres only. */
async function listed(person: Person): Promise<RunView> {
  const [view] = (await bodyOf<{ runs: RunView[] }>(await ask("/v1/runs", {}, person))).runs;
  if (view === undefined) throw new Error("no run in the list");
  return view;
}

/** A run whose object has lost everything, as after a restore of its storage. */
async function aLostRun(person: Person): Promise<RunView> {
  const { id } = await submit(sql, person);
  await new Bridge(id).perform();
  await vi.waitFor(async () => expect(await listed(person)).toMatchObject({ status: "running", version: 4 }), soon);
  await lose(id);
  return listed(person);
}

/** Takes everything from a run's object. */
function lose(id: string): Promise<void> {
  return runInDurableObject(objectOf(id), async (_object: RunObject, { storage }) => {
    await storage.deleteAlarm();
    await storage.deleteAll();
  });
}

it("reconcileRuns() ends a live row whose object is gone, and stores nothing for it", async () => {
  const person = stranger();
  const before = await aLostRun(person);
  await pass();
  expect(await listed(person)).toEqual(before);
  await forget(before.id);
  expect(await pass()).toEqual({ asked: 1, failed: 0 });
  const { phase: _phase, ...rest } = before;
  expect(await listed(person)).toEqual({
    ...rest,
    status: "failed",
    version: 5,
    endedAt: expect.any(String),
    error: expect.objectContaining({ code: "INTERNAL", title: "The run was lost" }),
  });
  expect(await tablesOf(before.id)).toEqual([]);
  await forget(before.id);
  expect(await pass()).toEqual({ asked: 0, failed: 0 });
});

it("scheduled() reconciles at both Cron Triggers of wrangler.toml, and asks for the sweep at the hourly one", async () => {
  const said: Record<string, string[]> = {};
  for (const [at, cron] of crons.entries()) {
    const person = stranger();
    const { id, status: before } = await aLostRun(person);
    await forget(id);
    const scheduledTime = new Date(Date.UTC(2026, 10, 26, at));
    await worker.scheduled(createScheduledController({ scheduledTime, cron }), slow);
    const sweepId = hourlySweepId(scheduledTime.getTime());
    const isSwept = JSON.stringify(await redis("XRANGE", intakeStream, "-", "+")).includes(sweepId);
    const isReconciled = (await listed(person)).status !== before;
    said[cron] = [...(isSwept ? ["sweep"] : []), ...(isReconciled ? ["reconciliation"] : [])];
  }
  expect(said).toEqual({ "17 * * * *": ["sweep", "reconciliation"], "*/2 * * * *": ["reconciliation"] });
});

it("scheduled() reconciles at the hourly Cron Trigger although Redis takes no sweep, and then says what failed", async () => {
  const person = stranger();
  const { id } = await aLostRun(person);
  await forget(id);
  const hour = new Date(Date.UTC(2027, 0, 1, 5));
  await breakDown("redis", hourlySweepId(hour.getTime()));
  const ticked = worker.scheduled(createScheduledController({ scheduledTime: hour, cron: "17 * * * *" }), slow);
  await expect(ticked).rejects.toThrow(/^Cannot put "sweep" on the intake: Redis did not answer$/);
  expect(await listed(person)).toMatchObject({ status: "failed" });
});

it.each(["GET", "POST"])("a lost run is ended at the first %s", async (method) => {
  const person = stranger();
  const { id } = await aLostRun(person);
  const answer = await ask(`/v1/runs/${id}${method === "GET" ? "" : "/cancel"}`, { method }, person);
  expect([answer.status, await bodyOf<RunView>(answer)]).toMatchObject([200, { status: "failed", version: 5 }]);
  expect(await listed(person)).toMatchObject({ status: "failed" });
});

it.each(["events", "results"])("a lost run is ended at the first request for its %s", async (part) => {
  const person = stranger();
  const { id } = await aLostRun(person);
  await (await ask(`/v1/runs/${id}/${part}`, {}, person)).text();
  expect(await listed(person)).toMatchObject({ status: "failed", version: 5 });
});

it("events of a lost run show its end to a client that has not seen it, also after the reconciler", async () => {
  const person = stranger();
  const { id } = await aLostRun(person);
  const follow = (headers: Record<string, string> = {}) => ask(`/v1/runs/${id}/events`, { headers }, person);
  for (const headers of [{ "last-event-id": "4" }, { "last-event-id": "1" }, {}, { "last-event-id": "nonsense" }]) {
    const answer = await follow(headers);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/event-stream; charset=utf-8"]);
    const [retry, run, end, ...more] = await readFrames(answer).rest();
    expect([retry, run?.event, run?.id, end, more]).toEqual([
      { retry: "1000" },
      "run",
      "5",
      { event: "end", data: "{}" },
      [],
    ]);
    expect(JSON.parse(run?.data ?? "")).toEqual(await listed(person));
  }
  for (const seen of ["5", "99"]) expect((await follow({ "last-event-id": seen })).status).toBe(204);
  // Two days after the end every object is purged: then events are over for every client.
  await letPass(id, 2 * day);
  expect((await follow({ "last-event-id": "4" })).status).toBe(204);
});

it("events of a lost run that cannot be ended yet make the client come back", async () => {
  const person = stranger();
  const { id } = await aLostRun(person);
  const repair = await breakDown("postgres", "end_lost_run");
  const follow = (seen: string) => ask(`/v1/runs/${id}/events`, { headers: { "last-event-id": seen } }, person);
  expect(await readFrames(await follow("4")).rest()).toEqual([{ retry: "1000" }]);
  expect((await readFrames(await follow("3")).rest()).map(({ event, id }) => [event, id])).toEqual([
    [undefined, undefined],
    ["run", "4"],
  ]);
  await repair();
  expect((await readFrames(await follow("4")).rest()).at(-1)).toEqual({ event: "end", data: "{}" });
});

it("a lost run has no results, and the answer says how the run stands", async () => {
  const person = stranger();
  const { id } = await aLostRun(person);
  const answer = await ask(`/v1/runs/${id}/results`, {}, person);
  expect([answer.status, await answer.json()]).toMatchObject([409, { code: "RUN_NOT_READY", runStatus: "failed" }]);
});

it("results of a ready run whose object is lost are 410 early, and say so", async () => {
  const person = stranger();
  const { id } = await submit(sql, person);
  const bridge = new Bridge(id);
  await bridge.perform();
  await bridge.report({ type: "ready", result: { customerKey: "Customers" }, rowCount: 1, columns, notes: [] });
  await vi.waitFor(async () => expect(await listed(person)).toMatchObject({ status: "ready" }), soon);
  await lose(id);
  const rows = await ask(`/v1/runs/${id}/results`, {}, person);
  const { code, detail } = await bodyOf(rows);
  expect([rows.status, code, detail]).toEqual([
    410,
    "RESULT_EXPIRED",
    expect.stringContaining("no longer knows where"),
  ]);
  const frames = await readFrames(await ask(`/v1/runs/${id}/events`, {}, person)).rest();
  expect(frames.map(({ event }) => event)).toEqual([undefined, "run", "end"]);
});

it.each(["", "/events", "/results"])(
  "a lost run is visible to its owner only, and nobody else ends it: GET %s",
  async (part) => {
    const person = stranger();
    const { id } = await aLostRun(person);
    const answer = await ask(`/v1/runs/${id}${part}`, {}, bob);
    expect([answer.status, (await bodyOf(answer)).code]).toEqual([404, "RUN_NOT_FOUND"]);
    expect(await listed(person)).toMatchObject({ status: "running", version: 4 });
  },
);

it("reconcileRuns() leaves a live run alone", async () => {
  const person = stranger();
  const { id } = await submit(sql, person);
  await new Bridge(id).perform();
  const before = await readRun(id, person);
  await vi.waitFor(async () => expect(await listed(person)).toEqual(before), soon);
  await forget(id);
  expect(await pass()).toEqual({ asked: 1, failed: 0 });
  expect([await readRun(id, person), await listed(person)]).toEqual([before, before]);
});

it("reconcileRuns() rewrites a row of which Postgres has lost versions", async () => {
  const person = stranger();
  const { id } = await submit(sql, person);
  await vi.waitFor(async () => expect(await listed(person)).toMatchObject({ status: "queued" }), soon);
  const old = await listed(person);
  const canceled = await bodyOf<RunView>(await ask(`/v1/runs/${id}/cancel`, { method: "POST" }, person));
  await vi.waitFor(async () => expect(await listed(person)).toEqual(canceled), soon);
  const view = JSON.stringify(old);
  await admin("update sqe.runs set status = 'queued', version = 1, view = $2::jsonb where id = $1", [id, view]);
  await forget(id);
  await pass();
  expect(await listed(person)).toEqual(canceled);
});

it("reconcileRuns() asks for each run once when two passes run at the same time", async () => {
  const person = stranger();
  const { id } = await aLostRun(person);
  await forget(id);
  const passes = await Promise.all([pass(), pass()]);
  expect(passes[0].asked + passes[1].asked).toBe(1);
  expect(await listed(person)).toMatchObject({ status: "failed", version: 5 });
});

it("reconcileRuns() counts the runs it could not ask for, and asks for all others", async () => {
  const people = [stranger(), stranger()] as const;
  const broken = await aLostRun(people[0]);
  const other = await aLostRun(people[1]);
  for (const { id } of [broken, other]) await forget(id);
  const repair = await breakDown("postgres", broken.id);
  expect(await pass()).toEqual({ asked: 2, failed: 1 });
  await repair();
  expect([await listed(people[0]), await listed(people[1])]).toMatchObject([
    { status: "running" },
    { status: "failed" },
  ]);
  await forget(broken.id);
  expect(await pass()).toEqual({ asked: 1, failed: 0 });
  expect(await listed(people[0])).toMatchObject({ status: "failed" });
});

it("the edge may read only the ids and versions of other people's runs", async () => {
  const { id } = await submit(sql, stranger());
  await vi.waitFor(async () => expect(await rowsOf(id)).toBe(1), soon);
  await forget(id);
  const { systemDatabase } = clientsOf(env);
  const taken = await systemDatabase.execute("select * from sqe.take_stale_runs(now(), now() - interval '10 days', 9)");
  expect(taken.rows).toEqual([{ id, version: 1 }]);
  await expect(systemDatabase.execute("select id from sqe.runs")).rejects.toThrow();
});
