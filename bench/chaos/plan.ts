import { shuffled, type Random } from "../../sandbox/random.ts";
import { wayNames, type WayName } from "./ways.ts";

/** What is done to a stack. */
export type Fault =
  | { kind: "process"; part: "bridgePid" | "edgePid" | "redisPid"; signal: "SIGKILL" | "SIGTERM" | "SIGSTOP" }
  | { kind: "empty Redis" }
  | { kind: "restart Redis" }
  /** One more bridge works, whose clock is wrong by this. */
  | { kind: "clock"; aheadMs: number }
  | { kind: "network"; way: WayName; trouble: "cut" | "slow" | "half-open" }
  | { kind: "away"; ways: readonly WayName[] }
  | { kind: "calls"; order: Readonly<Record<string, unknown>> }
  | { kind: "behaviours"; change: Readonly<Record<string, unknown>> }
  | { kind: "tokens"; action: "expire" };

/**
 * A fault under the name it has in the report; `forMs`: the shortest and the longest time it may last, in real time;
 * `isLongFirst`: the first of a whole run lasts the longest.
 */
type NamedFault = { name: string; forMs: readonly [number, number]; isLongFirst?: true; fault: Fault };

/** A fault, when it comes after the start and how long it lasts. */
export type Strike = NamedFault & { atMs: number; lastsMs: number };

const processes: readonly NamedFault[] = [
  { name: "Redis killed, comes back empty", forMs: [0, 0], fault: sent("redisPid", "SIGKILL") },
  { name: "Redis emptied", forMs: [0, 0], fault: { kind: "empty Redis" } },
  { name: "Redis restarted, its data kept", forMs: [0, 0], fault: { kind: "restart Redis" } },
  { name: "Redis paused", forMs: [2000, 10_000], isLongFirst: true, fault: sent("redisPid", "SIGSTOP") },
  { name: "edge killed", forMs: [0, 0], fault: sent("edgePid", "SIGKILL") },
  { name: "edge reloaded", forMs: [0, 0], fault: sent("edgePid", "SIGTERM") },
  { name: "bridge killed", forMs: [0, 0], fault: sent("bridgePid", "SIGKILL") },
  { name: "bridge stopped", forMs: [0, 0], fault: sent("bridgePid", "SIGTERM") },
  { name: "bridge frozen", forMs: [5000, 30_000], isLongFirst: true, fault: sent("bridgePid", "SIGSTOP") },
];

/** Five times what the edge lets pass. */
const skewMs = 5 * 60_000;
const clocks: readonly NamedFault[] = [
  { name: "a bridge's clock 5 min ahead", forMs: [10_000, 25_000], fault: { kind: "clock", aheadMs: skewMs } },
  { name: "a bridge's clock 5 min behind", forMs: [10_000, 25_000], fault: { kind: "clock", aheadMs: -skewMs } },
];

const network: readonly NamedFault[] = [
  ...wayNames.flatMap((way) =>
    (["cut", "slow", "half-open"] as const).map((trouble): NamedFault => ({
      name: `${way} ${trouble}`,
      forMs: [1000, 8000],
      fault: { kind: "network", way, trouble },
    })),
  ),
  {
    name: "Postgres away",
    forMs: [4000, 15_000],
    fault: { kind: "away", ways: ["bridge → Postgres", "edge → Postgres"] },
  },
  {
    name: "Redis away",
    forMs: [4000, 15_000],
    fault: { kind: "away", ways: ["bridge → Redis", "edge → Redis"] },
  },
  {
    name: "Marketing Cloud away",
    forMs: [2000, 10_000],
    fault: { kind: "away", ways: ["bridge → Marketing Cloud", "edge → Marketing Cloud"] },
  },
];

/** Everything that a run calls, as the sandbox's faults name it. */
const calls = ["SOAP Create*", "SOAP Perform", "SOAP Retrieve*", "SOAP Delete*", "REST *", "AUTH token"] as const;
/** What may happen to a call. Never twice by Marketing Cloud itself: nobody but it could prevent that. */
const misfortunes: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "answers 401": { as: "token-expired" },
  "answers 429": { status: 429, headers: { "Retry-After": "2" } },
  "answers 500": { status: 500 },
  "answers 503": { status: 503 },
  hangs: { hang: true },
  "never arrives": { drop: "before" },
  "loses its answer": { drop: "after" },
  "is cut short": { truncateAt: 200 },
  "answers HTML": { status: 200, body: "<html>Sorry</html>" },
  "is 10 s late": { delayMs: 10_000 },
};

const truncated = "Query failed during execution. Error: String or binary data would be truncated.";

const marketingCloud: readonly NamedFault[] = [
  ...Object.entries(misfortunes).flatMap(([what, how]) =>
    calls.map((call): NamedFault => ({
      name: `a call ${what}`,
      forMs: [500, 2500],
      fault: { kind: "calls", order: { call, times: 4, ...how } },
    })),
  ),
  { name: "tokens end", forMs: [0, 0], fault: { kind: "tokens", action: "expire" } },
  { name: "realistic weather", forMs: [5000, 15_000], fault: { kind: "behaviours", change: { profile: "realistic" } } },
  { name: "hostile weather", forMs: [5000, 15_000], fault: { kind: "behaviours", change: { profile: "hostile" } } },
  {
    name: "a result does not fit its table",
    forMs: [1000, 3000],
    fault: { kind: "behaviours", change: { errorMsg: truncated, errorTimes: 2 } },
  },
];

/** One kind of faults, and how long nothing of its kind is wrong between two: a part that was killed needs seconds to be back. */
type Lane = { faults: readonly NamedFault[]; pauseMs: readonly [number, number] };
const lanes: readonly Lane[] = [
  { faults: processes, pauseMs: [4000, 9000] },
  { faults: network, pauseMs: [2000, 6000] },
  { faults: marketingCloud, pauseMs: [500, 3000] },
  { faults: clocks, pauseMs: [4000, 12_000] },
];

/** A run of this length has every fault, whatever the seed. */
export const wholeMs = 5 * 60_000;

/** The names of all faults. */
export const faultNames: readonly string[] = [
  ...new Set(lanes.flatMap(({ faults }) => faults.map(({ name }) => name))),
];

/**
 * Draws what happens in a time: of processes, network, Marketing Cloud and clocks one after the other, the four side by side.
 * Each kind comes once before any comes again. Equal seeds give equal plans.
 *
 * @param names of the faults that may come; absent: all
 */
export function drawPlan(random: Random, lengthMs: number, names = faultNames): readonly Strike[] {
  return lanes
    .flatMap((lane) => drawLane(lane, random, lengthMs, names))
    .toSorted((one, other) => one.atMs - other.atMs);
}

function drawLane(lane: Lane, random: Random, lengthMs: number, names: readonly string[]): readonly Strike[] {
  const { pauseMs } = lane;
  const faults = lane.faults.filter(({ name }) => names.includes(name));
  const strikes: Strike[] = [];
  let left: NamedFault[] = [];
  for (let atMs = random.between(...pauseMs); ;) {
    if (left.length === 0) left = shuffled(faults, random);
    const next = left.pop();
    if (next === undefined) return strikes;
    const drawnMs = random.between(...next.forMs);
    const isFirst = strikes.every(({ name }) => name !== next.name);
    const isLong = next.isLongFirst === true && isFirst && lengthMs >= wholeMs;
    const lastsMs = isLong ? next.forMs[1] : drawnMs;
    if (atMs + lastsMs > lengthMs) return strikes;
    strikes.push({ ...next, atMs, lastsMs });
    atMs += lastsMs + random.between(...pauseMs);
  }
}

function sent(part: "bridgePid" | "edgePid" | "redisPid", signal: "SIGKILL" | "SIGTERM" | "SIGSTOP"): Fault {
  return { kind: "process", part, signal };
}
