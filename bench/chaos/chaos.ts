import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openRandom } from "../../sandbox/random.ts";
import { checkHistory } from "../history/check.ts";
import type { Finding, History } from "../history/history.ts";
import { readHistory } from "../history/read-history.ts";
import { cleanUp, whenOver } from "../history/settle.ts";
import { openBenchStack, type BenchStack } from "../stack/bench-stack.ts";
import { signPeople } from "../upgrade/members.ts";
import { whenUp } from "./calm.ts";
import { openDoomedBridge, type Death } from "./doomed-bridge.ts";
import { work, type Ordered } from "./person.ts";
import { drawPlan } from "./plan.ts";
import { openStriker } from "./strike.ts";
import { deathsByPlan, livesOf, struckAlone } from "./lives.ts";
import { countExposures, type Meetings, type Struck } from "./meetings.ts";
import { storm } from "./storm.ts";
import { openNetwork, type Network } from "./ways.ts";

/** How a time of chaos is made. */
export type ChaosOptions = {
  seed: number;
  /** How long faults come, in milliseconds; runs are waited for after it. */
  lengthMs: number;
  people: number;
  say: (line: string) => void;
};

/** What came of it. */
export type ChaosResult = {
  struck: readonly Struck[];
  /** Of bridges, at fail points. */
  deaths: readonly Death[];
  ordered: readonly Ordered[];
  history: History;
  findings: readonly Finding[];
  /** Which fault met how many runs at which step. */
  meetings: readonly Meetings[];
};

/** Waits of minutes take as many fifths of a minute, and Marketing Cloud is as much faster. */
const scale = 5;
const callsPerMinute = 300;
const runTimeoutMs = 90_000;
const queueTimeoutMs = 90_000;
/** When the last run should be over: two deadlines one after the other, and what the object waits longer. */
const endMs = runTimeoutMs + queueTimeoutMs + 30_000;

/**
 * Runs a stack of real processes with people who order runs all the time, does faults to all parts at random, ends them,
 * and compares what all sides tell of each run.
 */
export async function makeChaos(options: ChaosOptions): Promise<ChaosResult> {
  const network = openNetwork();
  const stack = await openBenchStack(
    scale,
    {
      MCE_CALLS_PER_MINUTE: String(callsPerMinute),
      SQE_RUN_TIMEOUT_MS: String(runTimeoutMs),
      SQE_QUEUE_TIMEOUT_MS: String(queueTimeoutMs),
    },
    { ways: (addresses) => network.lay(addresses) },
  );
  try {
    return await struggle(stack, network, options);
  } finally {
    network.close();
    await stack.stop();
  }
}

async function struggle(stack: BenchStack, network: Network, options: ChaosOptions): Promise<ChaosResult> {
  const { seed, lengthMs, people, say } = options;
  const random = openRandom(seed);
  const until = new AbortController();
  const giveUp = AbortSignal.timeout(lengthMs + endMs + 60_000);
  const tokens = await signPeople(stack);
  const working = Promise.all(
    Array.from({ length: people }, (_, at) => {
      // Most of them in one business unit, where more want to run than may at once.
      const { mid, token } = tokens[at % 2 === 0 ? 0 : at % tokens.length] ?? fail();
      const desk = { url: network.edgeUrl(), mid, token, name: `p${at}`, random: openRandom(seed + 1 + at) };
      return work(desk, until.signal, giveUp);
    }),
  );
  const doomed = openDoomedBridge(stack, openRandom(seed));
  const striker = openStriker(stack, network, random);
  const struck = await storm(striker, drawPlan(random, lengthMs), say);
  until.abort();
  await striker.healAll();
  await doomed.stop();
  await whenUp(stack);
  say("all faults have ended; waiting for the runs");
  const ordered = (await working).flat();
  const history = await judge(stack, ordered, new Map(tokens.map(({ mid, token }) => [mid, token])));
  const findings = checkHistory(history);
  const deaths = doomed.deaths();
  const log = await readFile(join(stack.dir, "logs", "bridge.log"), "utf8");
  const all = [
    ...struck,
    ...struckAlone(ordered, [...deathsByPlan(struck, log), ...deaths.flatMap(({ touched }) => touched)]),
  ];
  const meetings = countExposures(livesOf(history, ordered), all, findings);
  return { struck, deaths, ordered, history, findings, meetings };
}

async function judge(
  stack: BenchStack,
  ordered: readonly Ordered[],
  tokens: ReadonlyMap<number, string>,
): Promise<History> {
  const projected = await whenOver(stack, endMs);
  const known = new Map(ordered.map((run) => [run.id, run]));
  // Whose 202 was lost: no client knows it, but it ends as all others do.
  const unheard = [...projected].flatMap(([id, { mid }]) =>
    known.has(id) ? [] : [{ id, mid, token: tokens.get(mid) ?? "", clients: [] }],
  );
  const members = [...ordered, ...unheard];
  const ready = members.filter(({ id }) => projected.get(id)?.status === "ready");
  await cleanUp(stack, ready);
  // The last versions reach Postgres a moment after the last answer.
  await sleep(2000);
  return readHistory(stack, members, { callsPerMinute });
}

function fail(): never {
  throw new Error("Cannot make chaos: there is no business unit");
}
