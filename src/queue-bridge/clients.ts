import type { Redis } from "ioredis";
import { given } from "#lang/given.ts";
import type { Platform } from "#async/platform.ts";
import { openBudget } from "#budget/budget.ts";
import { limitsOf, type Limits } from "#budget/limits.ts";
import { openSharedBucket, type Evaluate } from "#budget/shared-bucket.ts";
import { listConnectionIds, readConnection } from "#db/connections.ts";
import { openDatabase } from "#db/database.ts";
import { readFolders, saveFolders } from "#db/folders.ts";
import { keptMs, openKeptConnections } from "#db/kept-connections.ts";
import { listSweepUnits, readSweptRuns, recordSweep, type SweepSummary } from "#db/sweeps.ts";
import { assertSchema } from "#db/needed-schema.ts";
import { assertRowLevelSecurity } from "#db/rls-check.ts";
import type { BusinessUnit } from "#protocol/tenancy.ts";
import type { GrantDeps } from "#grants/user-sign-in.ts";
import { openVault } from "#db/vault.ts";
import { openMetadata } from "#inspect/metadata.ts";
import { openTokenCache } from "#mce/client.ts";
import { openAccess } from "./business-unit/access.ts";
import { openAlphabets } from "./business-unit/alphabets.ts";
import { openProbedUnits } from "./business-unit/capabilities.ts";
import { openDurations } from "./business-unit/durations.ts";
import { openFolders } from "./business-unit/folders.ts";
import { openRefusedLooks } from "./business-unit/refused-looks.ts";
import { openSoapAccounts } from "./business-unit/soap-accounts.ts";
import { openStatusBoard } from "./business-unit/status-board.ts";
import { readCapabilities } from "./capabilities-files.ts";
import type { BridgeConfig } from "./config.ts";
import { openEdge, type EdgeCall } from "./edge/edge.ts";
import { openSignedPost } from "./edge/signed-post.ts";
import type { Log } from "./log.ts";
import type { MceCallMetrics } from "./metrics/mce-calls.ts";
import type { Metrics } from "./metrics/metrics.ts";
import type { Liveness } from "./probes/liveness.ts";
import type { SweeperDeps } from "./left-over/sweeper.ts";
import { openReadiness } from "./probes/readiness.ts";

/** Timeout of a request to the edge; then it is sent again. */
const edgeTimeoutMs = 10_000;

export type ClientsDeps = {
  platform: Platform;
  /** The connection that may do anything. */
  redis: Redis;
  metrics: Pick<Metrics, "mceCalls" | "budget" | "edge">;
  liveness: Liveness;
  leaving: AbortSignal;
  log: Log;
};

/**
 * Opens the clients of the edge, Postgres and MCE, and what the runs of a business unit share.
 *
 * @throws when the vault's keys are malformed, the database role could bypass row level security, the schema is too old, or a
 *   file of capabilities cannot be used
 */
export async function openClients(config: BridgeConfig, deps: ClientsDeps) {
  const { platform, redis, metrics, log } = deps;
  const { settings, vaultKeys } = config;
  const limits = limitsOf(config.callsPerMinute, settings.callMinuteMs);
  const now = () => platform.now();
  const databases = await openDatabases(config);
  const { db } = databases;
  const vault = await openVault(vaultKeys);
  const connections = openKeptConnections((wanted) => readConnection(db, vault, wanted, config.appPackage), now);
  const grants: GrantDeps = { db: () => Promise.resolve(db), vault: () => Promise.resolve(vault), platform };
  const onReserved = metrics.budget.reserved;
  const budget = openBudget({ shared: openBucket(redis, limits, platform), platform, limits, onReserved });
  const mce = mceOf(config, metrics.mceCalls);
  return {
    sweeps: sweepsIn(databases),
    listConnectionIds: (unit: BusinessUnit) => listConnectionIds(db, unit),
    ...openEdgeOf(config, deps),
    access: openAccess({ connections, grants, mce, budget, limits, platform, settings, log }),
    // Secrets of idle tenants must leave memory too.
    stopForgetting: platform.every(keptMs / 2, () => connections.dropOld()),
    folders: openFolders(
      {
        read: (unit) => readFolders(db, unit),
        save: (unit, ids, expected) => saveFolders(db, unit, ids, expected),
      },
      log,
    ),
    metadata: openMetadata(now),
    durations: openDurations(db, vaultKeys, platform, log),
    ...(await openMemories(config, platform)),
  };
}

/** What a bridge learns from refusals, and what it begins with. */
async function openMemories({ settings, capabilitiesFiles }: BridgeConfig, platform: Platform) {
  const memories = {
    alphabets: openAlphabets(),
    soapAccounts: openSoapAccounts(() => platform.monotonic()),
    refusedLooks: openRefusedLooks(() => platform.monotonic()),
    statusBoard: openStatusBoard(platform, { freshMs: settings.settleMs, followedMs: settings.silentMs }),
  };
  return { ...memories, probedUnits: openProbedUnits(await readCapabilities(capabilitiesFiles), memories) };
}

/** What sweeps ask of Postgres, each as the role that may. */
function sweepsIn({ db, sweeperDb }: Awaited<ReturnType<typeof openDatabases>>) {
  return {
    listSweepUnits: () => listSweepUnits(sweeperDb),
    readSweptRuns: (...[tenantId, wanted]: Parameters<SweeperDeps["readSweptRuns"]>) =>
      readSweptRuns(sweeperDb, tenantId, wanted),
    recordSweep: (summary: SweepSummary) => recordSweep(db, summary),
  };
}

async function openDatabases({ database, sweeperDatabase }: BridgeConfig) {
  const db = openDatabase(database);
  const sweeperDb = openDatabase(sweeperDatabase);
  await Promise.all([assertRowLevelSecurity(db), assertRowLevelSecurity(sweeperDb)]);
  await assertSchema(db);
  return { db, sweeperDb };
}

function openBucket(redis: Redis, limits: Limits, platform: Platform) {
  const evaluate: Evaluate = (lua, keys, args) => {
    // A command that waited for Redis to return would take units that nobody uses.
    if (redis.status !== "ready") return Promise.reject(new Error("Cannot ask for calls: Redis is unreachable"));
    return redis.eval(lua, keys.length, ...keys, ...args);
  };
  return openSharedBucket(evaluate, limits, () => platform.uuid());
}

function mceOf({ sandboxUrl, settings: { readTimeoutMs, effectTimeoutMs } }: BridgeConfig, calls: MceCallMetrics) {
  return {
    tokens: openTokenCache(),
    readTimeoutMs,
    effectTimeoutMs,
    onCall: calls.sent,
    ...given({ sandboxUrl }),
  };
}

/** The edge's client, and whether this bridge is ready, which hears of each request to the edge. */
function openEdgeOf({ edgeUrl, secret, settings: { retryMinMs, retryMaxMs } }: BridgeConfig, deps: ClientsDeps) {
  const { platform, metrics, liveness, leaving } = deps;
  const onCall = (call: EdgeCall) => {
    metrics.edge.asked(call);
    readiness.asked(call);
  };
  const edge = openEdge({
    post: openSignedPost({ url: edgeUrl, secret, platform, timeoutMs: edgeTimeoutMs }),
    platform,
    // The edge is near and cheap to ask, so it is retried sooner than MCE.
    retryMinMs: Math.min(retryMinMs, 250),
    retryMaxMs: Math.min(retryMaxMs, 2000),
    onCall,
  });
  const readiness = openReadiness({ edge, liveness, platform, leaving });
  return { edge, readiness };
}
