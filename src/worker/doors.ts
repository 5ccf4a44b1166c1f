import type { Connection } from "#db/connections.ts";
import { readConnection } from "#db/connections.ts";
import type { Database } from "#db/database.ts";
import { openDatabase } from "#db/database.ts";
import { assertRowLevelSecurity } from "#db/rls-check.ts";
import { openVault } from "#db/vault.ts";
import type { Metadata } from "#inspect/metadata.ts";
import { openMetadata } from "#inspect/metadata.ts";
import type { Mce } from "#mce/client.ts";
import { openMce, openTokenCache } from "#mce/client.ts";
import type { Tenancy } from "#protocol/tenancy.ts";
import { readConfig } from "./config.ts";
import type { Config } from "./config.ts";
import type { WorkerRedis } from "./redis.ts";
import { openWorkerRedis } from "./redis.ts";

/** The ways out of the Worker, opened once per isolate. */
export type Doors = {
  config: Config;
  /** Postgres as sqe_app; throws while it is out of reach or when row level security does not bind us. */
  database(): Promise<Database>;
  /** Postgres as sqe_system, for what is nobody's own. */
  systemDatabase: Database;
  /** MCE as the caller's business unit; undefined when the connection is not the tenant's or not for that unit. */
  mce(tenancy: Tenancy): Promise<Mce | undefined>;
  /** The fields of Data Extensions this isolate has read within the last minute. */
  metadata: Metadata;
  redis: WorkerRedis;
};

const connectionTtlMs = 60_000;

const opened = new WeakMap<object, Doors>();

/** The doors of this isolate. @throws when a binding is missing or malformed */
export function doorsOf(env: Env): Doors {
  const known = opened.get(env);
  if (known !== undefined) return known;
  const doors = openDoors(readConfig({ ...env }));
  opened.set(env, doors);
  return doors;
}

function openDoors(config: Config): Doors {
  const { NEON_FETCH_ENDPOINT: fetchEndpoint, MCE_SANDBOX_URL: sandboxUrl } = config;
  const open = (url: string) => openDatabase({ url, ...(fetchEndpoint === undefined ? {} : { fetchEndpoint }) });
  const db = open(config.DATABASE_URL);
  const vault = openVault(config.VAULT_KEYS);
  const tokens = openTokenCache();
  const connections = new Map<string, { connection: Connection; until: number }>();
  let isChecked = false;

  async function database() {
    if (!isChecked) await assertRowLevelSecurity(db);
    isChecked = true;
    return db;
  }

  async function connect({ tenantId, connectionId, mid }: Tenancy): Promise<Connection | undefined> {
    const key = [tenantId, connectionId, mid].join("|");
    const known = connections.get(key);
    if (known !== undefined && known.until > Date.now()) return known.connection;
    const connection = await readConnection(await database(), await vault, { tenantId, connectionId, mid });
    if (connection !== undefined) connections.set(key, { connection, until: Date.now() + connectionTtlMs });
    return connection;
  }

  return {
    config,
    database,
    systemDatabase: open(config.DATABASE_SYSTEM_URL),
    metadata: openMetadata(Date.now),
    redis: openWorkerRedis(config.UPSTASH_REDIS_REST_URL, config.UPSTASH_REDIS_REST_TOKEN),
    async mce(tenancy) {
      const connection = await connect(tenancy);
      if (connection === undefined || connection.eid !== tenancy.eid) return undefined;
      const { id: connectionId, ...rest } = connection;
      const { readTimeoutMs, effectTimeoutMs } = config.settings;
      const deps = { fetch: fetch.bind(globalThis), now: Date.now, tokens, readTimeoutMs, effectTimeoutMs };
      const access = { connectionId, ...rest, mid: tenancy.mid };
      return openMce(access, sandboxUrl === undefined ? deps : { ...deps, sandboxUrl });
    },
  };
}
