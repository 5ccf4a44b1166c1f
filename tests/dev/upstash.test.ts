import { Redis } from "@upstash/redis";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Server } from "../../dev/stand-ins/loopback-server.ts";
import { openRedis, type RunningRedis } from "../../dev/stand-ins/redis.ts";
import { openUpstash } from "../../dev/stand-ins/upstash.ts";

const token = "a-token";
let redis: RunningRedis;
let server: Server;
let client: Redis;

beforeAll(async () => {
  redis = await openRedis();
  server = await openUpstash({ redisUrl: redis.url, token });
  client = new Redis({ url: server.url, token, automaticDeserialization: false, retry: false });
});
afterAll(async () => {
  await server.close();
  await redis.close();
});

test("openUpstash() gives strings back as they went in: digits, OK, emoji, quotes", async () => {
  for (const text of ["0123", "OK", "🦉 \"'\n", ""]) {
    expect(await client.set("text", text)).toBe("OK");
    expect(await client.get("text")).toBe(text);
  }
  expect(await client.get("no such key")).toBeNull();
});

test("openUpstash() speaks streams as our outbox uses them", async () => {
  const id = await client.xadd("stream", "*", { command: '{"kind":"run"}' });
  expect(await client.xrange("stream", "-", "+")).toEqual([[id, ["command", '{"kind":"run"}']]]);
  expect(await client.xlen("stream")).toBe(1);
});

test("openUpstash() flattens a hash as RESP2 does", async () => {
  await client.hset("hash", { a: "1", b: "two" });
  expect(await client.hgetall("hash")).toEqual(["a", "1", "b", "two"]);
  expect(await client.hmget("hash", "a", "none")).toEqual(["1", null]);
});

test("openUpstash() flattens members and scores as RESP2 does", async () => {
  await client.zadd("set", { score: 7, member: "a" }, { score: 8.5, member: "b" });
  const command = ["ZRANGE", "set", "7", "+inf", "BYSCORE", "WITHSCORES"] as const;
  expect(await client.exec([...command])).toEqual(["a", "7", "b", "8.5"]);
});

test("openUpstash() answers each command of a pipeline, also after one that fails", async () => {
  const pipeline = client.pipeline().set("word", "x").incr("word").get("word");
  expect(await pipeline.exec({ keepErrors: true })).toMatchObject([
    { result: "OK" },
    { error: "ERR value is not an integer or out of range" },
    { result: "x" },
  ]);
});

test("openUpstash() runs a transaction at once or, when a command is malformed, not at all", async () => {
  expect(await client.multi().set("n", "1").incr("n").exec()).toEqual(["OK", 2]);
  const malformed = fetch(`${server.url}/multi-exec`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify([
      ["set", "n", "9"],
      ["set", "n"],
    ]),
  });
  expect((await malformed).status).toBe(400);
  expect(await client.get("n")).toBe("2");
});

test("openUpstash() runs a script and publishes", async () => {
  expect(await client.eval("return {KEYS[1], ARGV[1], 7}", ["k"], ["v"])).toEqual(["k", "v", 7]);
  expect(await client.publish("channel", "hello")).toBe(0);
});

test("openUpstash() takes a command from the path, with a body as last argument and options in the query", async () => {
  const headers = { authorization: `Bearer ${token}` };
  await fetch(`${server.url}/set/path%20key?EX=100`, { method: "POST", headers, body: "from the body" });
  const answer = await fetch(`${server.url}/get/path%20key?_token=${token}`);
  expect(await answer.json()).toEqual({ result: "from the body" });
  expect(await client.ttl("path key")).toBeGreaterThan(90);
});

test("openUpstash() refuses a wrong token, an unknown command and one that would block everything", async () => {
  const stranger = new Redis({ url: server.url, token: "wrong", retry: false });
  await expect(stranger.get("text")).rejects.toThrow(/Unauthorized/);
  await expect(client.exec(["NOSUCH"])).rejects.toThrow(/ERR unknown command/);
  await expect(client.exec(["BLPOP", "list", 0])).rejects.toThrow(/Command is not available/);
  await expect(client.exec(["XREAD", "BLOCK", 0, "STREAMS", "s", "$"])).rejects.toThrow(/Command is not available/);
});

test("openUpstash() answers 503 while Redis is down and works again when it is back", async () => {
  const port = Number(new URL(redis.url).port);
  const ask = () => fetch(`${server.url}/ping`, { headers: { authorization: `Bearer ${token}` } });
  await redis.close();
  expect((await ask()).status).toBe(503);
  redis = await openRedis({ port });
  await expect.poll(async () => (await ask()).status, { timeout: 3000, interval: 20 }).toBe(200);
  expect(await client.set("again", "1")).toBe("OK");
});
