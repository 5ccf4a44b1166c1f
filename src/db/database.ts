import { NeonDbError, neon, neonConfig } from "@neondatabase/serverless";
import { DrizzleQueryError, sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { drizzle, type NeonHttpDatabase } from "drizzle-orm/neon-http";

export type Database = NeonHttpDatabase;

export type DatabaseAddress = {
  /** `postgres://user:password@host/database` */
  url: string;
  /** In development and rehearsal: answers Neon's SQL over HTTP instead of the URL's host. */
  fetchEndpoint?: string;
};

/** Opens Neon's HTTP driver; nothing is sent yet. */
export function openDatabase(address: DatabaseAddress): Database {
  const { fetchEndpoint } = address;
  // The driver has this setting for all connections together; a program has one Postgres.
  if (fetchEndpoint !== undefined) neonConfig.fetchEndpoint = () => fetchEndpoint;
  return drizzle(neon(address.url));
}

/** Whose rows a statement may read or change. Without `userId`, rows of single users stay invisible. */
export type Claim = { tenantId: string; userId?: string };

/**
 * Runs one query as a tenant: the only way to tenant tables. Neon's HTTP has no session, so the claim and the query are
 * one transaction, and the setting ends with it (D12).
 *
 * @throws DrizzleQueryError or NeonDbError when Postgres cannot be reached or refuses
 */
export async function inTenant<T extends BatchItem<"pg">>(
  db: Database,
  claim: Claim,
  query: T,
): Promise<T["_"]["result"]> {
  const setClaim = db.execute(
    sql`select set_config('app.tenant', ${claim.tenantId}, true), set_config('app.user', ${claim.userId ?? ""}, true)`,
  );
  const [, result] = await db.batch([setClaim, query]);
  return result;
}

/** Whether Postgres did not answer, or cannot right now. The same query may work in a moment. */
export function isOutOfReach(error: unknown): boolean {
  const cause = error instanceof DrizzleQueryError ? error.cause : error;
  // Postgres' classes 08 (connection), 53 (resources) and 57 (operator). Without a code, Postgres has not answered.
  return cause instanceof NeonDbError && (cause.code === undefined || /^(08|53|57)/.test(cause.code));
}
