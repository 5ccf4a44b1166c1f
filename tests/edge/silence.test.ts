import { expect, it, vi } from "vitest";
import { runLogField, runLogStream } from "#protocol/redis-keys.ts";
import type { ClaimAnswer } from "#protocol/claim.ts";
import { RunId } from "#protocol/ids.ts";
import { ask, Bridge, bodyOf, columns, readRun, submit } from "./support/api.ts";
import { letPass, unsent } from "./support/object.ts";
import { breakDown, jobsOf, redis } from "./support/stand-ins.ts";

const soon = { timeout: 30_000 };

const sec = 1000;
const result = { customerKey: "QPP_0123456789abcdef0123456789abcd_1" };

/** Writes a transition into the run's log only, as a bridge that cannot reach the edge does. */
async function log(bridge: Bridge, rest: Record<string, unknown>): Promise<string> {
  const text = JSON.stringify({ epoch: bridge.epoch, seq: (bridge.seq += 1), ...rest });
  await redis(["XADD", runLogStream(RunId.parse(bridge.id)), "*", runLogField, text]);
  return text;
}

const deliveries = async (id: string) => (await jobsOf(id)).map(({ delivery }) => delivery);

/** Waits until the stream has `count` jobs of a run and its object's outbox is empty. */
const put = (id: string, count: number) =>
  vi.waitFor(async () => {
    expect(await jobsOf(id)).toHaveLength(count);
    expect(await unsent(id)).toBe(0);
  }, soon);

/** A run whose query executes, with its job taken off the stream. */
async function anExecutingRun(): Promise<Bridge> {
  const { id } = await submit();
  await put(id, 1);
  const bridge = new Bridge(id);
  await bridge.perform();
  return bridge;
}

it("an unclaimed run is delivered again after 15 s, then after twice as long", async () => {
  const { id } = await submit();
  await put(id, 1);
  await letPass(id, 14 * sec);
  expect(await deliveries(id)).toEqual([1]);
  await letPass(id, 2 * sec);
  await put(id, 2);
  await letPass(id, 25 * sec);
  expect(await deliveries(id)).toEqual([1, 2]);
  await letPass(id, 10 * sec);
  await put(id, 3);
  expect(await deliveries(id)).toEqual([1, 2, 3]);
});

it("a Redis that lost everything gets the job of an unclaimed run back", async () => {
  const { id } = await submit();
  await put(id, 1);
  await redis(["DEL", "sqe:intake"]);
  await letPass(id, 16 * sec);
  await put(id, 1);
  expect(await deliveries(id)).toEqual([2]);
});

it("what a silent bridge could only log is folded after 45 s and reaches watchers", async () => {
  const bridge = await anExecutingRun();
  await log(bridge, { type: "confirming" });
  const ready = await log(bridge, { type: "ready", result, rowCount: 7, columns, notes: [] });
  await letPass(bridge.id, 44 * sec);
  expect(await readRun(bridge.id)).toMatchObject({ status: "running", version: 4 });
  await letPass(bridge.id, 2 * sec);
  // An alarm of the object's own may be at work already.
  await expect.poll(() => readRun(bridge.id)).toMatchObject({ status: "ready", version: 6, rowCount: 7 });
  // The bridge pushes it after all: a repeat, because it is the same text.
  const late = await bridge.say("transitions", JSON.parse(ready));
  expect([late.status, await bodyOf(late)]).toEqual([200, { status: "ready", version: 6, seq: bridge.seq }]);
});

it("a log with news counts as a sign of life; without one the job is delivered again after 90 s", async () => {
  const bridge = await anExecutingRun();
  await letPass(bridge.id, 46 * sec);
  await letPass(bridge.id, 40 * sec);
  await log(bridge, { type: "confirming" });
  // 90 s have passed, but the log is read once more before the job is delivered.
  await letPass(bridge.id, 5 * sec);
  await expect.poll(() => readRun(bridge.id)).toMatchObject({ phase: "confirming" });
  expect(await deliveries(bridge.id)).toEqual([1]);
  await letPass(bridge.id, 91 * sec);
  await put(bridge.id, 2);
  expect(await deliveries(bridge.id)).toEqual([1, 2]);
});

it("alive keeps a run from being delivered again", async () => {
  const bridge = await anExecutingRun();
  for (let n = 0; n < 8; n += 1) {
    await letPass(bridge.id, 20 * sec);
    expect((await bridge.say("alive", { epoch: bridge.epoch })).status).toBe(200);
  }
  expect(await deliveries(bridge.id)).toEqual([1]);
});

it("a job that was delivered because there was no claim takes the run only from a holder that is silent", async () => {
  const { id } = await submit();
  const holder = new Bridge(id);
  const ask = (delivery: number) => holder.say("claim", { claimId: crypto.randomUUID(), delivery });
  await ask(1);
  expect(await bodyOf<ClaimAnswer>(await ask(2))).toMatchObject({ epoch: 1, task: "none", status: "running" });
  expect((await holder.say("alive", { epoch: 1 })).status).toBe(200);
  // Its own job, started again by BullMQ, is no other.
  expect(await bodyOf<ClaimAnswer>(await ask(1))).toMatchObject({ epoch: 2, task: "run" });
  await letPass(id, 44 * sec);
  expect(await bodyOf<ClaimAnswer>(await ask(2))).toMatchObject({ epoch: 2, task: "none" });
  await letPass(id, 2 * sec);
  expect(await bodyOf<ClaimAnswer>(await ask(2))).toMatchObject({ epoch: 3, task: "run" });
});

it("an older bridge's transitions in the log, and malformed ones, are skipped", async () => {
  const old = await anExecutingRun();
  const young = new Bridge(old.id);
  await young.claim();
  await log(old, { type: "failed", error: { code: "INTERNAL", title: "T", detail: "D" } });
  await redis(["XADD", runLogStream(RunId.parse(old.id)), "*", runLogField, "{no transition", "other", "field"]);
  await log(young, { type: "confirming" });
  await letPass(old.id, 46 * sec);
  expect(await readRun(old.id)).toMatchObject({ status: "running", phase: "confirming", version: 5 });
});

it("without Redis the log cannot be read, and the job is delivered when Redis is back", async () => {
  const bridge = await anExecutingRun();
  const repair = await breakDown("redis", bridge.id);
  await letPass(bridge.id, 46 * sec);
  await letPass(bridge.id, 45 * sec);
  expect(await readRun(bridge.id)).toMatchObject({ status: "running", version: 4 });
  expect(await unsent(bridge.id)).toBe(1);
  await repair();
  await letPass(bridge.id, 5 * sec);
  await put(bridge.id, 2);
  expect(await deliveries(bridge.id)).toEqual([1, 2]);
});

it("29 minutes and 30 s after the grant the object ends a run on its own, and says that its query may still run", async () => {
  const bridge = await anExecutingRun();
  await letPass(bridge.id, (29 * 60 + 29) * sec);
  expect(await readRun(bridge.id)).toMatchObject({ status: "running" });
  await letPass(bridge.id, 2 * sec);
  const error = {
    code: "TIMEOUT",
    detail: expect.stringMatching(/within 29 minutes of the start.*still be finishing/),
  };
  expect(await readRun(bridge.id)).toMatchObject({ status: "failed", error });
  // A late transition of the bridge changes nothing, and the answer says why.
  const late = await bridge.report({ type: "ready", result, columns, notes: [] });
  expect([late.status, await bodyOf(late)]).toMatchObject([409, { code: "RUN_IS_OVER", status: "failed" }]);
});

it("a run whose bridge vanished before its query was started ends too, and says so", async () => {
  const { id } = await submit();
  const bridge = new Bridge(id);
  await bridge.claim();
  await letPass(id, (29 * 60 + 31) * sec);
  const error = { code: "TIMEOUT", detail: expect.stringMatching(/had not been started/) };
  expect(await readRun(id)).toMatchObject({ status: "failed", error });
});

it("an owed clean-up is delivered again after the end, at most five times", async () => {
  const bridge = await anExecutingRun();
  await ask(`/v1/runs/${bridge.id}/cancel`, { method: "POST" });
  const before = (await deliveries(bridge.id)).length;
  for (let n = 0; n < 9; n += 1) {
    await letPass(bridge.id, 5 * 60 * sec);
    await put(bridge.id, before + Math.min(n + 1, 5));
  }
});

it("the table of a ready run is owed from its expiry on, and no bridge is asked to delete it before", async () => {
  const bridge = await anExecutingRun();
  const { id } = bridge;
  expect((await bridge.report({ type: "ready", result, columns, notes: [] })).status).toBe(200);
  const note = { state: "deleted", asset: "queryDefinition", attempt: 1, customerKey: `QPP_${id}_1` } as const;
  expect((await bridge.report({ type: "noted", note })).status).toBe(200);
  const { expiresAt = "" } = await readRun(id);
  const before = (await deliveries(id)).length;
  // From here on the clock stands still, so that a millisecond counts.
  await letPass(id, 0);
  await letPass(id, Date.parse(expiresAt) - Date.now() - 1);
  expect(await deliveries(id)).toHaveLength(before);
  expect(await bridge.claim()).toMatchObject({ task: "none", status: "ready" });
  await letPass(id, 1);
  await put(id, before + 1);
  expect(await bridge.claim()).toMatchObject({ task: "cleanup", status: "ready" });
});

it("a failed run that keeps its table owes the query at once, and the table when it expires", async () => {
  const { id } = await submit();
  const bridge = new Bridge(id);
  await bridge.perform();
  for (const asset of ["dataExtension", "queryDefinition"] as const) {
    const note = { state: "created", asset, attempt: 1, customerKey: `QPP_${id}_1`, objectId: "o", name: "QPP_R_1" };
    await bridge.report({ type: "noted", note });
  }
  const error = { code: "QUERY_FAILED", title: "The query has ended, but its rows cannot be read", detail: "Because" };
  expect((await bridge.report({ type: "failed", error, keepsTable: true })).status).toBe(200);
  const { expiresAt = "", startedAt = "" } = await readRun(id);
  expect(Date.parse(expiresAt) - Date.parse(startedAt)).toBe(24 * 60 * 60 * 1000);
  const query = { asset: "queryDefinition", customerKey: `QPP_${id}_1` };
  expect(await bridge.claim()).toMatchObject({ task: "cleanup", status: "failed", owed: [query], keepsTable: true });
  await bridge.report({
    type: "noted",
    note: { state: "deleted", asset: "queryDefinition", attempt: 1, customerKey: `QPP_${id}_1` },
  });
  expect(await bridge.claim()).toMatchObject({ task: "none" });
  await letPass(id, Date.parse(expiresAt) - Date.now());
  expect(await bridge.claim()).toMatchObject({ task: "cleanup", owed: [{ asset: "dataExtension" }], keepsTable: true });
});
