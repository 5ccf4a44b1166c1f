/**
 * Runs a crowd on one stack and prints what it took (two tenants, one SSE client for each run): `npm run bench:crowd --
 * [--json] [--runs 1000] [--rounds 1] [--minutes 10] [--duration-ms 1000] [--calls-per-minute 100000]`.
 *
 * All runs are accepted and all clients connected before the first query ends, because Marketing Cloud's clock stands still
 * until then. The times of the first sixteen runs include that wait. `--minutes` limits how long clients stay connected. The
 * exit code is 1 when a run is not ready, was performed twice, lacked a version at its client or came twice, or left something.
 *
 * The engine runs with its default settings, except MCE_CALLS_PER_MINUTE. The default of 300 for a business unit spaces out
 * the polls of a crowd, so the limit would be measured, not the machine. To measure it: `--calls-per-minute 300 --minutes 60`.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { given } from "#lang/given.ts";
import { freePort } from "../dev/stack/ports.ts";
import { gatherCrowd, type Crowd } from "./crowd/crowd.ts";
import { judge } from "./crowd/judge.ts";
import { callsMade, queryEnds } from "./crowd/witness.ts";
import { openBenchStack, type BenchStack } from "./stack/bench-stack.ts";
import { printTable, quantile } from "./stack/figures.ts";
import { readWorkerHeap, type Heap } from "./stack/heap.ts";
import { peakDuring, readMemory, type Memory } from "./stack/memory.ts";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    runs: { type: "string", default: "1000" },
    rounds: { type: "string", default: "1" },
    minutes: { type: "string", default: "10" },
    "duration-ms": { type: "string", default: "1000" },
    "calls-per-minute": { type: "string", default: "100000" },
  },
});
const runs = Number(values.runs);
const callsPerMinute = values["calls-per-minute"];
/** A run object leaves memory about ten seconds after its last request. */
const calmMs = 20_000;
const wrongShown = 10;

type Spread = { p50: number; p99: number };
type Round = {
  runs: number;
  ended: number;
  wrong: readonly string[];
  gatheredAfterS: number;
  endedAfterS: number;
  runsPerS: number;
  callsPerRun: number;
  streamsMost: number;
  streamsInAll: number;
  times: Record<keyof typeof timeNames, Spread>;
  memory: { idle: Memory; peak: Memory; after: Memory };
  /** Of the Worker and its objects, after a garbage collection. */
  heap: { idle?: Heap; after?: Heap };
};

const timeNames = {
  acceptMs: "POST → 202",
  readyMs: "202 → client receives ready",
  workMs: "claimed by the bridge → client receives ready",
  lagMs: "query ends in Marketing Cloud → client receives ready",
  lastEventMs: "last event written → client has it",
};

const inspectorPort = await freePort();
const giveUp = AbortSignal.timeout(Number(values.minutes) * 60_000);
const stack = await openBenchStack(1, {
  MCE_CALLS_PER_MINUTE: callsPerMinute,
  SANDBOX_DURATION_MS: values["duration-ms"],
  SQE_DEV_INSPECTOR_PORT: String(inspectorPort),
});
const rounds: Round[] = [];
try {
  for (let round = 0; round < Number(values.rounds); round += 1) rounds.push(await measure(stack));
} finally {
  await stack.stop();
}
if (values.json) console.log(JSON.stringify({ bench: "crowd", callsPerMinute, rounds }, mapsAsObjects));
else rounds.forEach(report);
process.exitCode = rounds.every(({ wrong }) => wrong.length === 0) ? 0 : 1;

async function measure(on: BenchStack): Promise<Round> {
  const heapIdle = await readHeap(on);
  const idle = await readMemory(on.file());
  const callsBefore = await callsMade(on);
  const after = (await on.ledger(0)).at(-1)?.seq ?? 0;
  const { done: crowd, peak } = await peakDuring(on.file, () => gatherCrowd(on, runs, giveUp));
  const wrong = await judge(on, crowd.members, after);
  const times = timesOf(crowd, await queryEnds(on));
  await sleep(calmMs);
  const memoryAfter = await readMemory(on.file());
  const ended = crowd.members.filter(({ followed }) => followed.client.sawEnd).length;
  const endedAfterS = (crowd.overAt - crowd.gatheredAt) / 1000;
  return {
    runs,
    ended,
    wrong,
    gatheredAfterS: (crowd.gatheredAt - crowd.startedAt) / 1000,
    endedAfterS,
    runsPerS: ended / endedAfterS,
    callsPerRun: ((await callsMade(on)) - callsBefore) / runs,
    streamsMost: crowd.streams.most,
    streamsInAll: crowd.streams.inAll,
    times,
    memory: { idle, peak, after: memoryAfter },
    heap: given({ idle: heapIdle, after: await readHeap(on) }),
  };
}

/** The inspector of `wrangler dev` does not always outlive a large crowd, which is judged all the same. */
function readHeap(on: BenchStack): Promise<Heap | undefined> {
  return readWorkerHeap(inspectorPort, on.file().edge).catch(() => undefined);
}

function timesOf({ members }: Crowd, ends: ReadonlyMap<string, number>): Round["times"] {
  const spread = (timesMs: readonly number[]) => ({ p50: quantile(timesMs, 0.5), p99: quantile(timesMs, 0.99) });
  const over = members.flatMap(({ id, acceptedAt, followed }) => {
    const { run, at, client } = followed;
    if (!client.sawEnd) return [];
    const since = (time: string | undefined) => (time === undefined ? [] : [at - Date.parse(time)]);
    const end = ends.get(id);
    const lag = end === undefined ? [] : [at - end];
    return [{ ready: at - acceptedAt, work: since(run.startedAt), lastEvent: since(run.endedAt), lag }];
  });
  return {
    acceptMs: spread(members.map(({ sentAt, acceptedAt }) => acceptedAt - sentAt)),
    readyMs: spread(over.map(({ ready }) => ready)),
    workMs: spread(over.flatMap(({ work }) => work)),
    lagMs: spread(over.flatMap(({ lag }) => lag)),
    lastEventMs: spread(over.flatMap(({ lastEvent }) => lastEvent)),
  };
}

function report(round: Round, at: number): void {
  const { idle, peak, after } = round.memory;
  console.log(
    `Round ${at + 1}: ${round.ended} of ${round.runs} runs ended, ${round.wrong.length} wrong; ` +
      `all accepted and followed after ${round.gatheredAfterS.toFixed(1)} s, ` +
      `all over ${round.endedAfterS.toFixed(1)} s later (${round.runsPerS.toFixed(1)} a second); ` +
      `${round.streamsMost} streams open at most, ${round.streamsInAll} opened; ` +
      `${round.callsPerRun.toFixed(1)} calls a run to Marketing Cloud, ${callsPerMinute} a minute allowed\n`,
  );
  const times = Object.entries(timeNames) as [keyof typeof timeNames, string][];
  printTable(
    ["ms", "p50", "p99"],
    times.map(([key, name]) => [name, round.times[key].p50, round.times[key].p99]),
  );
  console.log();
  printTable(
    ["memory, MB", "idle", "peak", "after"],
    [...peak].map(([name, mb]) => [name, idle.get(name) ?? Number.NaN, mb, after.get(name) ?? Number.NaN]),
  );
  const { heap } = round;
  const heapLine = (it?: Heap) =>
    it === undefined ? "not read" : `${it.usedMb.toFixed(1)} MB in use, ${it.heldMb.toFixed(1)} MB held`;
  console.log(`\nworkerd's heap, collected: ${heapLine(heap.idle)}; after the crowd ${heapLine(heap.after)}`);
  for (const wrong of round.wrong.slice(0, wrongShown)) console.log(wrong);
  console.log();
}

function mapsAsObjects(_key: string, value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value;
}
