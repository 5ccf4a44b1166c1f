import { given } from "#lang/given.ts";
import { sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import { inTenant, type Database } from "./database.ts";
import { open, seal, type Place, type Vault } from "./vault.ts";

/** A person's consent, for one business unit. */
export type GrantPlace = { tenantId: string; grantId: string; mid: number };

/** An access token as Postgres keeps it, sealed. Times are epoch milliseconds. */
export type KeptToken = {
  accessToken: string;
  rest: string;
  soap: string;
  scopes?: readonly string[];
  refreshAt: number;
  expiresAt: number;
};

/** How a grant stands. `token` is that of the business unit, if one is kept. */
export type GrantState = { version: number; isRevoked: boolean; token?: KeptToken };

/** The refresh tokens of a grant whose lease was taken, newest first. */
export type Leased = { version: number; refreshTokens: readonly string[] };

/** As long as the longest refresh takes, and some time to write it down. */
const leaseSeconds = 30;
/** By legacy behavior a refresh token that was used works for five minutes more (MCE 1.3). */
const graceSeconds = 300;

const place = (tenantId: string, row: string, field: string): Place => ({ table: "grants", tenantId, row, field });
const tokenPlace = ({ tenantId, grantId, mid }: GrantPlace): Place => ({
  table: "grant_tokens",
  tenantId,
  row: `${grantId}/${mid}`,
  field: "token",
});

/** The shape of a sealed token; `seal` keeps anybody else from writing one. */
const Sealed = z.object({
  accessToken: z.string(),
  rest: z.string(),
  soap: z.string(),
  scopes: z.array(z.string()).optional(),
});

/** Reads how a grant stands. @returns undefined when the tenant has no such grant */
export async function readGrantState(db: Database, vault: Vault, at: GrantPlace): Promise<GrantState | undefined> {
  const { tenantId, grantId, mid } = at;
  const [row] = await ask<{
    version: number;
    revoked: boolean;
    token: string | null;
    refresh_at: string | null;
    expires_at: string | null;
  }>(
    db,
    tenantId,
    sql`select own.version, own.revoked_at is not null as revoked, kept.token, kept.refresh_at, kept.expires_at
      from sqe.grants as own left join sqe.grant_tokens as kept on kept.grant_id = own.id and kept.mid = ${mid}::bigint
      where own.id = ${grantId}::uuid`,
  );
  if (row === undefined) return undefined;
  const state = { version: row.version, isRevoked: row.revoked };
  if (row.token === null || row.refresh_at === null || row.expires_at === null) return state;
  const { scopes, ...rest } = Sealed.parse(JSON.parse(await open(vault, row.token, tokenPlace(at))));
  const [refreshAt, expiresAt] = [Date.parse(row.refresh_at), Date.parse(row.expires_at)];
  return { ...state, token: { ...rest, ...given({ scopes }), refreshAt, expiresAt } };
}

/**
 * Takes the lease of a grant, so that nobody else refreshes it meanwhile.
 *
 * @param seen the version that was read before: a caller with another one has to read again
 * @returns undefined when another process has it, or the grant has changed
 */
export async function takeLease(
  db: Database,
  vault: Vault,
  { tenantId, grantId }: GrantPlace,
  wanted: { owner: string; seen: number },
): Promise<Leased | undefined> {
  const [row] = await ask<{ version: number; refresh_token: string; previous: string | null }>(
    db,
    tenantId,
    sql`update sqe.grants set lease_owner = ${wanted.owner}, lease_until = now() + ${leaseSeconds}::int * interval '1 second'
      where id = ${grantId}::uuid and version = ${wanted.seen}::int and revoked_at is null
        and (lease_until is null or lease_until < now())
      returning version, refresh_token, case when previous_until > now() then previous_refresh_token end as previous`,
  );
  if (row === undefined) return undefined;
  const newest = await open(vault, row.refresh_token, place(tenantId, grantId, "refresh_token"));
  const before = place(tenantId, grantId, "previous_refresh_token");
  const previous = row.previous === null ? [] : [await open(vault, row.previous, before)];
  return { version: row.version, refreshTokens: [newest, ...previous] };
}

/** Ends a lease without a new token. `isRevoked`: Marketing Cloud takes none of the grant's refresh tokens any more. */
export async function endLease(
  db: Database,
  { tenantId, grantId }: GrantPlace,
  { owner, isRevoked }: { owner: string; isRevoked: boolean },
): Promise<void> {
  await ask(
    db,
    tenantId,
    sql`update sqe.grants set lease_owner = null, lease_until = null, revoked_at = case when ${isRevoked} then now() end
      where id = ${grantId}::uuid and lease_owner = ${owner}`,
  );
}

/**
 * Keeps what a refresh has given, and ends the lease. The token that was sent stays as the one before.
 *
 * @returns false when the lease was no longer ours, so that nothing was written
 */
export async function keepRefreshed(
  db: Database,
  vault: Vault,
  at: GrantPlace,
  given_: { owner: string; sent: string; refreshToken: string; token: KeptToken },
): Promise<boolean> {
  const { tenantId, grantId, mid } = at;
  const { owner, token } = given_;
  const next = await seal(vault, given_.refreshToken, place(tenantId, grantId, "refresh_token"));
  const previous = await seal(vault, given_.sent, place(tenantId, grantId, "previous_refresh_token"));
  const rows = await ask(
    db,
    tenantId,
    sql`with saved as (
        update sqe.grants set refresh_token = ${next}, previous_refresh_token = ${previous},
          previous_until = now() + ${graceSeconds}::int * interval '1 second', version = version + 1,
          lease_owner = null, lease_until = null,
          mids = case when ${mid}::bigint = any(mids) then mids else mids || ${mid}::bigint end
        where id = ${grantId}::uuid and lease_owner = ${owner} returning id
      )
      insert into sqe.grant_tokens (grant_id, tenant_id, mid, token, refresh_at, expires_at)
      select id, ${await tokenValues(vault, at, token)} from saved
      on conflict (grant_id, mid) do update
        set token = excluded.token, refresh_at = excluded.refresh_at, expires_at = excluded.expires_at
      returning 1`,
  );
  return rows.length === 1;
}

/** What a sign-in has given: the person's consent, to be kept. */
export type NewGrant = {
  tenantId: string;
  userId: string;
  eid: number;
  mid: number;
  subdomain: string;
  clientId: string;
  /** The tenant's own package; absent: the service's. */
  packageId?: string;
  refreshToken: string;
  token: KeptToken;
};

/**
 * Keeps a person's consent in one package; a newer one replaces an older one under the same id, so that whatever names it
 * works again at once.
 *
 * @returns its id
 */
export async function keepGrant(db: Database, vault: Vault, wanted: NewGrant): Promise<string> {
  const { tenantId, userId, eid, mid, subdomain, clientId, packageId = null } = wanted;
  // The id comes first, because the token is sealed for its row.
  const [known] = await ask<{ id: string }>(
    db,
    tenantId,
    sql`select id from sqe.grants where user_id = ${userId} and client_id = ${clientId}`,
  );
  const grantId = known?.id ?? crypto.randomUUID();
  const at = { tenantId, grantId, mid };
  const refreshToken = await seal(vault, wanted.refreshToken, place(tenantId, grantId, "refresh_token"));
  const rows = await ask(
    db,
    tenantId,
    sql`with saved as (
        insert into sqe.grants as own
          (id, tenant_id, user_id, eid, mids, package_id, subdomain, client_id, refresh_token)
        values (${grantId}::uuid, ${tenantId}::uuid, ${userId}, ${eid}::bigint, array[${mid}::bigint], ${packageId}::uuid,
          ${subdomain}, ${clientId}, ${refreshToken})
        on conflict (tenant_id, user_id, client_id) do update set
          mids = case when ${mid}::bigint = any(own.mids) then own.mids else own.mids || ${mid}::bigint end,
          package_id = excluded.package_id, subdomain = excluded.subdomain, refresh_token = excluded.refresh_token,
          previous_refresh_token = null, previous_until = null, version = own.version + 1, lease_owner = null,
          lease_until = null, created_at = now(), revoked_at = null
        where own.id = excluded.id
        returning id
      )
      insert into sqe.grant_tokens (grant_id, tenant_id, mid, token, refresh_at, expires_at)
      select id, ${await tokenValues(vault, at, wanted.token)} from saved
      on conflict (grant_id, mid) do update
        set token = excluded.token, refresh_at = excluded.refresh_at, expires_at = excluded.expires_at
      returning 1`,
  );
  // Another sign-in of the same person came first and made the row.
  return rows.length === 1 ? grantId : keepGrant(db, vault, wanted);
}

async function tokenValues(vault: Vault, at: GrantPlace, { refreshAt, expiresAt, ...token }: KeptToken): Promise<SQL> {
  const sealed = await seal(vault, JSON.stringify(token), tokenPlace(at));
  const [refresh, end] = [refreshAt, expiresAt].map((ms) => new Date(ms).toISOString());
  return sql`${at.tenantId}::uuid, ${at.mid}::bigint, ${sealed}, ${refresh}::timestamptz, ${end}::timestamptz`;
}

async function ask<T extends Record<string, unknown>>(db: Database, tenantId: string, query: SQL): Promise<T[]> {
  const { rows } = await inTenant(db, { tenantId }, db.execute<T>(query));
  return rows;
}
