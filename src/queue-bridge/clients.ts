import type { Redis } from "ioredis";
import { given } from "#lang/given.ts";
import type { Platform } from "#async/platform.ts";
import { openBudget } from "#budget/budget.ts";
import { limitsOf, type Limits } from "#budget/limits.ts";
import { openSharedBucket, type Evaluate } from "#budget/shared-bucket.ts";
import { readConnection } from "#db/connections.ts";
import { openDatabase } from "#db/database.ts";
import { readFolders, saveFolders } from "#db/folders.ts";
import { keptMs, openKeptConnections } from "#db/kept-connections.ts";
import { assertSchema } from "#db/needed-schema.ts";
import { assertRowLevelSecurity } from "#db/rls-check.ts";
import { openVault } from "#db/vault.ts";
import { openMetadata } from "#inspect/metadata.ts";
import { openTokenCache, type MceCall } from "#mce/client.ts";
import { openAccess } from "./business-unit/access.ts";
import { openAlphabets } from "./business-unit/alphabets.ts";
import { openDurations } from "./business-unit/durations.ts";
import { openFolders } from "./business-unit/folders.ts";
import { openSoapAccounts } from "./business-unit/soap-accounts.ts";
import type { BridgeConfig } from "./config.ts";
import { openEdge } from "./edge/edge.ts";
import type { Log } from "./log.ts";

/** Timeout of a request to the edge; then it is sent again. */
const edgeTimeoutMs = 10_000;

/**
 * Opens the clients of the edge, Postgres and MCE, and what the runs of a business unit share.
 *
 * @throws when the vault's keys are malformed, the database role could bypass row level security, or the schema is too old
 */
export async function openClients(config: BridgeConfig, platform: Platform, redis: Redis, log: Log) {
  const { settings, vaultKeys } = config;
  const limits = limitsOf(config.callsPerMinute, settings.callMinuteMs);
  const now = () => platform.now();
  const databases = await openDatabases(config);
  const { db } = databases;
  const vault = await openVault(vaultKeys);
  const connections = openKeptConnections((wanted) => readConnection(db, vault, wanted), now);
  const budget = openBudget({ shared: openBucket(redis, limits, platform), platform, limits });
  const mce = mceOf(config, log);
  return {
    databases,
    edge: openEdgeOf(config, platform),
    access: openAccess({ connections, mce, budget, limits, platform, settings, log }),
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
    alphabets: openAlphabets(),
    durations: openDurations(db, vaultKeys, platform, log),
    soapAccounts: openSoapAccounts(() => platform.monotonic()),
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

function mceOf({ sandboxUrl, settings: { readTimeoutMs, effectTimeoutMs } }: BridgeConfig, log: Log) {
  return {
    tokens: openTokenCache(),
    readTimeoutMs,
    effectTimeoutMs,
    onCall: ({ name, ms, outcome }: MceCall) => {
      if (outcome !== "ok") log("mce call failed", { call: name, ms: Math.round(ms), failure: outcome });
    },
    ...given({ sandboxUrl }),
  };
}

function openEdgeOf({ edgeUrl, secret, settings: { retryMinMs, retryMaxMs } }: BridgeConfig, platform: Platform) {
  return openEdge({
    url: edgeUrl,
    secret,
    platform,
    // The edge is near and cheap to ask, so it is retried sooner than MCE.
    retryMinMs: Math.min(retryMinMs, 250),
    retryMaxMs: Math.min(retryMaxMs, 2000),
    timeoutMs: edgeTimeoutMs,
  });
}
