import { execFile, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { neededMigration } from "#db/needed-schema.ts";
import { listMigrations } from "../../scripts/migrations/record.ts";
import { openRealPostgres, postgresPrograms, type RealPostgres } from "./support/real-postgres.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const program = join(root, "scripts/migrate.ts");
const all = await listMigrations(join(root, "migrations"));
/** The migrations that operators applied with psql before there was a record. */
const byHand = all.slice(0, 8);

async function commandAtOnce(ownerUrl: string): Promise<string> {
  const env = { PATH: process.env["PATH"], DATABASE_OWNER_URL: ownerUrl };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ["--no-warnings", program], { env });
  return stdout + stderr;
}

function command(ownerUrl: string | undefined, ...words: string[]) {
  const env = { PATH: process.env["PATH"], ...(ownerUrl === undefined ? {} : { DATABASE_OWNER_URL: ownerUrl }) };
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--no-warnings", program, ...words], {
    env,
    encoding: "utf8",
  });
  return { status, said: stdout + stderr };
}

it.each([
  [undefined, "DATABASE_OWNER_URL is missing"],
  ["mysql://owner:s3cret@db/x", "DATABASE_OWNER_URL is missing or not a postgres:// URL"],
  ["postgres://owner:s3cret@ep-cool-pooler.eu.neon.tech/x", "use the direct one, without -pooler"],
  ["postgres://owner:s3cret@127.0.0.1:1/x", "Cannot reach the database of DATABASE_OWNER_URL: "],
])("npm run migrate refuses %s in one line without the password", (url, message) => {
  const { status, said } = command(url, "--check");
  expect([status, said.trim().split("\n").length]).toEqual([2, 1]);
  expect(said).toContain(message);
  expect(said).not.toContain("s3cret");
});

describe.skipIf(postgresPrograms === undefined)("with a PostgreSQL server (skipped where it is not installed)", () => {
  let server: RealPostgres;
  beforeAll(async () => {
    if (postgresPrograms !== undefined) server = await openRealPostgres(postgresPrograms);
  });
  afterAll(() => server.close());

  it("npm run migrate twice at once adopts and applies each migration once: the second one waits", async () => {
    const { ownerUrl } = await server.createDatabase();
    const client = new Client({ connectionString: ownerUrl });
    await client.connect();
    for (const name of byHand) await client.query(readFileSync(join(root, `migrations/${name}.sql`), "utf8"));
    const said = await Promise.all([commandAtOnce(ownerUrl), commandAtOnce(ownerUrl)]);
    expect(said.sort()).toEqual([
      `noted as applied by hand: ${byHand.join(", ")}\napplied: ${all.slice(8).join(", ")}\n`,
      "nothing was pending\n",
    ]);
    const may = await client.query("select has_table_privilege('sqe_app', 'public.pgmigrations', 'select') as may");
    expect(may.rows).toEqual([{ may: true }]);
    await client.end();
  });

  it("npm run migrate: --check fails and --dry-run shows the SQL without a change; after it, --check passes", async () => {
    const { ownerUrl } = await server.createDatabase();
    for (let time = 1; time <= 2; time += 1) {
      expect(command(ownerUrl, "--check")).toEqual({
        status: 1,
        said: expect.stringMatching(/^pending: 0001_roles, /),
      });
      const plan = command(ownerUrl, "--dry-run");
      expect([plan.status, plan.said]).toEqual([0, expect.stringContaining("create table sqe.runs (")]);
    }
    expect(command(ownerUrl)).toEqual({
      status: 0,
      said: expect.stringMatching(new RegExp(`^applied: 0001_roles, .*, ${neededMigration}\\n$`)),
    });
    expect(command(ownerUrl, "--check")).toEqual({ status: 0, said: `up to date: ${neededMigration}\n` });
    expect(command(ownerUrl)).toEqual({ status: 0, said: "nothing was pending\n" });
  });
});
