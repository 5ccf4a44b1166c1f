import { createHash } from "node:crypto";
import type { EnvironmentName } from "#protocol/development-only.ts";
import { drawKey } from "#protocol/key-format.ts";
import { scopes as allScopes, type Scope } from "#protocol/scope.ts";
import type { Owner } from "./installation.ts";

const random = (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes);
const hashOf = (key: string) => createHash("sha256").update(key).digest("hex");

/** A user's place: a tenant's connection and one of its business units. */
export type Place = { tenantId: string; connectionId: string; mid: number };

/**
 * Finds the business unit that a key is for: the one asked for, or else the first one of the oldest connection.
 *
 * @returns undefined when there is none
 */
export async function findPlace(owner: Owner, wanted: { mid?: number; tenantId?: string }): Promise<Place | undefined> {
  const { rows } = await owner.query(
    `select id, tenant_id, coalesce($1::bigint, mids[1])::text as mid from sqe.connections
     where ($1::bigint is null or $1::bigint = any(mids)) and ($2::uuid is null or tenant_id = $2::uuid)
     order by created_at, id limit 1`,
    [wanted.mid ?? null, wanted.tenantId ?? null],
  );
  const [row] = rows;
  return row && { tenantId: String(row["tenant_id"]), connectionId: String(row["id"]), mid: Number(row["mid"]) };
}

/** A key that was made; `key` is shown this once. */
export type MadeKey = { id: string; key: string };

/** Makes a key for a user, who need not have signed in. */
export async function makeKey(
  owner: Owner,
  environment: EnvironmentName,
  { tenantId, connectionId, mid }: Place,
  wanted: { user: string; name: string; minutes: number; scopes?: readonly Scope[] },
): Promise<MadeKey> {
  const made = drawKey("sqe", environment, random);
  await owner.query(
    `insert into sqe.api_keys (id, tenant_id, user_id, mid, connection_id, key_id, key_hash, name, scopes, expires_at)
     values (gen_random_uuid(), $1, $2, $3, $4, $5, $6, $7, $8, now() + make_interval(mins => $9))`,
    [
      tenantId,
      wanted.user,
      mid,
      connectionId,
      made.id,
      hashOf(made.key),
      wanted.name,
      [...(wanted.scopes ?? allScopes.filter((scope) => scope !== "mcp"))],
      wanted.minutes,
    ],
  );
  return made;
}

/** Lists the keys of a tenant that were not revoked, newest first. */
export async function listKeys(owner: Owner, tenantId: string): Promise<Record<string, unknown>[]> {
  const { rows } = await owner.query(
    `select key_id as id, user_id as user, mid::text, name, scopes, expires_at::text, last_used_at::text
     from sqe.api_keys where tenant_id = $1 and revoked_at is null and key_id is not null order by created_at desc`,
    [tenantId],
  );
  return rows;
}

/** Revokes a user's key. @throws when there is none */
export async function revokeKey(owner: Owner, id: string): Promise<void> {
  const { rows } = await owner.query(
    "update sqe.api_keys set revoked_at = now() where key_id = $1 and revoked_at is null returning key_id",
    [id],
  );
  if (rows.length === 0) throw new Error(`There is no key "${id}" that could be revoked`);
}

/** Makes an operator's key. */
export async function makeOperatorKey(owner: Owner, environment: EnvironmentName, name: string): Promise<MadeKey> {
  const made = drawKey("sqeop", environment, random);
  await owner.query("insert into sqe.operator_keys (id, key_hash, name) values ($1, $2, $3)", [
    made.id,
    hashOf(made.key),
    name,
  ]);
  return made;
}

/** Lists operators' keys, newest first. */
export async function listOperatorKeys(owner: Owner): Promise<Record<string, unknown>[]> {
  const { rows } = await owner.query(
    `select id, name, created_at::text, last_used_at::text, revoked_at::text from sqe.operator_keys
     order by created_at desc`,
  );
  return rows;
}

/** Revokes an operator's key. @throws when there is none */
export async function revokeOperatorKey(owner: Owner, id: string): Promise<void> {
  const { rows } = await owner.query(
    "update sqe.operator_keys set revoked_at = now() where id = $1 and revoked_at is null returning id",
    [id],
  );
  if (rows.length === 0) throw new Error(`There is no operator's key "${id}" that could be revoked`);
}
