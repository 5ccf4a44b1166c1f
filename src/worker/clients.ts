import { given } from "#lang/given.ts";
import { openPlatform, type Platform } from "#async/platform.ts";
import { readConnection } from "#db/connections.ts";
import { openDatabase, type Database } from "#db/database.ts";
import { openVault } from "#db/vault.ts";
import { openMetadata, type Metadata } from "#inspect/metadata.ts";
import { checkedDatabase, type AppDatabase } from "./app-database.ts";
import { readConfig, type Config } from "./config.ts";
import { openMceClients, type MceClients } from "./mce-clients.ts";
import { openWorkerRedis, type WorkerRedis } from "./redis.ts";

/** The Worker's clients of other services, opened once per isolate. */
export type Clients = AppDatabase &
  MceClients & {
    config: Config;
    /** Postgres as sqe_system, for work that belongs to no tenant. */
    systemDatabase: Database;
    platform: Platform;
    /** The fields of Data Extensions that this isolate has read in the last minute. */
    metadata: Metadata;
    redis: WorkerRedis;
  };

const opened = new WeakMap<object, Clients>();

/** The clients of this isolate. @throws when a binding is missing or malformed */
export function clientsOf(env: Env): Clients {
  const known = opened.get(env);
  if (known !== undefined) return known;
  const clients = openClients(readConfig({ ...env }));
  opened.set(env, clients);
  return clients;
}

function openClients(config: Config): Clients {
  const open = (url: string) => openDatabase({ url, ...given({ fetchEndpoint: config.NEON_FETCH_ENDPOINT }) });
  const vault = openVault(config.VAULT_KEYS);
  const platform = openPlatform();
  const redis = openWorkerRedis(config.UPSTASH_REDIS_REST_URL, config.UPSTASH_REDIS_REST_TOKEN);
  const app = checkedDatabase(open(config.DATABASE_URL), platform, config.SQE_JURISDICTION);
  const mce = openMceClients(config, platform, redis.evaluate, async (wanted) =>
    readConnection(await app.database(), await vault, wanted),
  );
  return {
    ...app,
    ...mce,
    config,
    systemDatabase: open(config.DATABASE_SYSTEM_URL),
    platform,
    metadata: openMetadata(() => platform.now()),
    redis,
  };
}
