import { hostname } from "node:os";
import type { Redis } from "ioredis";
import { openPlatform, type Platform } from "#async/platform.ts";
import { openTraceLog } from "./edge/trace.ts";
import { openCancels } from "./edge/cancel.ts";
import { openClients } from "./clients.ts";
import { announce } from "./queue/announce.ts";
import type { BridgeConfig } from "./config.ts";
import { openFailPoints, type FailPoint } from "./fail-point.ts";
import { openIntake } from "./queue/intake.ts";
import { keepCalling } from "./queue/call-again.ts";
import { openLines } from "./queue/line.ts";
import { openSlots, type Slots, type Wake } from "./queue/slots.ts";
import type { Log } from "./log.ts";
import { processJob, type JobInHand, type ProcessorDeps } from "./processor/processor.ts";
import { openQueue, type RunQueue } from "./queue/queue.ts";
import { openMetrics } from "./metrics/metrics.ts";
import { openLiveness, type Liveness } from "./probes/liveness.ts";
import { openProbes } from "./probes/probes.ts";
import { openQueueState } from "./queue/queue-state.ts";
import { openRedis, type RedisObserver } from "./queue/redis.ts";
import { openCapacity } from "./run/capacity.ts";
import { openRunLog } from "./edge/run-log.ts";
import { openSweeper, type Sweeper } from "./left-over/sweeper.ts";
import { openUnsentGrants } from "./edge/unsent-grants.ts";
import { openWorker } from "./queue/worker.ts";

export type Bridge = {
  /** Where it answers /metrics, /livez and /readyz. */
  url: string;
  /** Stops taking work, lets every run stop at its next step and closes all connections. */
  close(): Promise<void>;
};

/**
 * Starts a bridge: intake, queue and processor.
 *
 * @throws when the vault's keys are malformed, the database role could bypass row level security, the schema is too old, or
 *   the address of its probes is taken, or a file of capabilities cannot be used
 */
export async function openBridge(config: BridgeConfig, log: Log, platform: Platform = openPlatform()): Promise<Bridge> {
  const { settings } = config;
  const leaving = new AbortController();
  const metrics = openMetrics();
  const redis = connect(config.redisUrl, { log, onError: metrics.redis.failed });
  const liveness = watchLoops(redis, platform);
  const { sweeps, stopForgetting, readiness, ...clients } = await openClients(config, {
    platform,
    redis: redis.acting,
    metrics,
    liveness,
    leaving: leaving.signal,
    log,
  });
  const deps: ProcessorDeps = {
    ...clients,
    platform,
    metrics: metrics.runs,
    cancels: openCancels(redis.listening, log),
    runLog: openRunLog(redis.acting, log),
    traceLog: openTraceLog(redis.acting),
    unsent: openUnsentGrants(redis.acting, platform),
    failPoint: openFailPoints(config.failPoint),
    settings,
    capacity: openCapacity(config.concurrency, settings),
    log,
    leaving: leaving.signal,
  };
  const { queue, slots } = openTurns(redis, deps.failPoint, platform, log);
  const readQueue = openQueueState(redis.acting, queue.keyOf, platform);
  const probes = await openProbes(config.http, { metrics, readiness, liveness, readQueue });
  const sweeper = openSweeper({
    ...deps,
    ...sweeps,
    metrics: metrics.sweeps,
    now: () => platform.now(),
    redis: redis.acting,
    addUnit: (job, delayMs) => queue.addSweep(job, delayMs),
  });
  const stopWork = startWork(redis, {
    deps,
    queue,
    slots,
    sweeper,
    liveness,
    concurrency: config.concurrency,
    leaving,
  });
  return {
    url: probes.url,
    async close() {
      await stopWork();
      await queue.close();
      stopForgetting();
      await probes.close();
      for (const connection of Object.values(redis)) connection.disconnect();
    },
  };
}

type Work = {
  deps: ProcessorDeps;
  queue: RunQueue;
  slots: Slots;
  sweeper: Sweeper;
  liveness: Liveness;
  concurrency: number;
  leaving: AbortController;
};

/** Starts taking jobs and commands. @returns a function that stops it, and lets every run stop at its next step */
function startWork(redis: Connections, work: Work): () => Promise<void> {
  const { deps, queue, slots, liveness, leaving } = work;
  const { platform, log } = deps;
  const handlers = { run: (hand: JobInHand) => processJob(deps, hand), slots, sweep: work.sweeper };
  const name = `${hostname()}-${process.pid}-${platform.uuid().slice(0, 8)}`;
  const worker = openWorker(redis.queue, { concurrency: work.concurrency, handlers, platform, log });
  const intake = openIntake({
    reading: redis.reading,
    acting: redis.acting,
    consumer: name,
    addJob: (command) => (command.kind === "run" ? queue.add(command) : queue.addSweep(command)),
    onTurn: liveness.turn,
    platform,
    log,
  });
  const leave = announce(redis.acting, name, platform);
  const onTurn = () => liveness.turn("call-again");
  const calling = keepCalling({ slots, platform, leaving: leaving.signal, onTurn, log });
  return async () => {
    // First take no more jobs, then release those in hand: else this bridge would take them back at once.
    const idle = worker.close();
    leaving.abort();
    await Promise.all([leave(), intake.stop()]);
    await Promise.all([idle, calling]);
  };
}

type Connections = ReturnType<typeof connect>;

/** The connections to Redis: `reading` blocks and `listening` subscribes, so that neither can do anything else. */
function connect(url: string, observer: RedisObserver) {
  return {
    acting: openRedis(url, "acting", observer),
    reading: openRedis(url, "intake", observer),
    listening: openRedis(url, "cancel", observer),
    queue: openRedis(url, "queue", observer),
  };
}

function watchLoops({ reading, acting }: Connections, platform: Platform) {
  return openLiveness(platform, { intake: reading, "take-over": acting, "call-again": acting });
}

/** The queue, and the slots for the runs in it. */
function openTurns(redis: { acting: Redis; queue: Redis }, failPoint: FailPoint, platform: Platform, log: Log) {
  const lines = openLines(redis.acting);
  const queue = openQueue(redis.queue, lines);
  const wake: Wake = async (jobId) => {
    failPoint("wake:before");
    const woken = await queue.wake(jobId);
    failPoint("wake:after");
    return woken;
  };
  return { queue, slots: openSlots(lines, wake, platform, log) };
}
