import { PGlite, type QueryOptions, type Results } from "@electric-sql/pglite";
import { migrate } from "../../scripts/migrations/migrate.ts";
import { pgliteSession } from "../../scripts/migrations/session.ts";
import { openLoopbackServer, type Answer } from "./loopback-server.ts";
import { readNeonRequest, type NeonQuery, type NeonRequest } from "./neon-request.ts";

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

// Every field the driver copies from an error's JSON to its NeonDbError.
const errorFields = [
  "code", "severity", "detail", "hint", "position", "internalPosition", "internalQuery", "where", "schema", "table",
  "column", "dataType", "constraint", "file", "line", "routine",
] as const; // prettier-ignore

/**
 * Opens a real Postgres (PGlite, in this process) behind Neon's SQL-over-HTTP protocol. Each request logs in as the
 * user of its connection string, so row level security binds as it does at Neon.
 *
 * @throws when a migration fails (named) or the port is taken
 */
export async function openNeon(options: NeonOptions): Promise<Neon> {
  const db = await PGlite.create(options.dataDir === undefined ? {} : { dataDir: options.dataDir });
  await migrate(pgliteSession(db), options.migrationsDir);
  // Makes the superuser the session's authenticated user; without it SESSION AUTHORIZATION cannot be set.
  await db.exec("set session authorization postgres");
  const asText = await textOptions(db);
  const server = await openLoopbackServer(options.port ?? 0, async (question) => {
    const request = readNeonRequest(question);
    if (request === undefined)
      return { status: 400, body: { message: "Not a request of Neon's SQL-over-HTTP protocol" } };
    return answer(db, asText, options.users, request);
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

async function answer(
  db: PGlite,
  asText: QueryOptions,
  users: NeonOptions["users"],
  request: NeonRequest,
): Promise<Answer> {
  if (!Object.hasOwn(users, request.user) || users[request.user] !== request.password) {
    const message = `password authentication failed for user '${request.user}'`;
    return { status: 400, body: { message, code: "28P01", severity: "FATAL" } };
  }
  if (request.queries.some(leavesTransaction)) {
    const message = "The stand-in for Neon runs no transaction control and no change of user; use a batch";
    return { status: 400, body: { message, code: "0A000", severity: "ERROR" } };
  }
  try {
    const results = await runAs(db, asText, request);
    return { status: 200, body: request.isBatch ? { results } : results[0] };
  } catch (error) {
    return { status: 400, body: errorBody(error) };
  }
}

/** All requests share one session, so a statement that ends our transaction would run the next one as superuser. */
function leavesTransaction({ query }: NeonQuery): boolean {
  return /^\s*(begin|start|commit|end|rollback|abort|prepare\s+transaction|(re)?set\s+(local\s+|session\s+)?(role|session\s+authorization|all))\b/i.test(
    query,
  );
}

function runAs(db: PGlite, asText: QueryOptions, request: NeonRequest): Promise<unknown[]> {
  const user = request.user.replaceAll('"', '""');
  return db.transaction(async (tx) => {
    await tx.exec(`reset all; ${request.transactionMode} set local session authorization "${user}"`);
    const results = [];
    for (const { query, params } of request.queries) results.push(resultBody(await tx.query(query, params, asText)));
    return results;
  });
}

function resultBody(result: Results<unknown>): unknown {
  const fields = result.fields.map(({ name, dataTypeID }, index) => {
    return { name, dataTypeID, tableID: 0, columnID: index, dataTypeSize: -1, dataTypeModifier: -1, format: "text" };
  });
  return {
    command: result.command ?? "",
    rowCount: result.rowCount ?? null,
    rowAsArray: true,
    fields,
    rows: result.rows,
  };
}

function errorBody(error: unknown): Record<string, unknown> {
  const facts: Record<string, unknown> = error instanceof Error ? Object.fromEntries(Object.entries(error)) : {};
  return { message: messageOf(error), ...Object.fromEntries(errorFields.map((name) => [name, facts[name]])) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
