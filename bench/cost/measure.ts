import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { parseEnv } from "node:util";
import { fileURLToPath } from "node:url";
import { readEnvironment } from "../../dev/stack/stack-files.ts";
import { openBenchStack } from "../stack/bench-stack.ts";
import { mean } from "../stack/figures.ts";
import { openUser, type User } from "../stack/user.ts";
import type { Use } from "./bill.ts";
import { childOf } from "./cpu.ts";
import { openEdgeProxy, type Passed } from "./edge-proxy.ts";
import { meter, type Reading } from "./meter.ts";
import { bytesOfRow } from "./row-size.ts";

const runs = 20;
const atOnce = 4;
const pages = 2;
const querySeconds = 5;
const idleMs = 60_000;
/** Clean-ups and their reports. */
const afterMs = 6000;
/** From the code: a change writes the record, an event, a transition and the alarm. */
const rowsOfChange = 4;
/** From the code: a projection is due, the run is put again or given up, its result expires, it is purged. */
const alarmsOfRun = 6;
/** What an object waits for Postgres or Redis in the cloud after a change that a user sees; it is less on this machine. */
const roundTripMs = 60;

/** What a run uses, and what only explains it. */
export type Measured = Use & { sseSeconds: number; bridgeRequests: number; userRequests: number };

/** Measures a run of 5 s that is followed by SSE and of which two pages are read, on a local stack: the mean of 20. */
export async function measureUse(): Promise<Measured> {
  const duration = { SANDBOX_DURATION_MS: String(querySeconds * 1000) };
  const stack = await openBenchStack(1, { SQE_DEV_RESTART: "0", ...duration });
  const { edge, tokens, bridgePid, edgePid } = stack.file();
  const proxy = await openEdgeProxy(edge);
  if (bridgePid !== undefined) process.kill(bridgePid, "SIGTERM");
  const bridge = await startBridge(stack.dir, proxy.url);
  try {
    const user = openUser(proxy.url, tokens.alice);
    await doRuns(user, atOnce);
    await sleep(afterMs);
    const pids = { bridge: bridge.pid ?? 0, workerd: (await childOf(edgePid ?? 0, /workerd/)) ?? 0 };
    const idle = await meter(stack.file(), pids, () => sleep(idleMs));
    const from = proxy.passed().length;
    const busy = await meter(stack.file(), pids, async () => {
      await doRuns(user, runs);
      await sleep(afterMs);
    });
    return useOf(idle, busy, proxy.passed().slice(from), await bytesOfRow(stack.file()));
  } finally {
    bridge.kill("SIGKILL");
    proxy.close();
    await stack.stop();
  }
}

/** The stack's own bridge with another way to the edge. */
async function startBridge(dir: string, edgeUrl: string): Promise<ChildProcess> {
  const program = fileURLToPath(new URL("../../src/queue-bridge/main.ts", import.meta.url));
  const env = { PATH: process.env["PATH"], ...parseEnv(await readEnvironment(dir, "bridge")), EDGE_URL: edgeUrl };
  const bridge = spawn(process.execPath, ["--no-warnings", program], {
    env,
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  await once(bridge, "message");
  return bridge;
}

/** Does so many runs, some at a time, each of another shape: no duration is learned. */
async function doRuns(user: User, count: number): Promise<void> {
  let next = 0;
  const work = async () => {
    while (next < count) {
      next += 1;
      const columns = ["OrderID", "CustomerKey", "Total", "OrderDate"].slice(0, 1 + (next % 4)).join(", ");
      const { id } = await user.submit(`SELECT TOP ${100 + next} ${columns} FROM Orders`);
      const { run } = await user.follow(id);
      if (run.status !== "ready") throw new Error(`Cannot measure: run "${id}" ended ${run.status}`);
      for (let page = 1; page <= pages; page += 1)
        await (await user.call(`/v1/runs/${id}/results?page=${page}`)).arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

function useOf(idle: Reading, busy: Reading, passed: readonly Passed[], postgresBytes: number): Measured {
  const more = (member: keyof Reading) => Math.max(0, (busy[member] - (idle[member] * busy.ms) / idle.ms) / runs);
  const isBridge = ({ path }: Passed) => path.startsWith("/bridge/");
  const isStream = ({ path }: Passed) => path.includes("/events");
  const ofBridge = passed.filter(isBridge);
  const changes = ofBridge.filter(({ path }) => !path.endsWith("/alive")).length / runs;
  const requests = passed.length / runs;
  const short = passed.filter((it) => !isStream(it));
  const perRequestMs = mean(short.map(({ ms }) => ms));
  return {
    workerRequests: requests,
    workerCpuMs: more("workerdCpuMs"),
    // Every request asks the run's object once; pages of rows ask it again for their snapshot.
    objectRequests: requests + alarmsOfRun,
    objectActiveMs: (short.length / runs) * perRequestMs + changes * roundTripMs,
    objectRowsWritten: (changes + 2 + alarmsOfRun) * rowsOfChange,
    redisCommands: more("redisCommands"),
    redisCommandsIdleMinute: (idle.redisCommands * 60_000) / idle.ms,
    postgresQueries: more("postgresQueries"),
    postgresBytes,
    bridgeCpuMs: more("bridgeCpuMs"),
    sseSeconds: mean(passed.filter(isStream).map(({ ms }) => ms)) / 1000,
    bridgeRequests: ofBridge.length / runs,
    userRequests: (passed.length - ofBridge.length) / runs,
  };
}
