/**
 * What more bridges bring, and what each hop costs: `npm run bench:scale -- [--json] [--runs 200] [--bridges 1,2,4]`.
 *
 * For each number of bridges a new stack of real processes, on which two tenants submit runs of 1 s, all watched. Runs a
 * second, lag and the ratio between the tenants' waits show what bridges do side by side; the processor time of a run in each
 * process shows what a service needs, because all of them share this machine's processors.
 */
import type { ChildProcess } from "node:child_process";
import { parseArgs } from "node:util";
import { childOf, cpuMsOf } from "./cost/cpu.ts";
import { gatherCrowd, type Crowd } from "./crowd/crowd.ts";
import { queryEnds } from "./crowd/witness.ts";
import { openBenchStack, type BenchStack } from "./stack/bench-stack.ts";
import { printTable, quantile } from "./stack/figures.ts";
import { endBridge, startSecondBridge } from "./upgrade/disturb.ts";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    runs: { type: "string", default: "200" },
    bridges: { type: "string", default: "1,2,4" },
  },
});
const runs = Number(values.runs);
const minutes = 4;
/** A million runs a day, spread evenly. */
const wantedPerS = 1_000_000 / (24 * 60 * 60);

type Row = {
  bridges: number;
  ready: number;
  runsPerS: number;
  lagP50Ms: number;
  lagP99Ms: number;
  /** How much longer the later of two tenants waits for its median run. */
  fairness: number;
  /** Milliseconds of processor time for a run. */
  cpuMs: { bridges: number; workerd: number; redis: number };
};

const rows: Row[] = [];
for (const bridges of values.bridges.split(",").map(Number)) {
  const stack = await openBenchStack(1, { SANDBOX_DURATION_MS: "1000" });
  const more: ChildProcess[] = [];
  try {
    while (more.length < bridges - 1) more.push(await startSecondBridge(stack));
    rows.push(await measure(stack, more));
  } finally {
    await Promise.all(more.map((bridge) => endBridge(bridge, "SIGTERM")));
    await stack.stop();
  }
}
if (values.json) console.log(JSON.stringify({ bench: "scale", runs, rows }));
else report();
process.exitCode = rows.every(({ ready }) => ready === runs) ? 0 : 1;

async function measure(stack: BenchStack, more: readonly ChildProcess[]): Promise<Row> {
  const { bridgePid = 0, edgePid = 0, redisPid = 0 } = stack.file();
  const workerd = (await childOf(edgePid, /workerd/)) ?? 0;
  const pids = { bridges: [bridgePid, ...more.map(({ pid = 0 }) => pid)], workerd: [workerd], redis: [redisPid] };
  const before = await cpuOf(pids);
  const crowd = await gatherCrowd(stack, runs, AbortSignal.timeout(minutes * 60_000));
  const after = await cpuOf(pids);
  const { ready, lagsMs, fairness } = judge(crowd, await queryEnds(stack));
  const cpuMs = (part: keyof typeof pids) => (after[part] - before[part]) / runs;
  return {
    bridges: pids.bridges.length,
    ready,
    runsPerS: (ready * 1000) / (crowd.overAt - crowd.gatheredAt),
    lagP50Ms: quantile(lagsMs, 0.5),
    lagP99Ms: quantile(lagsMs, 0.99),
    fairness,
    cpuMs: { bridges: cpuMs("bridges"), workerd: cpuMs("workerd"), redis: cpuMs("redis") },
  };
}

async function cpuOf(pids: Readonly<Record<keyof Row["cpuMs"], readonly number[]>>): Promise<Row["cpuMs"]> {
  const sum = async (of: readonly number[]) => (await Promise.all(of.map(cpuMsOf))).reduce((one, other) => one + other);
  return { bridges: await sum(pids.bridges), workerd: await sum(pids.workerd), redis: await sum(pids.redis) };
}

function judge({ members, gatheredAt }: Crowd, ends: ReadonlyMap<string, number>) {
  const over = members.flatMap(({ id, mid, followed }) => {
    if (typeof followed === "string" || followed.run.status !== "ready") return [];
    return [{ mid, waitedMs: followed.at - gatheredAt, lagMs: followed.at - (ends.get(id) ?? Number.NaN) }];
  });
  const units = [...new Set(members.map(({ mid }) => mid))];
  const medians = units.map((mid) => {
    const waits = over.filter((run) => run.mid === mid).map(({ waitedMs }) => waitedMs);
    return quantile(waits, 0.5);
  });
  const fairness = Math.max(...medians) / Math.min(...medians);
  return { ready: over.length, lagsMs: over.map(({ lagMs }) => lagMs), fairness };
}

function report(): void {
  printTable(
    ["bridges", "ready", "runs/s", "end → ready p50 ms", "p99 ms", "slower ÷ quicker tenant"],
    rows.map((row) => [row.bridges, row.ready, row.runsPerS, row.lagP50Ms, row.lagP99Ms, row.fairness]),
  );
  console.log();
  printTable(
    [
      "bridges",
      "ms of processor a run: bridges",
      "workerd",
      "redis",
      "processors at 1M runs/day: bridges",
      "workerd",
      "redis",
    ],
    rows.map(({ bridges, cpuMs }) => [
      bridges,
      ...perRun(cpuMs),
      ...perRun(cpuMs).map((ms) => (ms * wantedPerS) / 1000),
    ]),
  );
}

function perRun({ bridges, workerd, redis }: Row["cpuMs"]): number[] {
  return [bridges, workerd, redis];
}
