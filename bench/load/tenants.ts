import { readCustomerKey } from "#run/names.ts";
import { signalGroup } from "../../dev/stack/process-table.ts";
import { openRandom } from "../../sandbox/random.ts";
import { whenUp } from "../chaos/calm.ts";
import { drawOrder } from "../chaos/orders.ts";
import { follow, submit, type Desk, type Ordered } from "../chaos/person.ts";
import { drawPlan } from "../chaos/plan.ts";
import { storm } from "../chaos/storm.ts";
import type { Struck } from "../chaos/meetings.ts";
import { openStriker } from "../chaos/strike.ts";
import { openNetwork } from "../chaos/ways.ts";
import { checkHistory, endsOf, lineOf } from "../history/check.ts";
import type { Finding, History } from "../history/history.ts";
import { assetsOf, readHistory } from "../history/read-history.ts";
import { sweepUp, whenOver, within } from "../history/settle.ts";
import type { BenchStack } from "../stack/bench-stack.ts";
import { quantile } from "../stack/figures.ts";
import { inTurns } from "../stack/in-turns.ts";
import { peakDuring } from "../stack/memory.ts";
import { openTenants } from "../stack/tenants.ts";
import type { Figure } from "./figure.ts";

/** How many tenants, users of each and runs of each user; and how long faults come, in milliseconds. */
type TenantsSize = { tenants: number; users: number; runs: number; faultsMs: number };

/** Waits are as much shorter, so that what a fault broke is tried again within the time of the load. */
export const tenantsScale = 3;
const callsPerMinute = 300;
const runTimeoutMs = 300_000;
const giveUpMs = 720_000;
/** With the limits of production: ten runs of a user at a time, twenty streams. */
export const tenantsSettings = {
  SQE_LIMITS: "on",
  SQE_RUN_TIMEOUT_MS: String(runTimeoutMs),
  SQE_QUEUE_TIMEOUT_MS: String(giveUpMs),
  // Not a third of it: two thousand streams would be this load's main work.
  SQE_HEARTBEAT_MS: "15000",
  MCE_CALLS_PER_MINUTE: String(callsPerMinute),
  // As an operator would set it: with 300 runs in hand two processors would spend their time on polls and signs of life.
  BRIDGE_CONCURRENCY: "100",
};

const faults = [
  "Redis emptied",
  "Redis paused",
  "edge reloaded",
  "bridge killed",
  "a call answers 429",
  "a call answers 500",
  "a call loses its answer",
];
const seed = 40;
const submitsAtOnce = 8;
const gatherMs = 60_000;
const findingsShown = 20;
/** Of the engine's programs; workerd's with everything that `wrangler dev` runs in it. */
const peaksMb: Readonly<Record<string, number>> = { bridge: 1000, redis: 200, workerd: 3000, "wrangler's proxy": 2000 };
const otherPeakMb = 1500;
/** This bench with two thousand clients, the tools around the stack, and a process that has just ended. */
const notOurs = new Set(["this bench", "watchdog", "esbuild", ""]);

type Crowd = { ordered: readonly Ordered[]; unwatched: number; struck: readonly Struck[]; beganAt: number };

/**
 * Runs of many tenants, all accepted and each followed by a client of its own before the bridge takes the first; then faults
 * come while all of them are worked off. Everything that all sides tell of them is compared.
 */
export async function tenants(stack: BenchStack, size: TenantsSize): Promise<Figure[]> {
  const desks = await openDesks(stack, size);
  const { done: crowd, peak } = await peakDuring(stack.file, () => workOff(stack, desks, size));
  const history = await readSettled(stack, crowd.ordered);
  const findings = checkHistory(history);
  for (const finding of findings.slice(0, findingsShown)) console.log(lineOf(finding));
  return [...figuresOf(crowd, history, findings), ...[...peak].filter(([name]) => !notOurs.has(name)).map(peakFigure)];
}

async function openDesks(stack: BenchStack, { tenants: count, users }: TenantsSize): Promise<readonly Desk[]> {
  const { edge } = stack.file();
  const opened = await openTenants(stack, count);
  // The first users of all tenants first, so that tenants submit in turn.
  const seats = Array.from({ length: users }, (_none, at) => opened.map((tenant) => ({ tenant, user: `user-${at}` })));
  return Promise.all(
    seats.flat().map(async ({ tenant: { mid, tokenOf }, user }, at) => {
      return { url: edge, mid, token: await tokenOf(user), random: openRandom(seed + at) };
    }),
  );
}

async function workOff(stack: BenchStack, desks: readonly Desk[], { runs, faultsMs }: TenantsSize): Promise<Crowd> {
  const giveUp = AbortSignal.timeout(giveUpMs);
  const { bridgePid = 0 } = stack.file();
  const count = desks.length * runs;
  const watched = new Set<string>();
  signalGroup(bridgePid, "SIGSTOP");
  const submitted = await inTurns(submitsAtOnce, count, async (at) => {
    const desk = desks[at % desks.length] ?? fail();
    const order = drawOrder(desk.random, `order-${at}`);
    const accepted = (await submit(desk, order, giveUp)) ?? fail();
    return { followed: follow(desk, accepted, order, { giveUp, onStream: () => watched.add(accepted.id) }) };
  });
  await within(gatherMs, () => Promise.resolve(watched.size === count));
  const unwatched = count - watched.size;
  const beganAt = Date.now();
  signalGroup(bridgePid, "SIGCONT");
  const random = openRandom(seed);
  const striker = openStriker(stack, openNetwork(), random);
  const struck = await storm(striker, drawPlan(random, faultsMs, faults), (line) => console.error(line));
  await striker.healAll();
  await whenUp(stack);
  const ordered = await Promise.all(submitted.map(({ followed }) => followed));
  return { ordered, unwatched, struck, beganAt };
}

/** What all sides tell, when Postgres has every end and nothing is left in Marketing Cloud but tables of results. */
async function readSettled(stack: BenchStack, ordered: readonly Ordered[]): Promise<History> {
  const projected = await whenOver(stack, runTimeoutMs);
  const isPromised = (key: string) => projected.get(readCustomerKey(key)?.runId ?? "")?.status === "ready";
  await sweepUp(stack, async () =>
    (await assetsOf(stack)).every(({ kind, key }) => kind === "table" && isPromised(key)),
  );
  return readHistory(stack, ordered, { callsPerMinute });
}

function figuresOf(crowd: Crowd, { runs }: History, findings: readonly Finding[]): Figure[] {
  const { ordered, unwatched, struck, beganAt } = crowd;
  const ends = new Map(runs.map(({ id, log }) => [id, log.at(-1)?.status]));
  const tookS = ({ overAt }: Ordered) => (overAt - beganAt) / 1000;
  const mids = [...new Set(ordered.map(({ mid }) => mid))];
  const medians = mids.map((mid) => {
    const ready = ordered.filter(({ id, mid: its }) => its === mid && ends.get(id) === "ready");
    return quantile(ready.map(tookS), 0.5);
  });
  const failed = [...ends.values()].filter((status) => status === "failed").length;
  const all = `${ordered.length} runs of ${mids.length} tenants`;
  return [
    { name: `tenants: ${all}, ${struck.length} faults; findings`, value: findings.length, unit: "", atMost: 0 },
    { name: "tenants: runs that nobody followed before the first began", value: unwatched, unit: "", atMost: 0 },
    { name: `tenants: failed runs (${endsOf(runs)})`, value: (100 * failed) / ordered.length, unit: "%", atMost: 5 },
    { name: "tenants: then all are over after", value: Math.max(...ordered.map(tookS)), unit: "s", atMost: 600 },
    {
      name: "tenants: median of the slowest tenant, compared with the quickest",
      value: Math.max(...medians) / Math.min(...medians),
      unit: "times",
      atMost: 1.5,
    },
  ];
}

function peakFigure([name, mb]: [string, number]): Figure {
  return { name: `tenants: peak memory of ${name}`, value: mb, unit: "MB", atMost: peaksMb[name] ?? otherPeakMb };
}

function fail(): never {
  throw new Error("Cannot submit: there is no user, or time is up");
}
