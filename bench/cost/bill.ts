import { prices } from "./prices.ts";

/** What one run uses, and what is used while nothing runs; as `measure.ts` measures it. */
export type Use = {
  workerRequests: number;
  workerCpuMs: number;
  objectRequests: number;
  objectActiveMs: number;
  objectRowsWritten: number;
  redisCommands: number;
  /** Commands of one bridge without runs, in a minute. */
  redisCommandsIdleMinute: number;
  postgresQueries: number;
  postgresBytes: number;
  bridgeCpuMs: number;
};

/** How the service is used. */
export type Habit = {
  runs: number;
  bridges: number;
  /** Hours of a month in which people run queries. */
  workDays: number;
  workHours: number;
  /** Size of Postgres' compute while it is awake. */
  computeUnits: number;
  keptDays: number;
};

/** One line of a bill: what is paid for, how much of it, and the price in dollars. */
export type Item = { service: string; what: string; amount: number; usd: number };

const hoursOfMonth = 730;
const secondsOfMonth = hoursOfMonth * 3600;
/** Cron Triggers of a month: every two minutes, each with one command, and every hour. */
const ticks = { frequent: hoursOfMonth * 30, hourly: hoursOfMonth };
/** How long Postgres stays awake after a run's job was put (D31), and after its last query (Neon's default). */
const liveHours = 3;
const restHours = 5 / 60;
const gb = 1e9;

/** Works out what a month costs. Pure. */
export function billOf(use: Use, habit: Habit): Item[] {
  const { runs, bridges } = habit;
  return [
    ...workersOf(use, runs),
    ...objectsOf(use, runs),
    redisOf(use, runs, bridges),
    ...neonOf(use, habit),
    ...bridgeOf(use, habit),
  ];
}

function workersOf({ workerRequests, workerCpuMs }: Use, runs: number): Item[] {
  const { plan, requests, cpuMs } = prices.workers;
  const asked = runs * workerRequests + ticks.frequent + ticks.hourly;
  return [
    { service: "Cloudflare", what: "Workers Paid, plan", amount: 1, usd: plan },
    { service: "Cloudflare", what: "Worker requests", amount: asked, usd: beyond(requests, asked) },
    {
      service: "Cloudflare",
      what: "Worker and object CPU, ms",
      amount: runs * workerCpuMs,
      usd: beyond(cpuMs, runs * workerCpuMs),
    },
  ];
}

function objectsOf({ objectRequests, objectActiveMs, objectRowsWritten }: Use, runs: number): Item[] {
  const { memoryGb, requests, gbSeconds, rowsWritten } = prices.objects;
  const active = (runs * objectActiveMs * memoryGb) / 1000;
  const lines = [
    ["object requests", runs * objectRequests, requests],
    ["object duration, GB-s", active, gbSeconds],
    ["object rows written", runs * objectRowsWritten, rowsWritten],
  ] as const;
  return lines.map(([what, amount, price]) => ({ service: "Cloudflare", what, amount, usd: beyond(price, amount) }));
}

function redisOf({ redisCommands, redisCommandsIdleMinute }: Use, runs: number, bridges: number): Item {
  const idle = redisCommandsIdleMinute * 60 * hoursOfMonth * bridges + ticks.frequent;
  const amount = runs * redisCommands + idle;
  const { command, fixed } = prices.upstash;
  const isFixed = amount * command > fixed;
  return {
    service: "Upstash",
    what: `commands, ${isFixed ? "fixed plan" : "as you go"}`,
    amount,
    usd: isFixed ? fixed : amount * command,
  };
}

function neonOf({ postgresBytes }: Use, { runs, workDays, workHours, computeUnits, keptDays }: Habit): Item[] {
  const busy = workDays * Math.min(24, workHours + liveHours + restHours);
  const awake = busy + (hoursOfMonth - busy) * restHours;
  const kept = keptDays === 0 ? 12 : keptDays / (hoursOfMonth / 24);
  const stored = (runs * kept * postgresBytes) / gb;
  return [
    {
      service: "Neon",
      what: `compute, CU-h (awake ${Math.round(awake)} h)`,
      amount: awake * computeUnits,
      usd: awake * computeUnits * prices.neon.cuHour,
    },
    { service: "Neon", what: "storage, GB", amount: stored, usd: stored * prices.neon.gbMonth },
  ];
}

function bridgeOf({ bridgeCpuMs }: Use, { runs, bridges }: Habit): Item[] {
  const { memoryGib, gibSeconds, diskGb, gbSeconds, cpuSeconds } = prices.bridge;
  const standing =
    beyond(gibSeconds, bridges * memoryGib * secondsOfMonth) + beyond(gbSeconds, bridges * diskGb * secondsOfMonth);
  const cpu = (runs * bridgeCpuMs) / 1000;
  return [
    { service: "bridge's host", what: "container of 1 GiB, all month", amount: bridges, usd: standing },
    { service: "bridge's host", what: "CPU, s", amount: cpu, usd: beyond(cpuSeconds, cpu) },
  ];
}

function beyond({ included, each }: { included: number; each: number }, amount: number): number {
  return Math.max(0, amount - included) * each;
}
