import { Client } from "pg";
import { openPglite as openDatabase } from "../../../dev/stand-ins/pglite.ts";
import { pgliteSession, type Session } from "../../../scripts/migrations/session.ts";
import { openRealPostgres, postgresPrograms } from "./real-postgres.ts";

/** A database as its owner sees it and as a superuser does: row level security binds the owner, who is not a superuser. */
export type Database = { owner: Session; admin: Session };

/** A Postgres that migrations are tried on, with an empty database for each test. */
export type Engine = {
  emptyDatabase(): Promise<Database>;
  close(): Promise<void>;
};

/** The engines on this machine; PGlite is always there. */
export const engines: readonly { name: string; isHere: boolean; open(): Promise<Engine> }[] = [
  { name: "PGlite", isHere: true, open: openPglite },
  { name: "a PostgreSQL server", isHere: postgresPrograms !== undefined, open: openServer },
];

/** One PGlite for all tests, because it takes a second to start. Roles stay, as in a server. */
async function openPglite(): Promise<Engine> {
  const db = await openDatabase();
  // Makes the superuser the session's authenticated user; without it SESSION AUTHORIZATION cannot be set.
  await db.exec("set session authorization postgres");
  return {
    async emptyDatabase() {
      await db.exec("drop schema if exists sqe cascade; drop schema public cascade; create schema public");
      await db.exec("grant usage on schema public to public");
      return { owner: pgliteSession(db), admin: pgliteSession(db) };
    },
    close: () => db.close(),
  };
}

async function openServer(): Promise<Engine> {
  if (postgresPrograms === undefined) throw new Error("Cannot start a PostgreSQL server: there is none here");
  const server = await openRealPostgres(postgresPrograms);
  const clients: Client[] = [];
  return {
    async emptyDatabase() {
      const { ownerUrl, adminUrl } = await server.createDatabase();
      const [owner, admin] = [new Client({ connectionString: ownerUrl }), new Client({ connectionString: adminUrl })];
      clients.push(owner, admin);
      await Promise.all([owner.connect(), admin.connect()]);
      return { owner, admin };
    },
    async close() {
      await Promise.all(clients.map((client) => client.end()));
      await server.close();
    },
  };
}
