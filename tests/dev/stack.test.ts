import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { neon, neonConfig } from "@neondatabase/serverless";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePortBase } from "../../dev/ports.ts";
import { isAlive, processesOf } from "../../dev/process-table.ts";
import type { StackFile } from "../../dev/stack-files.ts";
import { readOwner, readStackFile } from "../../dev/stack-files.ts";

// The stack as people start it: `node dev/main.ts` with a folder and a port base, two of them at once.
const program = fileURLToPath(new URL("../../dev/main.ts", import.meta.url));
const startMs = 45_000;

type Run = { dir: string; portBase: number; main: ChildProcess; printed(): string; stackId(): Promise<string> };
const runs: Run[] = [];

async function start(where: { dir: string; portBase: number }): Promise<Run> {
  const { PATH, HOME, REDIS_URL } = process.env;
  const env = { PATH, HOME, REDIS_URL, SQE_DEV_DIR: where.dir, PORT_BASE: String(where.portBase) };
  const main = spawn(process.execPath, ["--no-warnings", program], { env, stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  for (const stream of [main.stdout, main.stderr]) stream.on("data", (data) => (printed += String(data)));
  const run = {
    ...where,
    main,
    printed: () => printed,
    stackId: async () => (await readOwner(where.dir))?.stackId ?? expect.unreachable("nobody owns the folder"),
  };
  runs.push(run);
  await expect.poll(() => (main.exitCode === null ? readStackFile(where.dir) : printed), { timeout: startMs }).toEqual(
    expect.objectContaining({ edge: `http://127.0.0.1:${where.portBase}` }),
  ); // prettier-ignore
  return run;
}

async function place(): Promise<{ dir: string; portBase: number }> {
  return { dir: await mkdtemp(join(tmpdir(), "sqe-dev-")), portBase: await freePortBase() };
}

async function fileOf({ dir }: Run): Promise<StackFile> {
  return (await readStackFile(dir)) ?? expect.unreachable(`no stack.json in ${dir}`);
}

let a: Run;
let b: Run;
beforeAll(async () => {
  const first = await place();
  a = await start(first);
  b = await start(await place());
}, 2 * startMs);
afterAll(async () => {
  for (const { main, dir } of runs) {
    if (main.exitCode === null && main.signalCode === null) {
      main.kill("SIGTERM");
      await once(main, "exit");
    }
    await rm(dir, { recursive: true, force: true });
  }
});

const answers = async (url: string) => (await fetch(`${url}/healthz`)).status;

test("two stacks from one checkout live side by side, each with parts and secrets of its own", async () => {
  const [one, other] = [await fileOf(a), await fileOf(b)];
  expect(await Promise.all([answers(one.edge), answers(other.edge)])).toEqual([200, 200]);
  expect(one.tokens.alice).not.toBe(other.tokens.alice);
  const pids = [one, other].flatMap((file) => [file.bridgePid, file.edgePid, file.sandboxPid, file.redisPid]);
  expect(new Set(pids).size).toBe(pids.length);
});

test("no secret stands on a command line, and stack.json is for its user only", async () => {
  const worker = await readFile(join(a.dir, "worker.env"), "utf8");
  const secrets = [...worker.matchAll(/^(?:JWT_SECRET|BRIDGE_SECRET|VAULT_KEYS|UPSTASH_REDIS_REST_TOKEN)=(.+)$/gm)];
  const pids = await processesOf(await a.stackId());
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8")));
  expect(secrets).toHaveLength(4);
  expect(lines.length).toBeGreaterThanOrEqual(6);
  expect(secrets.filter(([, secret = ""]) => lines.join("\n").includes(secret))).toEqual([]);
  expect((await stat(join(a.dir, "stack.json"))).mode & 0o777).toBe(0o600);
});

test("an edge killed with -9 takes workerd along and is back, with its new pid in stack.json", async () => {
  const { edgePid = 0, edge } = await fileOf(a);
  const before = await processesOf(await a.stackId());
  const workerds = await Promise.all(before.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8")));
  const old = before.filter((_pid, index) => workerds[index]?.includes("workerd"));
  expect(old.length).toBeGreaterThan(0);
  process.kill(edgePid, "SIGKILL");
  await expect.poll(async () => (await fileOf(a)).edgePid, { timeout: 20_000 }).not.toBe(edgePid);
  expect(await Promise.all(old.map(isAlive))).toEqual(old.map(() => false));
  expect(await answers(edge)).toBe(200);
  expect(a.printed()).toContain(`edge ended (pid ${edgePid}, signal SIGKILL); starting it again`);
});

test("a bridge killed with -9 is back within 2 s", async () => {
  const { bridgePid = 0 } = await fileOf(a);
  process.kill(bridgePid, "SIGKILL");
  await expect.poll(async () => (await fileOf(a)).bridgePid, { timeout: 2000 }).not.toBe(bridgePid);
});

test("a Postgres killed with -9 comes back with what it held", async () => {
  const file = await fileOf(a);
  neonConfig.fetchEndpoint = () => file.neonHttp;
  const admin = neon(file.neonAdmin);
  await admin`update sqe.tenants set name = 'Renamed'`;
  const pids = await processesOf(await a.stackId());
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8")));
  process.kill(pids[lines.findIndex((line) => line.includes("postgres-process"))] ?? 0, "SIGKILL");
  await expect.poll(() => admin`select distinct name from sqe.tenants`.catch(() => "down"), { timeout: 10_000 }).toEqual([{ name: "Renamed" }]); // prettier-ignore
});

test.skipIf(process.env["REDIS_URL"] !== undefined)(
  "a Redis killed with -9 comes back empty at its address",
  async () => {
    const { redis: url, redisPid = 0 } = await fileOf(a);
    const redis = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
    redis.on("error", () => undefined);
    await redis.set("word", "x");
    process.kill(redisPid, "SIGKILL");
    await expect.poll(async () => (await fileOf(a)).redisPid, { timeout: 5000 }).not.toBe(redisPid);
    expect(await redis.get("word")).toBeNull();
    redis.disconnect();
  },
);

test("a second stack in the folder of a living one, or on its ports, is refused with a line that says what to do", async () => {
  const refused = async (where: { dir: string; portBase: number }) => {
    const error = await start(where).then(
      () => "started",
      () => runs.at(-1)?.printed(),
    );
    return error;
  };
  expect(await refused({ dir: a.dir, portBase: (await place()).portBase })).toMatch(
    new RegExp(`Cannot start: process ${a.main.pid} runs a stack in ${a.dir}; stop it, or set SQE_DEV_DIR`),
  );
  const taken = createServer().listen((await place()).portBase + 3, "127.0.0.1");
  await once(taken, "listening");
  const address = taken.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const { dir } = await place();
  expect(await refused({ dir, portBase: port - 3 })).toContain(
    `Cannot start upstash: port ${port} of 127.0.0.1 is taken; set PORT_BASE to move all ports`,
  );
  taken.close();
});

test("SIGTERM ends a stack with exit code 0, one line, and nothing left", async () => {
  const stackId = await b.stackId();
  b.main.kill("SIGTERM");
  const [code] = await once(b.main, "exit");
  expect(code).toBe(0);
  expect(b.printed().trimEnd().split("\n").at(-1)).toBe("Stopped");
  await expect.poll(() => processesOf(stackId), { timeout: 3000 }).toEqual([]);
  expect(await readStackFile(b.dir)).toBeUndefined();
});

test("SIGKILL of the supervisor leaves no process and no stack.json", async () => {
  const stackId = await a.stackId();
  expect((await processesOf(stackId)).length).toBeGreaterThanOrEqual(6);
  a.main.kill("SIGKILL");
  await expect.poll(() => processesOf(stackId), { timeout: 3000 }).toEqual([]);
  await expect.poll(() => readStackFile(a.dir), { timeout: 1000 }).toBeUndefined();
});

test(
  "a stack ends what an earlier one left when even its watchdog was killed",
  async () => {
    const where = await place();
    const killed = await start(where);
    const stackId = await killed.stackId();
    const isWatchdog = (line: string) => line.includes("watchdog.ts") && line.includes(stackId);
    const watchdog = await pidWhere(isWatchdog);
    process.kill(watchdog, "SIGKILL");
    killed.main.kill("SIGKILL");
    await once(killed.main, "exit");
    // Redis and workerd cannot know that their supervisor is gone.
    expect((await processesOf(stackId)).length).toBeGreaterThan(0);
    await start(where);
    expect(await processesOf(stackId)).toEqual([]);
  },
  2 * startMs,
);

async function pidWhere(isWanted: (line: string) => boolean): Promise<number> {
  const { readdir } = await import("node:fs/promises");
  for (const pid of (await readdir("/proc")).map(Number).filter(Number.isInteger)) {
    if (isWanted(await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => ""))) return pid;
  }
  return expect.unreachable("no such process");
}
