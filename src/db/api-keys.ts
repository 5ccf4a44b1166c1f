import { given } from "#lang/given.ts";
import { and, desc, eq, isNull, sql } from "drizzle-orm";
import { inTenant, type Claim, type Database } from "./database.ts";
import { apiKeys } from "./schema.ts";

/** Who a key stands for, and where. */
export type KeyHolder = { tenantId: string; userId: string; mid: number; connectionId: string };

/** A key as its own secret finds it, usable or not; times are epoch milliseconds. */
export type FoundKey = KeyHolder & {
  eid: number;
  scopes: readonly string[];
  /** Neither the tenant nor the user was suspended. */
  isActive: boolean;
  expiresAt?: number;
  isRevoked: boolean;
  lastUsedAt?: number;
};

type FoundRow = {
  tenant_id: string;
  user_id: string;
  eid: string;
  mid: string;
  connection_id: string;
  scopes: string[];
  active: boolean;
  expires_at: string | null;
  revoked_at: string | null;
  last_used_at: string | null;
};

/**
 * Finds a key before its tenant is known, also one that is expired or revoked. `db` is opened as sqe_system.
 *
 * @param hash SHA-256 of the whole key
 */
export async function findApiKey(db: Database, keyId: string, hash: string): Promise<FoundKey | undefined> {
  const { rows } = await db.execute<FoundRow>(sql`select * from sqe.find_api_key(${keyId}, ${hash})`);
  const [row] = rows;
  if (row === undefined) return undefined;
  return {
    tenantId: row.tenant_id,
    userId: row.user_id,
    eid: Number(row.eid),
    mid: Number(row.mid),
    connectionId: row.connection_id,
    scopes: row.scopes,
    isActive: row.active,
    isRevoked: row.revoked_at !== null,
    ...given({ expiresAt: timeOf(row.expires_at), lastUsedAt: timeOf(row.last_used_at) }),
  };
}

function timeOf(text: string | null): number | undefined {
  return text === null ? undefined : new Date(text).getTime();
}

/** Notes that a key was used, unless that was noted within the last minute. */
export async function noteKeyUse(db: Database, tenantId: string, keyId: string): Promise<void> {
  const isDue = sql`(${apiKeys.lastUsedAt} is null or ${apiKeys.lastUsedAt} < now() - interval '1 minute')`;
  const note = db
    .update(apiKeys)
    .set({ lastUsedAt: sql`now()` })
    .where(and(eq(apiKeys.keyId, keyId), isDue));
  await inTenant(db, { tenantId }, note);
}

/** A key as its owner sees it: never its secret. */
export type ListedKey = {
  id: string;
  name: string;
  scopes: readonly string[];
  createdAt: string;
  lastUsedAt?: string;
  expiresAt?: string;
};

/** A key that is about to be stored. */
export type NewKey = { keyId: string; hash: string; name: string; scopes: readonly string[]; expiresAt: Date };

/** How many keys a user may have at once; the list shows them all. */
export const keysMax = 50;

/** Stores a key. @returns false when its user has `keysMax` already */
export async function saveKey(db: Database, holder: KeyHolder, key: NewKey): Promise<boolean> {
  const scopes = `{${key.scopes.map((scope) => `"${scope}"`).join(",")}}`;
  const insert = db.execute(sql`
    insert into sqe.api_keys (id, tenant_id, user_id, mid, connection_id, key_id, key_hash, name, scopes, expires_at)
    select gen_random_uuid(), ${holder.tenantId}::uuid, ${holder.userId}, ${holder.mid}::bigint,
      ${holder.connectionId}::uuid, ${key.keyId}, ${key.hash}, ${key.name}, ${scopes}::text[],
      ${key.expiresAt.toISOString()}::timestamptz
    where (select count(*) from sqe.api_keys where user_id = ${holder.userId} and revoked_at is null) < ${keysMax}
    returning 1`);
  return (await inTenant(db, { tenantId: holder.tenantId }, insert)).rows.length === 1;
}

/** Lists a user's keys that were not revoked, newest first; expired ones, too. */
export async function listKeys(db: Database, { tenantId, userId }: Required<Claim>): Promise<ListedKey[]> {
  const query = db
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.userId, userId), isNull(apiKeys.revokedAt)))
    .orderBy(desc(apiKeys.createdAt));
  const rows = await inTenant(db, { tenantId }, query);
  return rows.flatMap(({ keyId, name, scopes, createdAt, lastUsedAt, expiresAt }) =>
    keyId === null
      ? []
      : [
          {
            id: keyId,
            name,
            scopes,
            createdAt: createdAt.toISOString(),
            ...given({ lastUsedAt: lastUsedAt?.toISOString(), expiresAt: expiresAt?.toISOString() }),
          },
        ],
  );
}

/**
 * Revokes a key of a tenant.
 *
 * @param claim without a user, anybody's key of the tenant
 * @returns whose it was; undefined when there is no such key, or it was revoked before
 */
export async function revokeKey(db: Database, { tenantId, userId }: Claim, keyId: string): Promise<string | undefined> {
  const owned = userId === undefined ? undefined : eq(apiKeys.userId, userId);
  const revoke = db
    .update(apiKeys)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(apiKeys.keyId, keyId), isNull(apiKeys.revokedAt), owned))
    .returning({ userId: apiKeys.userId });
  const [row] = await inTenant(db, { tenantId }, revoke);
  return row?.userId;
}
