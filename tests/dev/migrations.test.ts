import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { neededMigration } from "#db/needed-schema.ts";
import { migrate, readStanding } from "../../scripts/migrations/migrate.ts";
import { listMigrations } from "../../scripts/migrations/record.ts";
import { engines, type Database, type Engine } from "./support/engines.ts";
import { rowsOf } from "./support/rows-of-migrations.ts";
import { tempDir } from "../support/temp-dir.ts";

const dir = fileURLToPath(new URL("../../migrations", import.meta.url));
const all = await listMigrations(dir);
/** The migrations that operators applied with psql before there was a record. */
const byHand = all.slice(0, 8);

const textOf = (migration: string) => readFile(join(dir, `${migration}.sql`), "utf8");

/** A folder that holds the first migrations only, as an earlier version had it. */
async function folderOf(migrations: Readonly<Record<string, string>>): Promise<string> {
  const folder = await tempDir();
  for (const [name, text] of Object.entries(migrations)) await writeFile(join(folder, `${name}.sql`), text);
  return folder;
}

/** What docs/operations.md told operators to do until 0.1.0: each file in a transaction of its own. */
async function applyByHand({ owner, admin }: Database, migrations: readonly string[]): Promise<void> {
  for (const name of migrations) {
    await owner.query(`begin; ${await textOf(name)}; commit`);
    if (rowsOf[name] !== undefined) await admin.query(rowsOf[name]);
  }
}

/** Every row of our schema as JSON, by table. */
async function rowsIn({ admin }: Database): Promise<Record<string, unknown[]>> {
  const tables = await admin.query("select tablename from pg_tables where schemaname = 'sqe' order by 1");
  const found: Record<string, unknown[]> = {};
  for (const table of tables.rows.map(({ tablename }) => String(tablename))) {
    const { rows } = await admin.query(`select to_jsonb(it) as row from sqe.${table} as it order by 1`);
    found[table] = rows.map(({ row }) => row);
  }
  return found;
}

const recordOf = async ({ owner }: Database) =>
  (await owner.query("select to_regclass('public.pgmigrations') as record")).rows[0]?.["record"];

it("neededMigration is the newest of the folder", () => expect(neededMigration).toBe(all.at(-1)));

describe.each(engines)("on $name (skipped where it is not installed)", (kind) => {
  let engine: Engine;
  beforeAll(async () => {
    if (kind.isHere) engine = await kind.open();
  });
  afterAll(async () => {
    if (kind.isHere) await engine.close();
  });
  const test = it.skipIf(!kind.isHere);

  test("migrate() applies all to an empty database, notes each, and finds nothing to do the next time", async () => {
    const database = await engine.emptyDatabase();
    const { owner } = database;
    expect(await migrate(owner, dir)).toEqual({ adopted: [], applied: all });
    expect(await readStanding(owner, dir)).toEqual({ hasRecord: true, applied: all, pending: [] });
    expect(await migrate(owner, dir)).toEqual({ adopted: [], applied: [] });
  });

  test("migrate() adopts a database made by hand, however far it had come, and its rows stay", async () => {
    for (let length = 1; length <= byHand.length; length += 1) {
      const database = await engine.emptyDatabase();
      const { owner } = database;
      await applyByHand(database, byHand.slice(0, length));
      const before = await rowsIn(database);
      expect(await migrate(owner, dir)).toEqual({ adopted: byHand.slice(0, length), applied: all.slice(length) });
      expect(await rowsIn(database)).toMatchObject(before);
      expect((await readStanding(owner, dir)).pending).toEqual([]);
    }
  });

  test("readStanding() lists what is pending, and changes nothing", async () => {
    const database = await engine.emptyDatabase();
    const { owner } = database;
    await applyByHand(database, byHand.slice(0, 3));
    const standing = { hasRecord: false, applied: byHand.slice(0, 3), pending: all.slice(3) };
    expect(await readStanding(owner, dir)).toEqual(standing);
    expect(await readStanding(owner, dir)).toEqual(standing);
    expect(await recordOf(database)).toBeNull();
  });

  test("migrate() refuses a database whose state is unclear, and leaves it alone", async () => {
    const database = await engine.emptyDatabase();
    const { owner } = database;
    await applyByHand(database, byHand);
    await owner.query("drop table sqe.sweeps cascade; drop function sqe.sweep_runs, sqe.sweep_units");
    await expect(migrate(owner, dir)).rejects.toThrow(
      "Cannot adopt the database: it has what 0007_reconciler creates, but not what 0006_sweeps creates",
    );
    expect(await recordOf(database)).toBeNull();
  });

  test("migrate() applies all that is pending or nothing, and names the file that fails", async () => {
    const database = await engine.emptyDatabase();
    const { owner } = database;
    const good = { "0001_one": "create table public.one ()", "0002_two": "create table public.two ()" };
    const bad = await folderOf({ ...good, "0003_bad": "create tabel x ()" });
    await expect(migrate(owner, bad)).rejects.toThrow(/^Cannot apply migration 0003_bad.sql: syntax error/);
    expect((await owner.query("select to_regclass('public.one') as one")).rows).toEqual([{ one: null }]);
    const mended = await folderOf({ ...good, "0003_bad": "create table public.three ()" });
    expect((await migrate(owner, mended)).applied).toEqual(["0001_one", "0002_two", "0003_bad"]);
  });

  test("each migration runs forward on a database with rows, and every row is still there", async () => {
    const database = await engine.emptyDatabase();
    const { owner } = database;
    let kept: Awaited<ReturnType<typeof rowsIn>> = {};
    const sofar: Record<string, string> = {};
    for (const name of all) {
      sofar[name] = await textOf(name);
      expect((await migrate(owner, await folderOf(sofar))).applied).toEqual([name]);
      expect(await rowsIn(database), `rows after ${name}`).toMatchObject(kept);
      if (rowsOf[name] !== undefined) await database.admin.query(rowsOf[name]);
      kept = await rowsIn(database);
      // Without rows in every table, the next migration would be tried on less than a database in use has.
      expect(
        Object.entries(kept).filter(([, rows]) => rows.length === 0),
        `tables without rows`,
      ).toEqual([]);
    }
  });
});
