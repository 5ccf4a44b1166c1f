import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { bridgesKey } from "#protocol/redis-keys.ts";
import { freePort } from "../../dev/stack/ports.ts";
import { openLoopbackServer } from "../../dev/stand-ins/loopback-server.ts";
import { openDoctor } from "./support/doctor.ts";
import { startStack, type TestStack } from "./support/stack.ts";
import { openTcpProxy } from "./support/tcp-proxy.ts";

let stack: TestStack;
let doctor: Awaited<ReturnType<typeof openDoctor>>;
let redis: Redis;
beforeAll(async () => {
  stack = await startStack();
  doctor = await openDoctor(stack);
  redis = new Redis(stack.redis);
});
afterAll(async () => {
  redis.disconnect();
  await stack.stop();
});

const closed = async () => `127.0.0.1:${await freePort()}`;
const redisPort = () => Number(new URL(stack.redis).port);

test("a healthy stack has nothing broken, and little that cannot be looked at", async () => {
  const examined = await doctor.look();
  const lines = examined.flatMap(({ findings }) => findings.map(({ state, what }) => `${state}: ${what}`));
  expect(lines.filter((line) => line.startsWith("broken"))).toEqual([]);
  expect(lines.filter((line) => line.startsWith("skipped"))).toEqual([
    "skipped: Cron Triggers: the local stack fires none",
  ]);
  expect(examined.find(({ id }) => id === "mce")?.findings).toHaveLength(4);
  // It leaves nothing behind.
  expect(await redis.keys("sqe:doctor:*")).toEqual([]);
  expect(await doctor.admin("select 1 from sqe.runs where user_id like 'sqe-doctor%'")).toEqual([]);
});

describe("edge", () => {
  test("no answer, and another server's", async () => {
    expect(await doctor.brokenBy("edge", { bridge: { EDGE_URL: `http://${await closed()}` } })).toEqual([
      "The Worker does not answer at EDGE_URL",
    ]);
    expect(await doctor.brokenBy("edge", { bridge: { EDGE_URL: stack.sandbox } })).toEqual([
      expect.stringMatching(/^Something else answers at EDGE_URL/),
    ]);
  });

  test("a secret that the Worker does not have", async () => {
    expect(await doctor.brokenBy("edge", { bridge: { BRIDGE_SECRET: "not the secret of this Worker" } })).toEqual([
      "The Worker refuses the bridge's signature",
    ]);
  });

  test("a signed call that does not arrive", async () => {
    let calls = 0;
    const between = await openLoopbackServer(0, async ({ method, url, headers, body }) => {
      if (url.pathname.startsWith("/bridge/") && (calls += 1) === 2) return { status: 500, body: { code: "LOST" } };
      const { host: _host, connection: _connection, "content-length": _length, ...rest } = headers;
      const sent = { method, headers: rest as Record<string, string>, ...(method === "GET" ? {} : { body }) };
      const answer = await fetch(stack.edge + url.pathname, sent);
      return { status: answer.status, body: await answer.json() };
    });
    onTestFinished(() => between.close());
    expect(await doctor.brokenBy("edge", { bridge: { EDGE_URL: between.url } })).toEqual([
      "The Worker answers a signed call about a made-up run with 500, not 404",
    ]);
  });
});

describe("bridges", () => {
  test("none that has announced itself", async () => {
    const kept = await redis.zrange(bridgesKey, "0", "-1", "WITHSCORES");
    expect(kept).toHaveLength(2);
    await redis.del(bridgesKey);
    onTestFinished(() => void redis.zadd(bridgesKey, ...kept.toReversed()));
    expect(await doctor.brokenBy("bridges")).toEqual(["No bridge runs"]);
  });

  test("one that is newer than the Worker", async () => {
    const newer = { name: "n", host: "h", pid: 1, version: "99.0.0", since: "2026-11-30T10:00:00.000Z" };
    await redis.zadd(bridgesKey, Date.now(), JSON.stringify(newer));
    onTestFinished(() => void redis.zrem(bridgesKey, JSON.stringify(newer)));
    expect(await doctor.brokenBy("bridges")).toEqual([
      expect.stringMatching(/^1 of 2 bridges are newer than the Worker/),
    ]);
  });
});

describe("redis", () => {
  test("no answer", async () => {
    expect(await doctor.brokenBy("redis", { bridge: { REDIS_URL: `redis://${await closed()}` } })).toEqual([
      "Redis does not answer at REDIS_URL, or refuses the password",
    ]);
  });

  test("eviction", async () => {
    await redis.config("SET", "maxmemory-policy", "allkeys-lru");
    onTestFinished(() => void redis.config("SET", "maxmemory-policy", "noeviction"));
    expect(await doctor.brokenBy("redis")).toEqual(["Redis evicts keys: maxmemory-policy is allkeys-lru"]);
  });

  test.each([
    ["eval", "EVAL does not work"],
    ["bzpopmin", "BZPOPMIN does not wait for an element"],
  ])("a user who may not %s", async (command, broken) => {
    await redis.call("ACL", "SETUSER", "weak", "on", ">weak", "~*", "&*", "+@all", `-${command}`);
    expect(
      await doctor.brokenBy("redis", { bridge: { REDIS_URL: `redis://weak:weak@127.0.0.1:${redisPort()}` } }),
    ).toEqual([broken]);
  });

  test("a user who may not read the configuration is no failure", async () => {
    await redis.call("ACL", "SETUSER", "shy", "on", ">shy", "~*", "&*", "+@all", "-config", "-info");
    const lines = await doctor.linesOf("redis", { bridge: { REDIS_URL: `redis://shy:shy@127.0.0.1:${redisPort()}` } });
    expect(lines.map(({ state }) => state)).toEqual(["skipped", "skipped", "ok", "ok", "ok"]);
  });

  test("an old version", async () => {
    const change = (bytes: Buffer) =>
      Buffer.from(bytes.toString("latin1").replace(/redis_version:\d/, "redis_version:5"), "latin1");
    const proxy = await openTcpProxy(redisPort(), { change });
    onTestFinished(() => proxy.close());
    expect(await doctor.brokenBy("redis", { bridge: { REDIS_URL: `redis://127.0.0.1:${proxy.port}` } })).toEqual([
      expect.stringMatching(/^Redis 5\.\S+ is older than 6\.2$/),
    ]);
  });

  test("a long way", async () => {
    const proxy = await openTcpProxy(redisPort(), { delayMs: 130 });
    onTestFinished(() => proxy.close());
    expect(await doctor.brokenBy("redis", { bridge: { REDIS_URL: `redis://127.0.0.1:${proxy.port}` } })).toEqual([
      expect.stringMatching(/^A command to Redis takes \d{3,}\.\d ms/),
    ]);
  });
});

describe("redis-road", () => {
  test("a token that is refused", async () => {
    expect(await doctor.brokenBy("redis-road", { worker: { UPSTASH_REDIS_REST_TOKEN: "another" } })).toEqual([
      "Redis takes nothing over REST at UPSTASH_REDIS_REST_URL",
    ]);
  });

  test("another database over TCP", async () => {
    expect(await doctor.brokenBy("redis-road", { bridge: { REDIS_URL: `${stack.redis}/1` } })).toEqual([
      "What is put over REST is not there over TCP",
    ]);
  });
});

test("services that never answer are given up within 10 s", async () => {
  const hanging = await openTcpProxy(redisPort(), { change: () => undefined });
  onTestFinished(() => hanging.close());
  const at = `127.0.0.1:${hanging.port}`;
  const from = performance.now();
  const examined = await doctor.look({
    worker: { NEON_FETCH_ENDPOINT: `http://${at}/sql`, UPSTASH_REDIS_REST_URL: `http://${at}` },
    bridge: { NEON_FETCH_ENDPOINT: `http://${at}/sql`, EDGE_URL: `http://${at}`, REDIS_URL: `redis://${at}` },
  });
  expect(performance.now() - from).toBeLessThan(10_000);
  const broken = examined
    .filter(({ findings }) => findings.some(({ state }) => state === "broken"))
    .map(({ id }) => id);
  expect(broken).toEqual(expect.arrayContaining(["edge", "redis", "postgres"]));
});
