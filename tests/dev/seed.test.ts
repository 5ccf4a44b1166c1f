import { fileURLToPath } from "node:url";
import { jwtVerify } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readConnection } from "#db/connections.ts";
import { openDatabase } from "#db/database.ts";
import { readJurisdictionGap } from "#db/jurisdiction.ts";
import { assertSchema, neededMigration, readSchemaGap } from "#db/needed-schema.ts";
import { assertRowLevelSecurity } from "#db/rls-check.ts";
import { openVault } from "#db/vault.ts";
import { openNeon, type Neon } from "../../dev/stand-ins/neon.ts";
import { seed, tenants } from "../../dev/stack/seed.ts";
import { signTokens } from "../../dev/stack/tokens.ts";
import { accounts } from "../../sandbox/accounts.ts";

const vaultKeys = `kid1:${Buffer.alloc(32, 7).toString("base64")}`;
let server: Neon;

beforeAll(async () => {
  const migrationsDir = fileURLToPath(new URL("../../migrations", import.meta.url));
  server = await openNeon({ migrationsDir, users: { sqe_app: "app", postgres: "admin" } });
  await seed(server, vaultKeys);
  await seed(server, vaultKeys);
});
afterAll(() => server.close());

const database = (user: string) =>
  openDatabase({ url: `postgres://${user}@db.local/postgres`, fetchEndpoint: server.url });

test("seed() gives each tenant one connection, which opens and signs in at the sandbox", async () => {
  const db = database("sqe_app:app");
  const vault = await openVault(vaultKeys);
  for (const [index, { id: tenantId, connectionId }] of tenants.entries()) {
    const { eid, clientId, clientSecret, subdomain } = accounts[index] ?? expect.unreachable();
    const found = await readConnection(db, vault, { tenantId, connectionId, mid: eid });
    expect(found).toEqual({ id: connectionId, eid, clientId, clientSecret, subdomain });
  }
});

test("seed() leaves one tenant's connection invisible to the other", async () => {
  const vault = await openVault(vaultKeys);
  const [{ id: tenantId }, { connectionId }] = tenants;
  const wanted = { tenantId, connectionId, mid: 8000001 };
  expect(await readConnection(database("sqe_app:app"), vault, wanted)).toBeUndefined();
});

test("openNeon() passes the engine's check of row level security as sqe_app, and fails it as superuser", async () => {
  await assertRowLevelSecurity(database("sqe_app:app"));
  await expect(assertRowLevelSecurity(database("postgres:admin"))).rejects.toThrow(/may bypass row level security/);
});

test("assertRowLevelSecurity() refuses a table that does not force it, and a Postgres that does not answer", async () => {
  const app = database("sqe_app:app");
  await server.query("create table sqe.forgotten (id int)");
  await server.query("alter table sqe.forgotten enable row level security");
  await expect(assertRowLevelSecurity(app)).rejects.toThrow("table sqe.forgotten does not force row level security");
  await server.query("drop table sqe.forgotten");
  await assertRowLevelSecurity(app);
  await expect(assertRowLevelSecurity(database("sqe_app:wrong"))).rejects.toThrow(/^Cannot start: Postgres does not/);
});

test("assertSchema() refuses an older schema in one line, a database without a record too, and takes a newer one", async () => {
  const app = database("sqe_app:app");
  const older = `Cannot start: the database lacks migration ${neededMigration}; run npm run migrate first`;
  await server.query("insert into public.pgmigrations (name, run_on) values ('9999_of_a_later_version', now())");
  await assertSchema(app);
  await server.query(`update public.pgmigrations set name = 'gone' where name = '${neededMigration}'`);
  await expect(assertSchema(app)).rejects.toThrow(new RegExp(`^${older}$`));
  await server.query(`update public.pgmigrations set name = '${neededMigration}' where name = 'gone'`);
  await server.query("revoke select on public.pgmigrations from sqe_app");
  await expect(assertSchema(app)).rejects.toThrow(older);
  await server.query("alter table public.pgmigrations rename to attic");
  await expect(assertSchema(app)).rejects.toThrow(older);
  await server.query("alter table public.attic rename to pgmigrations");
  await server.query("grant select on public.pgmigrations to sqe_app");
  await assertSchema(app);
  await expect(readSchemaGap(database("sqe_app:wrong"))).rejects.toThrow();
});

test("signTokens() gives each person the claims of tenant and business unit, for 12 hours", async () => {
  const secret = "a secret of enough characters";
  const tokens = await signTokens(secret);
  const claims = async (token: string) => {
    const rules = { issuer: "sqe-dev", audience: "sqe", algorithms: ["HS256"] };
    const { payload } = await jwtVerify(token, new TextEncoder().encode(secret), rules);
    const { iat = 0, exp = 0, iss: _issuer, aud: _audience, ...rest } = payload;
    return { ...rest, hours: (exp - iat) / 3600 };
  };
  const [a, b] = tenants;
  const inA = { tenant: a.id, mid: 7000001, eid: 7000001, connection: a.connectionId, hours: 12 };
  expect(await claims(tokens.alice)).toEqual({ sub: "alice", ...inA });
  expect(await claims(tokens.bob)).toEqual({ sub: "bob", ...inA });
  expect(await claims(tokens.carol ?? "")).toEqual({ sub: "carol", tenant: b.id, mid: 8000001, eid: 8000001, connection: b.connectionId, hours: 12 }); // prettier-ignore
  expect(await claims(tokens.operator)).toEqual({ sub: "operator", role: "operator", hours: 12 });
});

test("readJurisdictionGap() lets the first caller choose, and refuses every later one that differs", async () => {
  const app = database("sqe_app:app");
  await expect(app.execute("select * from sqe.installation")).rejects.toMatchObject({ cause: { code: "42501" } });
  expect(await readJurisdictionGap(app, "eu")).toBeUndefined();
  expect(await readJurisdictionGap(app, "none")).toBe(
    'Cannot start: the runs of this database live in jurisdiction "eu", not "none"; set SQE_JURISDICTION=eu',
  );
  expect(await readJurisdictionGap(app, "eu")).toBeUndefined();
});
