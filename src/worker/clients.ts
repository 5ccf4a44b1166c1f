import { given } from "#lang/given.ts";
import { openPlatform, type Platform } from "#async/platform.ts";
import { within } from "#async/within.ts";
import { openBudget } from "#budget/budget.ts";
import type { CallClass } from "#budget/call-class.ts";
import { openGates } from "#budget/gates.ts";
import { limitsOf } from "#budget/limits.ts";
import { openSharedBucket } from "#budget/shared-bucket.ts";
import { readConnection, type Connection } from "#db/connections.ts";
import { openDatabase, type Database } from "#db/database.ts";
import { openKeptConnections } from "#db/kept-connections.ts";
import { assertSchema, readSchemaGap } from "#db/needed-schema.ts";
import { assertRowLevelSecurity } from "#db/rls-check.ts";
import { openVault } from "#db/vault.ts";
import { openMetadata, type Metadata } from "#inspect/metadata.ts";
import { openMce, openTokenCache, type Mce } from "#mce/client.ts";
import type { MceAccess } from "#mce/access.ts";
import type { Tenancy } from "#protocol/tenancy.ts";
import { readConfig, type Config } from "./config.ts";
import { openWorkerRedis, type WorkerRedis } from "./redis.ts";

/** The ways out of the Worker, opened once per isolate. */
export type Clients = {
  config: Config;
  /** Postgres as sqe_app; throws while it is out of reach, when row level security does not bind us, or its schema is too old. */
  database(): Promise<Database>;
  /** Why the schema of Postgres is too old for this Worker; undefined when it is not, or Postgres does not say. */
  schemaGap(): Promise<string | undefined>;
  /** Postgres as sqe_system, for what is nobody's own. */
  systemDatabase: Database;
  /**
   * MCE as the caller's business unit, for one request; undefined when the connection is not the tenant's or not for that
   * unit.
   */
  mce(tenancy: Tenancy, callClass: CallClass): Promise<Mce | undefined>;
  /** Whether there is a way to MCE for the caller; asks nobody but Postgres. */
  isConnected(tenancy: Tenancy): Promise<boolean>;
  platform: Platform;
  /** The fields of Data Extensions this isolate has read within the last minute. */
  metadata: Metadata;
  redis: WorkerRedis;
};

/** Somebody waits for the answer: what would take longer is told to come back. */
const patienceMs = 5000;

const opened = new WeakMap<object, Clients>();

/** The doors of this isolate. @throws when a binding is missing or malformed */
export function clientsOf(env: Env): Clients {
  const known = opened.get(env);
  if (known !== undefined) return known;
  const clients = openClients(readConfig({ ...env }));
  opened.set(env, clients);
  return clients;
}

function openClients(config: Config): Clients {
  const { NEON_FETCH_ENDPOINT: fetchEndpoint, MCE_SANDBOX_URL: sandboxUrl } = config;
  const open = (url: string) => openDatabase({ url, ...given({ fetchEndpoint }) });
  const db = open(config.DATABASE_URL);
  const vault = openVault(config.VAULT_KEYS);
  const tokens = openTokenCache();
  const platform = openPlatform();
  const now = () => platform.now();
  const redis = openWorkerRedis(config.UPSTASH_REDIS_REST_URL, config.UPSTASH_REDIS_REST_TOKEN);
  const limits = limitsOf(config.MCE_CALLS_PER_MINUTE, config.settings.callMinuteMs);
  const shared = openSharedBucket(redis.evaluate, limits, () => platform.uuid());
  const budget = openBudget({ shared, platform, limits });
  const connections = openKeptConnections(async (wanted) => readConnection(await database(), await vault, wanted), now);
  let isChecked = false;
  /** Whether the schema was once found new enough; it never grows older. */
  let isNew = false;

  async function database() {
    if (!isChecked) {
      await assertRowLevelSecurity(db);
      await assertSchema(db);
    }
    isChecked = true;
    return db;
  }

  async function schemaGap() {
    if (isNew) return undefined;
    const asked = readSchemaGap(db).then((gap) => ({ gap }));
    const answer = await within(platform, patienceMs, asked).catch(() => undefined);
    isNew = answer !== undefined && answer.gap === undefined;
    return answer?.gap;
  }

  async function connect({ tenantId, connectionId, mid, eid }: Tenancy): Promise<Connection | undefined> {
    const connection = await connections.get({ tenantId, connectionId, mid });
    return connection?.eid === eid ? connection : undefined;
  }

  async function renew({ tenantId, connectionId, mid }: Tenancy): Promise<MceAccess | undefined> {
    const renewed = await connections.renew({ tenantId, connectionId, mid }).catch(() => undefined);
    return renewed && accessOf(renewed, mid);
  }

  return {
    config,
    database,
    schemaGap,
    systemDatabase: open(config.DATABASE_SYSTEM_URL),
    metadata: openMetadata(now),
    redis,
    platform,
    isConnected: async (tenancy) => (await connect(tenancy)) !== undefined,
    async mce(tenancy, callClass) {
      const connection = await connect(tenancy);
      if (connection === undefined) return undefined;
      const { readTimeoutMs, effectTimeoutMs, brakeMs } = config.settings;
      const gates = openGates({ budget, platform, unit: tenancy, limits, patienceMs: () => patienceMs, brakeMs });
      const gate = gates.gate(callClass);
      const deps = { platform, tokens, gate, readTimeoutMs, effectTimeoutMs, renew: () => renew(tenancy) };
      return openMce(accessOf(connection, tenancy.mid), sandboxUrl === undefined ? deps : { ...deps, sandboxUrl });
    },
  };
}

function accessOf({ id: connectionId, ...rest }: Connection, mid: number): MceAccess {
  return { connectionId, ...rest, mid };
}
