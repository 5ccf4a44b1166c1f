import { Pool, type CustomTypesConfig } from "pg";
import type { Server } from "./loopback-server.ts";
import { openNeonDoor, type TextResult } from "./neon-door.ts";
import type { NeonRequest } from "./neon-request.ts";

export type NeonOfServerOptions = {
  /** 0 or absent for any free port. */
  port?: number;
  /** Where the Postgres server listens: a host or the folder of its socket. */
  server: { host: string; port: number };
};

/** More callers than this wait for a session, as at Neon's pooler. */
const sessionsMax = 10;
const connectMs = 5000;

/** Every value as Postgres prints it: the driver of the program parses. */
const asText: CustomTypesConfig = { getTypeParser: () => (value: unknown) => value };

/**
 * Opens Neon's SQL-over-HTTP protocol over a running Postgres server. The server itself checks the user and the password of
 * each connection string; the string's own host is not looked at.
 *
 * @throws when the port is taken
 */
export async function openNeonOfServer({ port = 0, server }: NeonOfServerOptions): Promise<Server> {
  const pools = new Map<string, Pool>();
  const poolOf = ({ user, password, database }: NeonRequest) => {
    const name = JSON.stringify([user, password, database]);
    const pool =
      pools.get(name) ??
      new Pool({ ...server, user, password, database, max: sessionsMax, connectionTimeoutMillis: connectMs });
    // An idle session that the server ends is opened again by the next request.
    if (!pools.has(name)) pool.on("error", () => undefined);
    pools.set(name, pool);
    return pool;
  };
  const door = await openNeonDoor(port, (request) => runIn(poolOf(request), request));
  return {
    url: `${door.url}/sql`,
    async close() {
      await door.close();
      await Promise.all([...pools.values()].map((pool) => pool.end()));
    },
  };
}

async function runIn(pool: Pool, { queries, transactionMode }: NeonRequest): Promise<TextResult[]> {
  const session = await pool.connect();
  let isClean = false;
  try {
    await session.query(`begin; ${transactionMode}`);
    const results: TextResult[] = [];
    for (const { query, params } of queries) {
      results.push(await session.query({ text: query, values: params, rowMode: "array", types: asText }));
    }
    await session.query("commit");
    await session.query("discard all");
    isClean = true;
    return results;
  } finally {
    // With an error the pool closes the session, and Postgres undoes what it had begun.
    session.release(!isClean);
  }
}
