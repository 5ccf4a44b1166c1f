import { neon, neonConfig } from "@neondatabase/serverless";
import { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { liveRunsKey } from "#protocol/redis-keys.ts";
import { countsPath } from "../../dev/stand-ins/loopback-server.ts";
import { tenants } from "../../dev/stack/seed.ts";
import { openApi } from "./support/api.ts";
import { startStack, type TestStack } from "./support/stack.ts";

const frequent = "*/2 * * * *";
const hourly = "17 * * * *";
const dayMs = 24 * 60 * 60 * 1000;

let stack: TestStack;
let redis: Redis;
beforeAll(async () => {
  stack = await startStack();
  redis = new Redis(stack.redis);
  // One test kills it.
  redis.on("error", () => undefined);
});
afterAll(async () => {
  redis.disconnect();
  await stack.stop();
});
beforeEach(() => redis.del(liveRunsKey));

/** One tick of a Cron Trigger, as Cloudflare fires it. */
async function tick(cron: string, time = Date.now()): Promise<void> {
  const query = new URLSearchParams({ cron, time: String(time) });
  const answer = await fetch(`${stack.edge}/cdn-cgi/local/scheduled?${query}`);
  expect([answer.status, await answer.text()]).toEqual([200, "ok"]);
}

async function queries(): Promise<number> {
  const counts = await fetch(new URL(countsPath, stack.neonHttp));
  return ((await counts.json()) as { requests: number }).requests;
}

async function admin(statement: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  neonConfig.fetchEndpoint = () => stack.neonHttp;
  return neon(stack.neonAdmin).query(statement, values);
}

/** A row of a run without an object; the reconciler takes it when it is live and was seen long ago. */
async function aRow(digit: string, status: string, { daysAgo = 0, seenAt = new Date(0) } = {}): Promise<string> {
  const at = new Date(Date.now() - daysAgo * dayMs - 60 * 60 * 1000).toISOString();
  const id = digit.repeat(30);
  await admin(
    `insert into sqe.runs (id, tenant_id, user_id, mid, version, status, created_at, view, seen_at)
     values ($1, $2, 'alice', 7000001, 3, $3, $4, '{}', $5)`,
    [id, tenants[0].id, status, at, seenAt.toISOString()],
  );
  return id;
}

const statusOf = async (id: string) => (await admin("select status from sqe.runs where id = $1", [id]))[0]?.["status"];

test("an idle stack asks Postgres nothing at the frequent trigger, and something at the hourly one", async () => {
  await tick(frequent);
  const before = await queries();
  for (let count = 0; count < 30; count += 1) await tick(frequent);
  expect((await queries()) - before).toBe(0);
  await tick(hourly);
  // The reconciler, and the deletion of old runs; a bridge's sweep may have begun.
  expect((await queries()) - before).toBeGreaterThanOrEqual(2);
});

test("a run left behind while Redis has lost everything is found at the hourly trigger, the next one at the frequent one", async () => {
  const first = await aRow("a", "running");
  await tick(frequent);
  expect(await statusOf(first)).toBe("running");
  await tick(hourly);
  expect(await statusOf(first)).toBe("failed");
  const second = await aRow("b", "queued");
  await tick(frequent);
  expect(await statusOf(second)).toBe("failed");
});

test("a run keeps the frequent trigger asking for hours after its job was put", async () => {
  const alice = openApi(stack);
  const { id } = await alice.submit("SELECT TOP 1 CustomerKey FROM Customers");
  expect((await alice.over(id)).status).toBe("ready");
  expect(await redis.pttl(liveRunsKey)).toBeGreaterThan(2.9 * 60 * 60 * 1000);
  const lost = await aRow("c", "running");
  await tick(frequent);
  expect(await statusOf(lost)).toBe("failed");
});

test("the hourly trigger deletes runs after 90 days, never a live one", async () => {
  const old = [await aRow("1", "ready", { daysAgo: 91 }), await aRow("2", "failed", { daysAgo: 400 })];
  const kept = [
    await aRow("3", "ready", { daysAgo: 89 }),
    await aRow("4", "running", { daysAgo: 91, seenAt: new Date() }),
  ];
  await tick(hourly);
  const rows = await admin("select id from sqe.runs where id = any($1) order by id", [[...old, ...kept]]);
  expect(rows.map(({ id }) => id)).toEqual(kept);
});

test("Redis that does not answer makes the frequent trigger ask", async () => {
  const lost = await aRow("d", "running");
  stack.kill("redis");
  await tick(frequent);
  expect(await statusOf(lost)).toBe("failed");
});
