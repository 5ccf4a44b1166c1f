import { given } from "#lang/given.ts";
import { hostname } from "node:os";
import type { Redis } from "ioredis";
import { openPlatform, type Platform } from "#async/platform.ts";
import { openBudget } from "#budget/budget.ts";
import { limitsOf } from "#budget/limits.ts";
import { openSharedBucket, type Evaluate } from "#budget/shared-bucket.ts";
import { readConnection } from "#db/connections.ts";
import { readFolders, saveFolders } from "#db/folders.ts";
import { keptMs, openKeptConnections } from "#db/kept-connections.ts";
import { openDatabase } from "#db/database.ts";
import { assertSchema } from "#db/needed-schema.ts";
import { assertRowLevelSecurity } from "#db/rls-check.ts";
import { openVault } from "#db/vault.ts";
import { openTokenCache, type MceCall } from "#mce/client.ts";
import { openAccess } from "./business-unit/access.ts";
import { openTraceLog } from "./edge/trace.ts";
import { openCancels } from "./edge/cancel.ts";
import type { BridgeConfig } from "./config.ts";
import { openEdge } from "./edge/edge.ts";
import { openFailPoints, type FailPoint } from "./fail-point.ts";
import { openAlphabets } from "./business-unit/alphabets.ts";
import { openFolders } from "./business-unit/folders.ts";
import { openDurations } from "./business-unit/durations.ts";
import { openIntake } from "./queue/intake.ts";
import { keepCalling } from "./queue/call-again.ts";
import { openLines } from "./queue/line.ts";
import { openSlots, type Wake } from "./queue/slots.ts";
import type { Log } from "./log.ts";
import { openMetadata } from "#inspect/metadata.ts";
import { processJob, type JobInHand, type ProcessorDeps } from "./processor/processor.ts";
import { openQueue } from "./queue/queue.ts";
import { openRedis } from "./queue/redis.ts";
import { openCapacity } from "./run/capacity.ts";
import { openRunLog } from "./edge/run-log.ts";
import { openSoapAccounts } from "./business-unit/soap-accounts.ts";
import { openStatusBoard } from "./business-unit/status-board.ts";
import { openSweeper } from "./left-over/sweeper.ts";
import { openUnsentGrants } from "./edge/unsent-grants.ts";
import { openWorker } from "./queue/worker.ts";

export type Bridge = {
  /** Stops taking work, lets every run leave at its next step and closes all connections. */
  close(): Promise<void>;
};

/** A request to the edge is given up after this and sent again. */
const edgeTimeoutMs = 10_000;

/**
 * Starts a bridge: intake, queue and processor.
 *
 * @throws when the vault's keys are malformed, the database role could bypass row level security, or the schema is too old
 */
export async function openBridge(config: BridgeConfig, log: Log, platform: Platform = openPlatform()): Promise<Bridge> {
  const { settings } = config;
  const leaving = new AbortController();
  const connect = (name: string) => openRedis(config.redisUrl, name, log);
  const redis = {
    acting: connect("acting"),
    reading: connect("intake"),
    hearing: connect("cancel"),
    queue: connect("queue"),
  };

  const { databases, stopForgetting, ...clients } = await openClients(config, platform, redis.acting, log);
  const deps: ProcessorDeps = {
    ...clients,
    platform,
    statusBoard: openStatusBoard(platform, { freshMs: settings.settleMs, followedMs: settings.silentMs }),
    cancels: openCancels(redis.hearing, log),
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
  const self = `${hostname()}-${process.pid}-${platform.uuid().slice(0, 8)}`;
  const handlers = { run: (hand: JobInHand) => processJob(deps, hand), slots, sweep: sweeper };
  const worker = openWorker(redis.queue, { concurrency: config.concurrency, handlers, platform, log });
  const intake = openIntake({
    reading: redis.reading,
    acting: redis.acting,
    consumer: self,
    addJob: (command) => (command.kind === "run" ? queue.add(command) : queue.addSweep(command)),
    platform,
    log,
  });
  const calling = keepCalling(slots, platform, leaving.signal, log);
  return {
    async close() {
      // First no more jobs, then let go of those in hand: else this bridge would take them right back.
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

/** The queue, and the lines of those who wait for their turn. */
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

/** The doors to the edge, Postgres and MCE. */
async function openClients(config: BridgeConfig, platform: Platform, redis: Redis, log: Log) {
  const { settings, sandboxUrl } = config;
  const limits = limitsOf(config.callsPerMinute, settings.callMinuteMs);
  const evaluate: Evaluate = (lua, keys, words) => {
    // A command that waits for Redis to come back would take units nobody uses.
    if (redis.status !== "ready") return Promise.reject(new Error("Cannot ask for calls: Redis is away"));
    return redis.eval(lua, keys.length, ...keys, ...words);
  };
  const shared = openSharedBucket(evaluate, limits, () => platform.uuid());
  const now = () => platform.now();
  const { retryMinMs, retryMaxMs, readTimeoutMs, effectTimeoutMs } = settings;
  const db = openDatabase(config.database);
  const sweeperDb = openDatabase(config.sweeperDatabase);
  await Promise.all([assertRowLevelSecurity(db), assertRowLevelSecurity(sweeperDb)]);
  await assertSchema(db);
  const vault = await openVault(config.vaultKeys);
  const connections = openKeptConnections((wanted) => readConnection(db, vault, wanted), now);
  const mce = {
    tokens: openTokenCache(),
    readTimeoutMs,
    effectTimeoutMs,
    onCall: ({ name, ms, outcome }: MceCall) => {
      if (outcome !== "ok") log("mce call failed", { call: name, ms: Math.round(ms), failure: outcome });
    },
    ...given({ sandboxUrl }),
  };
  return {
    databases: { db, sweeperDb },
    edge: openEdge({
      url: config.edgeUrl,
      secret: config.secret,
      platform,
      // The edge is near and cheap to ask: sooner than MCE.
      retryMinMs: Math.min(retryMinMs, 250),
      retryMaxMs: Math.min(retryMaxMs, 2000),
      timeoutMs: edgeTimeoutMs,
    }),
    access: openAccess({
      connections,
      mce,
      budget: openBudget({ shared, platform, limits }),
      limits,
      platform,
      settings,
      log,
    }),
    // The secrets of tenants that are idle, too.
    stopForgetting: platform.every(keptMs / 2, () => connections.dropOld()),
    folders: openFolders(
      {
        read: (unit) => readFolders(db, unit),
        save: (unit, ids, expected) => saveFolders(db, unit, ids, expected),
      },
      log,
    ),
    metadata: openMetadata(now),
    alphabets: openAlphabets(),
    durations: openDurations(db, config.vaultKeys, platform, log),
    soapAccounts: openSoapAccounts(() => platform.monotonic()),
  };
}
