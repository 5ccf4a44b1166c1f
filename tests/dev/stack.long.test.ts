import { once } from "node:events";
import { readFile, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { neon, neonConfig } from "@neondatabase/serverless";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isAlive, processesOf } from "../../dev/stack/process-table.ts";
import { readStackFile } from "../../dev/stack/stack-files.ts";
import {
  commandLine,
  freePlace,
  pidsWith,
  startMain,
  stopAll,
  watchdogOf,
  type MainProcess,
  type Place,
} from "./support/main-process.ts";

// The tests of this file are one story: two stacks start, lose parts, and end.
const longMs = 180_000;
let a: MainProcess;
let b: MainProcess;
beforeAll(async () => {
  const places = [await freePlace(), await freePlace()] as const;
  [a, b] = await Promise.all([startMain(places[0]), startMain(places[1])]);
}, longMs);
afterAll(stopAll);

const health = async (edge: string) => (await fetch(`${edge}/healthz`)).status;

test("openStack() runs two stacks of one checkout side by side, with parts and secrets of their own", async () => {
  const [one, other] = [await a.file(), await b.file()];
  expect(await Promise.all([health(one.edge), health(other.edge)])).toEqual([200, 200]);
  expect(one.tokens.alice).not.toBe(other.tokens.alice);
  const pids = [one, other].flatMap((file) => [file.bridgePid, file.edgePid, file.sandboxPid, file.redisPid]);
  expect(new Set(pids).size).toBe(pids.length);
});

test("openStack() puts no secret on a command line and keeps stack.json for its user", async () => {
  const worker = await readFile(join(a.dir, "worker.env"), "utf8");
  const found = [...worker.matchAll(/^(?:JWT_SECRET|BRIDGE_SECRET|VAULT_KEYS|UPSTASH_REDIS_REST_TOKEN)=(.+)$/gm)];
  const secrets = found.map(([, secret = ""]) => secret);
  const pids = await processesOf(a.stackId);
  const lines = (await Promise.all(pids.map(commandLine))).join("\n");
  expect([secrets.length, pids.length > 5]).toEqual([4, true]);
  expect(secrets.filter((secret) => lines.includes(secret))).toEqual([]);
  expect((await stat(join(a.dir, "stack.json"))).mode & 0o777).toBe(0o600);
});

test("openStack() restarts an edge killed with -9, without its old workerd, and writes its new pid to stack.json", async () => {
  const { edgePid = 0, edge } = await a.file();
  const workerds = await pidsWith(a.stackId, "workerd");
  expect(workerds.length).toBeGreaterThan(0);
  process.kill(edgePid, "SIGKILL");
  await expect.poll(async () => (await a.file()).edgePid).not.toBe(edgePid);
  expect(await Promise.all(workerds.map(isAlive))).toEqual(workerds.map(() => false));
  expect(await health(edge)).toBe(200);
  expect(a.printed()).toContain(`edge ended (pid ${edgePid}, signal SIGKILL); restarting it`);
});

test("openStack() restarts a bridge killed with -9", async () => {
  const { bridgePid = 0 } = await a.file();
  process.kill(bridgePid, "SIGKILL");
  await expect.poll(async () => (await a.file()).bridgePid).not.toBe(bridgePid);
});

test("openStack() restarts a Postgres killed with -9 with its data", async () => {
  const file = await a.file();
  neonConfig.fetchEndpoint = () => file.neonHttp;
  const admin = neon(file.neonAdmin);
  await admin`update sqe.tenants set name = 'Renamed'`;
  const [postgres = 0] = await pidsWith(a.stackId, "postgres-process");
  process.kill(postgres, "SIGKILL");
  const names = () => admin`select distinct name from sqe.tenants`.catch(() => "down");
  await expect.poll(() => isAlive(postgres)).toBe(false);
  await expect.poll(names).toEqual([{ name: "Renamed" }]);
});

test.skipIf(process.env["REDIS_URL"] !== undefined)("openStack() restarts a Redis killed with -9, empty", async () => {
  const { redis: url, redisPid = 0 } = await a.file();
  const redis = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
  redis.on("error", () => undefined);
  await redis.set("word", "x");
  process.kill(redisPid, "SIGKILL");
  await expect.poll(async () => (await a.file()).redisPid).not.toBe(redisPid);
  expect(await redis.get("word")).toBeNull();
  redis.disconnect();
});

const refusal = async (place: Place) => {
  const error: unknown = await startMain(place).catch((reason: unknown) => reason);
  return error instanceof Error ? error.message : "it started";
};

test("openStack() refuses the folder of a living stack and leaves that alone", async () => {
  const { portBase } = await freePlace();
  const text = await refusal({ dir: a.dir, portBase });
  expect(text).toContain(`process ${a.process.pid} runs a stack in ${a.dir}; stop it, or set SQE_DEV_DIR to another`);
  expect(await health((await a.file()).edge)).toBe(200);
});

test("openStack() names the port that is in use", async () => {
  const place = await freePlace();
  const port = place.portBase + 3;
  const taken = createServer().listen(port, "127.0.0.1");
  await once(taken, "listening");
  expect(await refusal(place)).toContain(
    `Cannot start upstash: port ${port} of 127.0.0.1 is taken; set PORT_BASE to move all ports`,
  );
  taken.close();
});

test("npm run dev ends on SIGTERM with exit code 0, one line, and nothing left", async () => {
  const { redisPid = 0 } = await b.file();
  b.process.kill("SIGTERM");
  expect(await once(b.process, "exit")).toEqual([0, null]);
  expect(b.printed().trimEnd().split("\n").at(-1)).toBe("Stopped");
  await expect.poll(() => processesOf(b.stackId)).toEqual([]);
  expect(redisPid !== 0 && (await isAlive(redisPid))).toBe(false);
  expect(await readStackFile(b.dir)).toBeUndefined();
});

test("npm run dev killed with -9 leaves no process and no stack.json", async () => {
  const { redisPid = 0 } = await a.file();
  a.process.kill("SIGKILL");
  await expect.poll(() => processesOf(a.stackId)).toEqual([]);
  expect(redisPid !== 0 && (await isAlive(redisPid))).toBe(false);
  await expect.poll(() => readStackFile(a.dir)).toBeUndefined();
});

test(
  "openStack() ends what an earlier stack of its folder left when even its watchdog was killed",
  async () => {
    const place = await freePlace();
    const killed = await startMain(place);
    const { redisPid = 0 } = await killed.file();
    process.kill(await watchdogOf(killed.stackId), "SIGKILL");
    killed.process.kill("SIGKILL");
    await once(killed.process, "exit");
    // Redis and workerd do not notice that their supervisor is gone.
    const left = [redisPid, ...(await pidsWith(killed.stackId, "workerd"))];
    expect(await Promise.all(left.map(isAlive))).toEqual([true, true, true]);
    await startMain(place);
    expect(await Promise.all(left.map(isAlive))).toEqual([false, false, false]);
    expect(await processesOf(killed.stackId)).toEqual([]);
  },
  longMs,
);
