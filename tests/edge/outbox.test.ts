import { runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import { readSettings } from "#protocol/settings.ts";
import { openKeeper } from "#run-object/keeper.ts";
import type { RunObject } from "#run-object/object.ts";
import { openOutbox } from "#run-object/outbox.ts";
import { openRedisClient } from "#run-object/redis.ts";
import { openStore } from "#run-object/store.ts";
import { ask, Bridge, readRun, submit } from "./support/api.ts";
import { letPass, objectOf, outboxTries, tablesOf } from "./support/object.ts";
import { alice, bindings, stranger } from "./support/people.ts";
import { breakDown, holdBack, jobsOf } from "./support/stand-ins.ts";

it("open() puts the job with the whole tenant context, and no SQL", async () => {
  const { id } = await submit("SELECT CustomerKey AS Canary FROM Customers");
  await expect
    .poll(() => jobsOf(id))
    .toEqual([
      {
        kind: "run",
        runId: id,
        tenantId: alice.tenant,
        userId: alice.sub,
        mid: alice.mid,
        eid: alice.eid,
        connectionId: alice.connection,
        flow: "run-to-temp",
        delivery: 1,
        traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/),
      },
    ]);
});

it("alarm() puts the job once Redis is back, with waits that double", async () => {
  const person = stranger();
  const repair = await breakDown("redis", person.sub);
  const { id } = await submit("SELECT CustomerKey FROM Customers", person);
  await expect.poll(() => outboxTries(id)).toEqual([1]);
  await letPass(id, 1_000);
  await expect.poll(() => outboxTries(id)).toEqual([2]);
  await letPass(id, 2_000);
  await expect.poll(() => outboxTries(id)).toEqual([3]);
  expect((await readRun(id, person)).status).toBe("queued");
  await repair();
  await letPass(id, 3_000);
  expect(await jobsOf(id)).toEqual([]);
  await letPass(id, 1_000);
  expect(await jobsOf(id)).toHaveLength(1);
  expect(await outboxTries(id)).toEqual([]);
});

it("alarm() gives up a run that no bridge took, and notifies its watchers", async () => {
  const { id } = await submit();
  await letPass(id, 2 * 60 * 60 * 1000);
  expect(await readRun(id)).toMatchObject({ status: "failed", version: 2, error: { code: "QUEUE_TIMEOUT" } });
});

it("cancel() works without Redis: the bridge learns of it from the next answer", async () => {
  const person = stranger();
  const { id } = await submit("SELECT CustomerKey FROM Customers", person);
  const bridge = new Bridge(id);
  await bridge.perform();
  await breakDown("redis", id);
  const answer = await ask(`/v1/runs/${id}/cancel`, { method: "POST" }, person);
  expect(answer.status).toBe(202);
  expect(await (await bridge.say("alive", { epoch: bridge.epoch })).json()).toEqual({ status: "canceled" });
  expect(await objectOf(id).view({ tenantId: person.tenant, userId: person.sub } as never)).toMatchObject({
    status: "canceled",
  });
});

it("put() survives a purge of the object before Redis has answered", async () => {
  const { id } = await submit();
  await expect.poll(() => outboxTries(id)).toEqual([]);
  const answer = await holdBack("redis", id);
  await runInDurableObject(objectOf(id), async (_object: RunObject, ctx) => {
    const settings = readSettings({});
    const store = openStore(ctx.storage);
    const shared = { ctx, store, settings, now: () => Date.now(), log: () => undefined };
    const keeper = openKeeper(shared, { visible: () => undefined, over: () => undefined });
    const { UPSTASH_REDIS_REST_URL = "", UPSTASH_REDIS_REST_TOKEN = "" } = bindings;
    const redis = openRedisClient(UPSTASH_REDIS_REST_URL, UPSTASH_REDIS_REST_TOKEN, settings);
    const outbox = openOutbox({ ...shared, keeper, redis });
    store.addOutbox({ delivery: 2, tries: 0, nextTryAt: 0 });
    const put = outbox.put(Infinity);
    await store.purge();
    await answer();
    await put;
  });
  expect(await jobsOf(id)).toHaveLength(2);
  expect(await tablesOf(id)).toEqual([]);
});
