import type { AsyncLocalStorage } from "node:async_hooks";
import { Registry } from "prom-client";
import type { Redis } from "ioredis";
import { openBudget } from "#budget/budget.ts";
import { limitsOf } from "#budget/limits.ts";
import type { SharedBucket } from "#budget/shared-bucket.ts";
import type { FolderIds } from "#db/folders.ts";
import { openKeptConnections } from "#db/kept-connections.ts";
import { openMetadata } from "#inspect/metadata.ts";
import { openTokenCache } from "#mce/client.ts";
import type { Settings } from "#protocol/settings.ts";
import type { BusinessUnit } from "#protocol/tenancy.ts";
import { openAccess } from "../../../src/queue-bridge/business-unit/access.ts";
import { openAlphabets } from "../../../src/queue-bridge/business-unit/alphabets.ts";
import { openFolders } from "../../../src/queue-bridge/business-unit/folders.ts";
import { openRefusedLooks } from "../../../src/queue-bridge/business-unit/refused-looks.ts";
import { openSoapAccounts } from "../../../src/queue-bridge/business-unit/soap-accounts.ts";
import { openStatusBoard } from "../../../src/queue-bridge/business-unit/status-board.ts";
import { openCancels } from "../../../src/queue-bridge/edge/cancel.ts";
import { openEdge } from "../../../src/queue-bridge/edge/edge.ts";
import { openRunLog } from "../../../src/queue-bridge/edge/run-log.ts";
import { openUnsentGrants } from "../../../src/queue-bridge/edge/unsent-grants.ts";
import type { Log } from "../../../src/queue-bridge/log.ts";
import { openRunMetrics } from "../../../src/queue-bridge/metrics/runs.ts";
import { openSweepMetrics } from "../../../src/queue-bridge/metrics/sweeps.ts";
import { processJob, type ProcessorDeps } from "../../../src/queue-bridge/processor/processor.ts";
import { openSweeper } from "../../../src/queue-bridge/left-over/sweeper.ts";
import type { Lines } from "../../../src/queue-bridge/queue/line.ts";
import { keepCalling } from "../../../src/queue-bridge/queue/call-again.ts";
import { openIntake } from "../../../src/queue-bridge/queue/intake.ts";
import { openRunQueue } from "../../../src/queue-bridge/queue/queue.ts";
import { openSlots } from "../../../src/queue-bridge/queue/slots.ts";
import { openCapacity } from "../../../src/queue-bridge/run/capacity.ts";
import { words, type History } from "./history.ts";
import type { Life } from "./life.ts";
import type { ModelLines } from "./lines.ts";
import type { Doing } from "./mce.ts";
import type { ModelPostgres } from "./postgres.ts";
import type { ModelQueue } from "./queue.ts";
import { redisOf, type ModelRedis } from "./redis.ts";
import type { BridgeReply } from "./bridge-door.ts";
import { jobQueueOf, openModelWorker } from "./worker.ts";

export type BridgeDeps = {
  life: Life;
  settings: Settings;
  history: History;
  redis: ModelRedis;
  queue: ModelQueue;
  lines: ModelLines;
  postgres: ModelPostgres;
  bucket: SharedBucket;
  callsPerMinute: number;
  doing: AsyncLocalStorage<Doing>;
  /** Whose run it is that a job is about. */
  whoseIs: (runId: string | undefined) => Doing | undefined;
  /** Sends one request to the edge. @throws when it or its answer is lost */
  post: (life: Life, path: string, body: string, signal?: AbortSignal) => Promise<BridgeReply>;
  /** Called for what only a bug does. */
  onBug: (what: string) => void;
};

export type SimulatedBridge = {
  life: Life;
  /** Shuts it down, as SIGTERM does: it takes no more work, and runs stop at their next step. */
  leave(): Promise<void>;
};

/** Starts one life of a bridge: its own code from the intake to the sweep, over models of what is around it. */
export function openSimulatedBridge(deps: BridgeDeps): SimulatedBridge {
  const { life, history, redis, postgres } = deps;
  const { platform, name } = life;
  const log: Log = (event, facts) => {
    // The call itself is in the history.
    if (event !== "mce call") history.note(name, `${facts?.runId ?? ""} ${event}${words(facts)}`);
    if (event === "bug") deps.onBug(JSON.stringify(facts));
  };
  const acting = redisOf(redis, life);
  const leaving = new AbortController();
  const processor: ProcessorDeps = { ...partsOf(deps, acting, log), leaving: leaving.signal };
  const lines = linesOf(deps);
  const queue = openRunQueue(jobQueueOf(deps), lines);
  const slots = openSlots(lines, queue.wake, platform, log);
  const sweep = openSweeper({
    ...processor,
    listSweepUnits: () => life.effect("postgres units", async () => postgres.units()),
    readSweptRuns: (...wanted) => life.effect("postgres runs", () => postgres.sweptRuns(...wanted)),
    recordSweep: (summary) => life.effect("postgres sweep", () => postgres.recordSweep(summary)),
    metrics: openSweepMetrics(new Registry()),
    now: () => platform.now(),
    redis: acting,
    addUnit: (job, delayMs) => queue.addSweep(job, delayMs),
  });
  const leave = openModelWorker({
    ...deps,
    concurrency: 50,
    platform,
    log,
    handlers: { run: (hand) => processJob(processor, hand), slots, sweep },
    within: (runId, work) => {
      const who = deps.whoseIs(runId);
      return who === undefined ? work() : deps.doing.run(who, work);
    },
  });
  const intake = openIntake({
    reading: acting,
    acting,
    consumer: name,
    addJob: (command) => (command.kind === "run" ? queue.add(command) : queue.addSweep(command)),
    platform,
    log,
  });
  void keepCalling({ slots, platform, leaving: leaving.signal, onTurn: () => {}, log });
  return {
    life,
    async leave() {
      history.note(name, "shuts down");
      const idle = leave();
      leaving.abort();
      void intake.stop();
      await idle;
      life.die();
    },
  };
}

/** The parts of a bridge, each as its program opens it, over what is modeled. */
function partsOf(deps: BridgeDeps, acting: Redis, log: Log): Omit<ProcessorDeps, "leaving"> {
  const { life, settings, postgres, callsPerMinute } = deps;
  const { platform, effect } = life;
  const monotonic = () => platform.monotonic();
  const limits = limitsOf(callsPerMinute, settings.callMinuteMs);
  const readConnection = (wanted: Parameters<ModelPostgres["connection"]>[0]) =>
    effect("postgres connection", () => postgres.connection(wanted));
  const connections = openKeptConnections(readConnection, monotonic);
  const { readTimeoutMs, effectTimeoutMs, retryMinMs, retryMaxMs } = settings;
  const mce = { tokens: openTokenCache(), readTimeoutMs, effectTimeoutMs, sandboxUrl: "http://sandbox.local" };
  const noGrant = () => Promise.reject(new Error("no run here is a person's"));
  const budget = openBudget({ shared: deps.bucket, platform, limits });
  const folders = {
    read: (unit: BusinessUnit) => effect("postgres folders", () => postgres.readFolders(unit)),
    save: (unit: BusinessUnit, ids: FolderIds, expected: FolderIds) =>
      effect("postgres folders", () => postgres.saveFolders(unit, ids, expected)),
  };
  const edge = openEdge({
    post: (path, body, signal) => deps.post(life, path, body, signal),
    platform,
    retryMinMs: Math.min(retryMinMs, 250),
    retryMaxMs: Math.min(retryMaxMs, 2000),
  });
  return {
    edge,
    access: openAccess({
      connections,
      grants: { db: noGrant, vault: noGrant, platform },
      mce,
      budget,
      limits,
      platform,
      settings,
      log,
    }),
    listConnectionIds: (unit) => effect("postgres connections", () => postgres.connectionIds(unit)),
    folders: openFolders(folders, log),
    metadata: openMetadata(monotonic),
    alphabets: openAlphabets(),
    soapAccounts: openSoapAccounts(monotonic),
    refusedLooks: openRefusedLooks(monotonic),
    probedUnits: { startOf: () => ({}) },
    unsent: openUnsentGrants(acting, platform),
    durations: { read: async () => undefined, learn: async () => {} },
    metrics: openRunMetrics(new Registry()),
    statusBoard: openStatusBoard(platform, { freshMs: settings.settleMs, followedMs: settings.silentMs }),
    cancels: openCancels(acting, log),
    runLog: openRunLog(acting, log),
    traceLog: () => {},
    failPoint: () => {},
    capacity: openCapacity(50, settings),
    settings,
    platform,
    log,
  };
}

/** The lines in Redis, as one life reaches them. */
function linesOf({ life, redis, lines }: BridgeDeps): Lines {
  const command = <T>(name: string, work: () => Promise<T>) =>
    life.effect(`line ${name}`, async () => {
      await redis.ready();
      return work();
    });
  const routine = <T>(work: () => Promise<T>) =>
    life.routine(async () => {
      await redis.ready();
      return work();
    });
  return {
    enter: (run) => command("enter", () => lines.enter(run)),
    take: (run, order) => command("take", () => lines.take(run, order)),
    leave: (run) => command("leave", () => lines.leave(run)),
    units: () => routine(() => lines.units()),
    callAgain: (unit) => routine(() => lines.callAgain(unit)),
  };
}
