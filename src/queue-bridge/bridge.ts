import { hostname } from "node:os";
import type { Redis } from "ioredis";
import { openPlatform, type Platform } from "#async/platform.ts";
import { openTraceLog } from "./edge/trace.ts";
import { openCancels } from "./edge/cancel.ts";
import { openClients } from "./clients.ts";
import type { BridgeConfig } from "./config.ts";
import { openFailPoints, type FailPoint } from "./fail-point.ts";
import { openIntake } from "./queue/intake.ts";
import { keepCalling } from "./queue/call-again.ts";
import { openLines } from "./queue/line.ts";
import { openSlots, type Wake } from "./queue/slots.ts";
import type { Log } from "./log.ts";
import { processJob, type JobInHand, type ProcessorDeps } from "./processor/processor.ts";
import { openQueue } from "./queue/queue.ts";
import { openRedis } from "./queue/redis.ts";
import { openCapacity } from "./run/capacity.ts";
import { openRunLog } from "./edge/run-log.ts";
import { openStatusBoard } from "./business-unit/status-board.ts";
import { openSweeper } from "./left-over/sweeper.ts";
import { openUnsentGrants } from "./edge/unsent-grants.ts";
import { openWorker } from "./queue/worker.ts";

export type Bridge = {
  /** Stops taking work, lets every run stop at its next step and closes all connections. */
  close(): Promise<void>;
};

/**
 * Starts a bridge: intake, queue and processor.
 *
 * @throws when the vault's keys are malformed, the database role could bypass row level security, or the schema is too old
 */
export async function openBridge(config: BridgeConfig, log: Log, platform: Platform = openPlatform()): Promise<Bridge> {
  const { settings } = config;
  const leaving = new AbortController();
  const redis = connect(config.redisUrl, log);
  const { databases, stopForgetting, ...clients } = await openClients(config, platform, redis.acting, log);
  const deps: ProcessorDeps = {
    ...clients,
    platform,
    statusBoard: openStatusBoard(platform, { freshMs: settings.settleMs, followedMs: settings.silentMs }),
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
  const sweeper = openSweeper({
    ...deps,
    ...databases,
    now: () => platform.now(),
    redis: redis.acting,
    addUnit: (job, delayMs) => queue.addSweep(job, delayMs),
  });
  const handlers = { run: (hand: JobInHand) => processJob(deps, hand), slots, sweep: sweeper };
  const worker = openWorker(redis.queue, { concurrency: config.concurrency, handlers, platform, log });
  const intake = openIntake({
    reading: redis.reading,
    acting: redis.acting,
    consumer: `${hostname()}-${process.pid}-${platform.uuid().slice(0, 8)}`,
    addJob: (command) => (command.kind === "run" ? queue.add(command) : queue.addSweep(command)),
    platform,
    log,
  });
  const calling = keepCalling(slots, platform, leaving.signal, log);
  return {
    async close() {
      // First take no more jobs, then release those in hand: else this bridge would take them back at once.
      const idle = worker.close();
      leaving.abort();
      await intake.stop();
      await Promise.all([idle, calling]);
      await queue.close();
      stopForgetting();
      for (const connection of Object.values(redis)) connection.disconnect();
    },
  };
}

/** The connections to Redis: `reading` blocks and `listening` subscribes, so that neither can do anything else. */
function connect(url: string, log: Log) {
  return {
    acting: openRedis(url, "acting", log),
    reading: openRedis(url, "intake", log),
    listening: openRedis(url, "cancel", log),
    queue: openRedis(url, "queue", log),
  };
}

/** The queue, and the slots for the runs in it. */
function openTurns(redis: { acting: Redis; queue: Redis }, failPoint: FailPoint, platform: Platform, log: Log) {
  const lines = openLines(redis.acting, () => platform.now());
  const queue = openQueue(redis.queue, lines);
  const wake: Wake = async (jobId) => {
    failPoint("wake:before");
    const woken = await queue.wake(jobId);
    failPoint("wake:after");
    return woken;
  };
  return { queue, slots: openSlots(lines, wake, platform, log) };
}
