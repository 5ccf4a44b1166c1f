import { given } from "#lang/given.ts";
import { openPlatform, type Platform } from "#async/platform.ts";
import { readConnection } from "#db/connections.ts";
import { openDatabase, type Database } from "#db/database.ts";
import type { Wanted } from "#db/kept-connections.ts";
import { openVault, type Vault } from "#db/vault.ts";
import type { Verdicts } from "#inspect/inspect.ts";
import { openMetadata, type Metadata } from "#inspect/metadata.ts";
import type { TargetAnswer } from "#inspect/target/find-target.ts";
import { keptFor, type KeptFor } from "#lang/kept-for.ts";
import { checkedDatabase, type AppDatabase } from "./app-database.ts";
import { openKnownIssuers, type KnownIssuers } from "./auth/known-issuers.ts";
import { openPublicKeys, type PublicKeys } from "./auth/public-keys.ts";
import { openKnownKeys, type KnownKeys } from "./auth/known-keys.ts";
import { openKnownMembers, type KnownMembers } from "./auth/known-members.ts";
import { appPackageOf, readConfig, type Config } from "./config.ts";
import { openMceClients, type MceClients } from "./mce-clients.ts";
import type { ListedQuery } from "#mce/soap/query-activities.ts";
import type { Catalogue } from "./schema/catalogue.ts";
import { openKeptList, type KeptList } from "./schema/kept-list.ts";
import { openWorkerRedis, type WorkerRedis } from "./redis.ts";

/** The Worker's clients of other services, opened once per isolate. */
export type Clients = AppDatabase &
  MceClients & {
    config: Config;
    /** Postgres as sqe_system, for work that belongs to no tenant. */
    systemDatabase: Database;
    platform: Platform;
    /** The fields of Data Extensions that this isolate has read in the last five minutes. */
    metadata: Metadata;
    redis: WorkerRedis;
    /** The API keys that were asked for lately. */
    keys: KnownKeys;
    /** The standing of the people that tokens have named lately. */
    members: KnownMembers;
    /** The issuers that tenants trust, and their public keys. */
    issuers: KnownIssuers;
    publicKeys: PublicKeys;
    /** What the audit log has been told in the last hour. */
    noted: KeptFor<true>;
    /** Seals and opens secrets. */
    vault: Promise<Vault>;
    /** The tables and Query Activities of business units that this isolate has listed in the last five minutes. */
    catalogues: KeptList<Catalogue>;
    queryLists: KeptList<readonly ListedQuery[]>;
    /** What MCE said of texts in the last minute, and the targets of checks. */
    verdicts: Verdicts;
    targets: KeptFor<TargetAnswer>;
  };

/** What MCE says of a text changes with its tables. */
const verdictsMs = 60_000;
/** As long as fields and lists. */
const targetsMs = 5 * 60_000;

const notedMs = 60 * 60_000;

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
  const grants = { db: () => app.database(), vault: () => vault, platform };
  const read = async (wanted: Wanted) =>
    readConnection(await app.database(), await vault, wanted, appPackageOf(config));
  const mce = openMceClients(config, platform, redis.evaluate, read, grants);
  const systemDatabase = open(config.DATABASE_SYSTEM_URL);
  return {
    ...app,
    ...mce,
    config,
    systemDatabase,
    platform,
    keys: openKnownKeys(
      systemDatabase,
      () => app.database(),
      () => platform.now(),
    ),
    members: openKnownMembers(
      () => app.database(),
      () => platform.now(),
    ),
    noted: keptFor(notedMs, () => platform.now(), { max: 2000, weightOf: () => 1 }),
    vault,
    issuers: openKnownIssuers(
      () => app.database(),
      () => platform.now(),
    ),
    publicKeys: openPublicKeys(platform, config.SQE_ENV === "development"),
    metadata: openMetadata(() => platform.now()),
    redis,
    catalogues: openKeptList(platform, ({ tables, folders }) => tables.length + folders.length),
    queryLists: openKeptList(platform, (queries) => queries.length),
    verdicts: keptFor(verdictsMs, () => platform.now(), { max: 500, weightOf: () => 1 }),
    targets: keptFor(targetsMs, () => platform.now(), { max: 200, weightOf: () => 1 }),
  };
}
