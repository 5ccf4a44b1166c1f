import { expect, it } from "vitest";
import { lineKey } from "#protocol/redis-keys.ts";
import { readFrames } from "../support/sse.ts";
import { ask, Bridge, readRun, submit } from "./support/api.ts";
import { alice } from "./support/people.ts";
import { redis } from "./support/redis.ts";

// All of them in one file: what stands in the line of the business unit is for one test at a time.
const line = lineKey({ tenantId: alice.tenant, mid: alice.mid });

it("GET /v1/runs/{id} tells a queued run's place in its line, and only a queued one's", async () => {
  const { id } = await submit();
  expect(await readRun(id)).not.toHaveProperty("queuePosition");
  await redis("ZADD", line, "1", "somebody's", "2", "another's", "3", id);
  expect(await readRun(id)).toMatchObject({ status: "queued", version: 1, queuePosition: 3 });
  await redis("ZREM", line, "somebody's");
  expect((await readRun(id)).queuePosition).toBe(2);
  await new Bridge(id).claim();
  expect(await readRun(id)).not.toHaveProperty("queuePosition");
});

it("GET /v1/runs/{id} answers without a place when Redis holds something else there", async () => {
  const { id } = await submit();
  await redis("DEL", line);
  await redis("SET", line, "no line");
  const answer = await ask(`/v1/runs/${id}`);
  await redis("DEL", line);
  expect([answer.status, await answer.json()]).toEqual([200, expect.not.objectContaining({ queuePosition: 1 })]);
});

it("SSE event: position reaches who comes back with the version that the queued run has", async () => {
  const { id, version } = await submit();
  await redis("ZADD", line, "-1", id);
  const events = await ask(`/v1/runs/${id}/events`, { headers: { "last-event-id": String(version) } });
  const frames = readFrames(events);
  let frame = await frames.next();
  while (frame !== undefined && frame.event === undefined) frame = await frames.next();
  expect([frame?.event, frame?.data]).toEqual(["position", JSON.stringify({ queuePosition: 1 })]);
  await redis("ZREM", line, id);
  await frames.hangUp();
});

it("SSE event: position tells a queued run's place when it changes, without an id, and no more once it runs", async () => {
  const { id } = await submit();
  const another = "0".repeat(30);
  await redis("ZADD", line, "-1", another, "0", id);
  const frames = readFrames(await ask(`/v1/runs/${id}/events`));
  const positions: unknown[] = [];
  for (let frame = await frames.next(); frame !== undefined; frame = await frames.next()) {
    if (frame.event !== "position") continue;
    expect(frame.id).toBeUndefined();
    positions.push(JSON.parse(frame.data ?? ""));
    if (positions.length === 2) break;
    await redis("ZREM", line, another);
  }
  expect(positions).toEqual([{ queuePosition: 2 }, { queuePosition: 1 }]);
  await redis("ZREM", line, id);
  await frames.hangUp();
});
