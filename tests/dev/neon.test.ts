import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { neon, neonConfig, type NeonDbError } from "@neondatabase/serverless";
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/neon-http";
import { bigint, integer, jsonb, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { isOutOfReach } from "#db/database.ts";
import { freePort } from "../../dev/stack/ports.ts";
import { openNeon } from "../../dev/stand-ins/neon.ts";
import { openNeonOfServer } from "../../dev/stand-ins/neon-of-server.ts";
import { tempDir } from "../support/temp-dir.ts";
import { openRealPostgres, postgresPrograms } from "./support/real-postgres.ts";

const migration = `
  create role ann login; create role ben login;
  create schema sqe; grant usage on schema sqe to ann, ben;
  create table sqe.notes (id integer primary key, owner text not null default current_user, body text);
  alter table sqe.notes enable row level security; alter table sqe.notes force row level security;
  grant select, insert, update on sqe.notes to ann, ben;
  create policy own on sqe.notes using (owner = current_user) with check (owner = current_user);
  create table kinds (id integer primary key, at timestamptz, big bigint, tags text[], data jsonb, nothing text);
  grant all on kinds to ann;
`;
const kinds = pgTable("kinds", {
  id: integer("id").primaryKey(),
  at: timestamp("at", { withTimezone: true, mode: "date" }),
  big: bigint("big", { mode: "bigint" }),
  tags: text("tags").array(),
  data: jsonb("data"),
  nothing: text("nothing"),
});

const passwords = { ann: "a/pass@1", ben: "b-pass" };

type Door = { url: string; database: string; close(): Promise<void> };

async function openPglite(): Promise<Door> {
  const migrationsDir = await tempDir();
  await writeFile(join(migrationsDir, "0001_all.sql"), migration);
  return { ...(await openNeon({ migrationsDir, users: passwords })), database: "main" };
}

async function openServer(): Promise<Door> {
  if (postgresPrograms === undefined) throw new Error("Cannot start a PostgreSQL server: there is none here");
  const port = await freePort();
  const postgres = await openRealPostgres(postgresPrograms, port);
  const { adminUrl } = await postgres.createDatabase();
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  const alter = Object.entries(passwords).map(([role, password]) => `alter role ${role} password '${password}';`);
  await admin.query(migration + alter.join(""));
  const database = admin.database ?? "";
  await admin.end();
  const door = await openNeonOfServer({ server: { host: "127.0.0.1", port } });
  return { url: door.url, database, close: () => door.close().then(() => postgres.close()) };
}

const doors = [
  { name: "openNeon()", isHere: true, open: openPglite },
  { name: "openNeonOfServer()", isHere: postgresPrograms !== undefined, open: openServer },
];

describe.each(doors.filter(({ isHere }) => isHere))("$name", ({ open }) => {
  let door: Door;
  let ann: string;
  let ben: string;
  const address = (user: string, password: string) =>
    `postgres://${user}:${encodeURIComponent(password)}@db.local/${door.database}`;

  beforeAll(async () => {
    door = await open();
    [ann, ben] = [address("ann", passwords.ann), address("ben", passwords.ben)];
    neonConfig.fetchEndpoint = () => door.url;
  });
  afterAll(() => door.close());

  it("gives values the driver reads as Neon's: dates, bigint, arrays, json, null", async () => {
    const db = drizzle(neon(ann));
    const row = {
      id: 1,
      at: new Date("2026-01-15T10:00:00.250Z"),
      big: 9007199254740993n,
      tags: ["a,b", 'c"d', "NULL"],
      data: { list: [1, null, "x"] },
      nothing: null,
    };
    await db.insert(kinds).values(row);
    expect(await db.select().from(kinds)).toEqual([row]);
  });

  it("returns command, count and column types with full results", async () => {
    const query = neon(ann, { fullResults: true });
    const result = await query.query("select $1::int as n, now()::date as d, true as yes", [7]);
    expect(result).toMatchObject({ command: "SELECT", rowCount: 1, rows: [{ n: 7, yes: true }] });
    expect(result.fields.map((field) => [field.name, field.dataTypeID])).toEqual([["n", 23], ["d", 1082], ["yes", 16]]); // prettier-ignore
  });

  it("shows each user only the rows its policies allow", async () => {
    await neon(ann)`insert into sqe.notes (id, body) values (1, 'from ann')`;
    await neon(ben)`insert into sqe.notes (id, body) values (2, 'from ben')`;
    expect(await neon(ann)`select body, current_user as who, session_user as login from sqe.notes`).toEqual([
      { body: "from ann", who: "ann", login: "ann" },
    ]);
    expect(await neon(ben)`select body from sqe.notes`).toEqual([{ body: "from ben" }]);
  });

  it.each([
    ["a wrong password", "ann", "wrong"],
    ["an unknown user", "eve", "a/pass@1"],
    ["the superuser when it has no password", "postgres", "undefined"],
  ])("refuses %s", async (_what, user, password) => {
    await expect(neon(address(user, password))`select 1`).rejects.toMatchObject({ name: "NeonDbError", code: "28P01" });
  });

  it("runs a batch as one transaction with settings that end with it", async () => {
    const db = drizzle(neon(ann));
    const setting = sql`select current_setting('app.tenant', true) as tenant`;
    const [, inside] = await db.batch([
      db.execute(sql`select set_config('app.tenant', 't1', true)`),
      db.execute(setting),
    ]);
    expect(inside.rows).toEqual([{ tenant: "t1" }]);
    expect((await db.execute(setting)).rows).toEqual([{ tenant: "" }]);
  });

  it("undoes a whole batch when one of its queries fails", async () => {
    const query = neon(ann);
    const batch = query.transaction([
      query`insert into kinds (id) values (100)`,
      query`insert into kinds (id) values (100)`,
    ]);
    const error: NeonDbError = await batch.then(
      () => expect.unreachable(),
      (reason: NeonDbError) => reason,
    );
    expect(error).toMatchObject({ code: "23505", severity: "ERROR", table: "kinds", constraint: "kinds_pkey" });
    expect(error.detail).toBe("Key (id)=(100) already exists.");
    expect(await query`select from kinds where id = 100`).toEqual([]);
  });

  it("honours a batch's isolation level and read-only flag", async () => {
    const query = neon(ann);
    const mode = [query`select current_setting('transaction_isolation') as level`];
    expect(await query.transaction(mode, { isolationLevel: "Serializable" })).toEqual([[{ level: "serializable" }]]);
    const write = query.transaction([query`insert into kinds (id) values (200)`], { readOnly: true });
    await expect(write).rejects.toMatchObject({ code: "25006" });
  });

  it("gives drizzle an error with the code of Postgres in its cause", async () => {
    const db = drizzle(neon(ben));
    await expect(db.select().from(kinds)).rejects.toMatchObject({ cause: { code: "42501" } });
  });

  it.each(["commit", "  ROLLBACK", "set role postgres", "reset session authorization", "set local role ben"])(
    "refuses %j, which would leave the user it logged in as",
    async (statement) => {
      await expect(neon(ann).query(statement)).rejects.toMatchObject({ code: "0A000" });
    },
  );

  it("forgets a setting a query made for its session", async () => {
    await neon(ann)`set statement_timeout = 1234`;
    expect(await neon(ann)`show statement_timeout`).toEqual([{ statement_timeout: "0" }]);
  });
});

test("openNeonOfServer() answers like a Neon that is out of reach while the server is down", async () => {
  const door = await openNeonOfServer({ server: { host: "127.0.0.1", port: await freePort() } });
  neonConfig.fetchEndpoint = () => door.url;
  const db = drizzle(neon("postgres://ann:a@db.local/main"));
  const error: unknown = await db.execute(sql`select 1`).catch((reason: unknown) => reason);
  expect(isOutOfReach(error)).toBe(true);
  await door.close();
});

test("openNeon() names the migration that fails", async () => {
  const migrationsDir = await tempDir();
  await writeFile(join(migrationsDir, "0001_bad.sql"), "create tabel x ()");
  await expect(openNeon({ migrationsDir, users: {} })).rejects.toThrow(
    /^Cannot apply migration 0001_bad.sql: syntax error/,
  );
});
