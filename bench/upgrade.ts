/**
 * Upgrades the engine under live runs and prints what came of them: `npm run bench:upgrade -- [--json] [--runs 50]
 * [--duration-ms 20000] [--minutes 6]`.
 *
 * The first round is left alone. In the second, while the queries execute: a second bridge starts and the first is stopped
 * by SIGTERM (a rolling upgrade), a bridge is killed, the edge is killed and starts again, all bridges are stopped at once.
 * Every fifth run appends a row to a table. With the sandbox's four business units of eight slots each, 32 runs execute at
 * once and the others wait. The exit code is 1 when a run is not ready, was performed or applied twice, lacked a version at
 * its client or came twice, or left something. Clients are bare readers of SSE: our own forgives a version that comes twice.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { readRuns } from "./crowd/crowd.ts";
import { queryEnds } from "./crowd/witness.ts";
import { openBenchStack, type BenchStack } from "./stack/bench-stack.ts";
import { printTable, quantile } from "./stack/figures.ts";
import { endBridge, restartPart, startSecondBridge, type Disturbance } from "./upgrade/disturb.ts";
import { judgeTravelers } from "./upgrade/judge.ts";
import { submitTravelers, type Traveler } from "./upgrade/members.ts";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    runs: { type: "string", default: "50" },
    "duration-ms": { type: "string", default: "20000" },
    minutes: { type: "string", default: "6" },
  },
});
const runs = Number(values.runs);
const giveUp = AbortSignal.timeout(Number(values.minutes) * 60_000);
/** Between two disturbances, so that each meets runs that have recovered from the one before. */
const pauseMs = 3000;
/** When the first one comes: half of the first queries' time. */
const firstMs = Number(values["duration-ms"]) / 2;

type Round = {
  name: string;
  ready: number;
  wrong: readonly string[];
  lagMs: { p50: number; p99: number; most: number };
  tookS: number;
  disturbances: Disturbance[];
};

const stack = await openBenchStack(1, {
  MCE_CALLS_PER_MINUTE: "100000",
  SANDBOX_DURATION_MS: values["duration-ms"],
  // As in production, not the local stack's second.
  SQE_GRACE_MS: "45000",
});
const rounds: Round[] = [];
try {
  rounds.push(await measure("left alone", async () => []));
  rounds.push(await measure("upgraded", upgrade));
} finally {
  await stack.stop();
}
if (values.json) console.log(JSON.stringify({ bench: "upgrade", runs, rounds }));
else report();
process.exitCode = rounds.every(({ wrong }) => wrong.length === 0) ? 0 : 1;

async function measure(name: string, disturb: (on: BenchStack, startedAt: number) => Promise<Disturbance[]>) {
  const startedAt = Date.now();
  const after = (await stack.ledger(0)).at(-1)?.seq ?? 0;
  const submitted = await submitTravelers(stack, runs, name.replace(" ", "-"), giveUp);
  const disturbances = await disturb(stack, startedAt);
  const watched = await Promise.all(submitted.map(async (one) => ({ ...one, watched: await one.watched })));
  const tookS = (Date.now() - startedAt) / 1000;
  const travelers: Traveler[] = await readRuns(stack.file().edge, watched);
  const wrong = await judgeTravelers(stack, travelers, after);
  const lags = await lagsOf(travelers);
  return {
    name,
    ready: travelers.filter(({ followed }) => followed.client.sawEnd && followed.run.status === "ready").length,
    wrong,
    lagMs: { p50: quantile(lags, 0.5), p99: quantile(lags, 0.99), most: Math.max(...lags) },
    tookS,
    disturbances,
  };
}

/** From the end of each query in Marketing Cloud until its client has received `ready`. */
async function lagsOf(travelers: readonly Traveler[]): Promise<number[]> {
  const ends = await queryEnds(stack);
  return travelers.flatMap(({ id, followed }) => {
    const endedAt = ends.get(id);
    return !followed.client.sawEnd || endedAt === undefined ? [] : [followed.at - endedAt];
  });
}

async function upgrade(on: BenchStack, startedAt: number): Promise<Disturbance[]> {
  const disturbances: Disturbance[] = [];
  const note = async (what: string, act: () => Promise<number>) => {
    const atMs = Date.now() - startedAt;
    disturbances.push({ what, atMs, backMs: await act() });
    await sleep(pauseMs);
  };
  await sleep(Math.max(0, startedAt + firstMs - Date.now()));
  const second = await startSecondBridge(on);
  await note("rolling: a second bridge is up, the first gets SIGTERM", () => restartPart(on, "bridgePid", "SIGTERM"));
  await note("kill -9 of one of two bridges", () => restartPart(on, "bridgePid", "SIGKILL"));
  await note("kill -9 of the edge", () => restartPart(on, "edgePid", "SIGKILL"));
  await note("the second bridge gets SIGTERM", () => endBridge(second, "SIGTERM"));
  await note("kill -9 of the only bridge", () => restartPart(on, "bridgePid", "SIGKILL"));
  await note("SIGTERM of the edge", () => restartPart(on, "edgePid", "SIGTERM"));
  return disturbances;
}

function report(): void {
  printTable(
    ["round", "ready", "wrong", "lag p50 ms", "lag p99 ms", "lag max ms", "took s"],
    rounds.map(({ name, ready, wrong, lagMs, tookS }) => [
      name,
      ready,
      wrong.length,
      Math.round(lagMs.p50),
      Math.round(lagMs.p99),
      Math.round(lagMs.most),
      tookS,
    ]),
  );
  console.log();
  printTable(
    ["what happened", "after ms", "took ms"],
    rounds.flatMap(({ disturbances }) => disturbances.map(({ what, atMs, backMs }) => [what, atMs, backMs])),
  );
  for (const line of rounds.flatMap(({ wrong }) => wrong)) console.log(line);
}
