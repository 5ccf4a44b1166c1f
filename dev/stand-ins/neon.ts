import type { PGlite, QueryOptions } from "@electric-sql/pglite";
import { migrate } from "../../scripts/migrations/migrate.ts";
import { pgliteSession } from "../../scripts/migrations/session.ts";
import { openPglite } from "./pglite.ts";
import { openNeonDoor, type TextResult } from "./neon-door.ts";
import type { NeonRequest } from "./neon-request.ts";

export type Neon = {
  /** Address of the SQL-over-HTTP endpoint: what `neonConfig.fetchEndpoint` wants. */
  url: string;
  /** Runs a statement as the superuser, past row level security. */
  query(sql: string, params?: unknown[]): Promise<void>;
  /** As `query`, and returns the rows. */
  rows(sql: string, params?: unknown[]): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
};

export type NeonOptions = {
  /** 0 or absent for any free port. */
  port?: number;
  migrationsDir: string;
  /** Passwords by user; all others are refused. `postgres` is the superuser. */
  users: Readonly<Record<string, string>>;
  /** The folder of the database; absent: in memory. An existing database is migrated. */
  dataDir?: string;
};

/**
 * Opens a real Postgres (PGlite, in this process) behind Neon's SQL-over-HTTP protocol. Each request logs in as the
 * user of its connection string, so row level security binds as it does at Neon.
 *
 * @throws when a migration fails (named) or the port is taken
 */
export async function openNeon(options: NeonOptions): Promise<Neon> {
  const db = await openPglite(options.dataDir);
  await migrate(pgliteSession(db), options.migrationsDir);
  // Makes the superuser the session's authenticated user; without it SESSION AUTHORIZATION cannot be set.
  await db.exec("set session authorization postgres");
  const asText = await textOptions(db);
  const server = await openNeonDoor(options.port ?? 0, async (request) => {
    assertPassword(options.users, request);
    return runAs(db, asText, request);
  });
  return {
    url: `${server.url}/sql`,
    query: async (sql, params) => {
      await db.query(sql, params);
    },
    rows: async (sql, params) => (await db.query<Record<string, unknown>>(sql, params)).rows,
    close: async () => {
      await server.close();
      await db.close();
    },
  };
}

/** Neon sends every value as Postgres prints it, and the driver parses: PGlite's own parsers are switched off. */
async function textOptions(db: PGlite): Promise<QueryOptions> {
  const { rows } = await db.query<{ oid: number }>("select oid::int as oid from pg_type");
  const raw = (value: string) => value;
  const print = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  return {
    rowMode: "array",
    parsers: Object.fromEntries(rows.map(({ oid }) => [oid, raw])),
    serializers: Object.fromEntries(rows.map(({ oid }) => [oid, print])),
  };
}

/** PGlite knows no passwords. @throws as Postgres refuses */
function assertPassword(users: NeonOptions["users"], { user, password }: NeonRequest): void {
  if (Object.hasOwn(users, user) && users[user] === password) return;
  const refusal = new Error(`password authentication failed for user '${user}'`);
  throw Object.assign(refusal, { code: "28P01", severity: "FATAL" });
}

function runAs(db: PGlite, asText: QueryOptions, request: NeonRequest): Promise<TextResult[]> {
  const user = request.user.replaceAll('"', '""');
  return db.transaction(async (tx) => {
    await tx.exec(`reset all; ${request.transactionMode} set local session authorization "${user}"`);
    const results: TextResult[] = [];
    for (const { query, params } of request.queries) {
      const { command = "", rowCount = null, fields, rows } = await tx.query(query, params, asText);
      results.push({ command, rowCount, fields, rows });
    }
    return results;
  });
}
