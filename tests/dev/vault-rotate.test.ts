import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readConnection } from "#db/connections.ts";
import { openDatabase } from "#db/database.ts";
import { keepGrant, keepRefreshed, readGrantState, takeLease } from "#db/grants.ts";
import { addConnection } from "#db/tenant-connections.ts";
import { open, openVault, seal } from "#db/vault.ts";
import { openNeon, type Neon } from "../../dev/stand-ins/neon.ts";
import { rotate } from "../../scripts/vault/rotate.ts";
import { sealedColumns } from "../../scripts/vault/sealed-columns.ts";

const key = (name: string, byte: number) => `${name}:${Buffer.alloc(32, byte).toString("base64")}`;
const older = await openVault(key("k1", 1));
const both = await openVault(`${key("k2", 2)},${key("k1", 1)}`);
const newer = await openVault(key("k2", 2));
const tenantId = randomUUID();
let server: Neon;

beforeAll(async () => {
  const migrationsDir = fileURLToPath(new URL("../../migrations", import.meta.url));
  server = await openNeon({ migrationsDir, users: { sqe_app: "app" } });
});
afterAll(() => server.close());
beforeEach(async () => {
  await server.query("delete from sqe.tenants");
  await server.query("insert into sqe.tenants (id, eid, name) values ($1, 1, 'A')", [tenantId]);
  await server.query("insert into sqe.users (tenant_id, user_id) values ($1, 'ann')", [tenantId]);
});

const owner = { query: async (text: string, values?: unknown[]) => ({ rows: await server.rows(text, values) }) };
const sealedAt = (table: string, row: string, field: string, plain: string) =>
  seal(older, plain, { table, tenantId, row, field });

/** A connection whose secret is `plain`. */
async function connect(plain: string, envelope?: string): Promise<string> {
  const id = randomUUID();
  await server.query(
    `insert into sqe.connections (id, tenant_id, eid, mids, subdomain, client_id, client_secret)
     values ($1, $2, 1, '{1}', 'mcx', 'x', $3)`,
    [id, tenantId, envelope ?? (await sealedAt("connections", id, "client_secret", plain))],
  );
  return id;
}

async function secretOf(id: string): Promise<string> {
  const [row] = await server.rows("select client_secret from sqe.connections where id = $1", [id]);
  const place = { table: "connections", tenantId, row: id, field: "client_secret" };
  return open(newer, String(row?.["client_secret"]), place);
}

const appDatabase = () => openDatabase({ url: "postgres://sqe_app:app@db.local/postgres", fetchEndpoint: server.url });

/** One row of each kind with an older key, by what writes it in production where that needs no Marketing Cloud. */
async function writeAsPrograms(): Promise<{ connectionId: string; grantId: string }> {
  const [connectionId, packageId] = [randomUUID(), randomUUID()];
  const db = appDatabase();
  const at = { tenantId, eid: 1, subdomain: "mcx" };
  await addConnection(db, older, {
    ...at,
    id: connectionId,
    createdBy: "ann",
    name: "Nightly",
    clientId: "s2s",
    clientSecret: "server",
    mids: [1],
  });
  // No program writes this one any more.
  await server.query("update sqe.connections set refresh_token = $1", [
    await sealedAt("connections", connectionId, "refresh_token", "old"),
  ]);
  await server.query(
    "insert into sqe.packages (id, tenant_id, subdomain, client_id, client_secret) values ($1, $2, 'mcx', 'app', $3)",
    [packageId, tenantId, await sealedAt("packages", packageId, "client_secret", "web app")],
  );
  const token = (accessToken: string) => ({ accessToken, rest: "r", soap: "s", refreshAt: 0, expiresAt: 0 });
  const wanted = { ...at, userId: "ann", mid: 1, clientId: "app", packageId, refreshToken: "first" };
  const grantId = await keepGrant(db, older, { ...wanted, token: token("access 1") });
  const place = { tenantId, grantId, mid: 1 };
  await takeLease(db, older, place, { owner: "a", seen: 1 });
  const fresh = { owner: "a", sent: "first", refreshToken: "second", token: token("access 2") };
  await keepRefreshed(db, older, place, fresh);
  return { connectionId, grantId };
}

describe("rotate()", () => {
  test("seals all that an older key has sealed, and nothing the second time", async () => {
    const ids = await Promise.all(Array.from({ length: 230 }, (_, at) => connect(`secret ${at}`)));
    expect(await rotate(owner, both)).toEqual({ sealed: 230, changed: 0, failures: [] });
    expect(await Promise.all(ids.map(secretOf))).toEqual(ids.map((_, at) => `secret ${at}`));
    expect(await rotate(owner, both)).toEqual({ sealed: 0, changed: 0, failures: [] });
  });

  test("leaves every sealed column, as the programs write it, to the newest key alone", async () => {
    const { connectionId, grantId } = await writeAsPrograms();
    for (const { table, field } of sealedColumns)
      expect([table, field, await server.rows(`select ${field} from sqe.${table}`)]).toEqual([
        table,
        field,
        [{ [field]: expect.stringContaining("v1.k1.") }],
      ]);
    expect(await rotate(owner, both)).toEqual({ sealed: sealedColumns.length, changed: 0, failures: [] });
    const db = appDatabase();
    const at = { tenantId, grantId, mid: 1 };
    expect(await readConnection(db, newer, { tenantId, connectionId, mid: 1 })).toMatchObject({
      clientSecret: "server",
    });
    expect(await readConnection(db, newer, { ...at, connectionId: grantId })).toMatchObject({
      clientSecret: "web app",
    });
    expect(await readGrantState(db, newer, at)).toMatchObject({ token: { accessToken: "access 2" } });
    expect(await takeLease(db, newer, at, { owner: "b", seen: 2 })).toMatchObject({
      refreshTokens: ["second", "first"],
    });
  });

  test("goes on where it was interrupted", async () => {
    const ids = await Promise.all([1, 2, 3].map((at) => connect(`secret ${at}`)));
    let left = 2;
    const failing = {
      query: (text: string, values?: unknown[]) => {
        if (text.startsWith("update") && (left -= 1) < 0) throw new Error("the cable is out");
        return owner.query(text, values);
      },
    };
    await expect(rotate(failing, both)).rejects.toThrow("the cable is out");
    expect(await rotate(owner, both)).toEqual({ sealed: 1, changed: 0, failures: [] });
    expect(await Promise.all(ids.map(secretOf))).toEqual(["secret 1", "secret 2", "secret 3"]);
  });

  test("leaves a text that somebody changes meanwhile", async () => {
    const id = await connect("old");
    const fresh = await seal(both, "new", { table: "connections", tenantId, row: id, field: "client_secret" });
    const racing = {
      query: async (text: string, values?: unknown[]) => {
        if (text.startsWith("update")) await server.query("update sqe.connections set client_secret = $1", [fresh]);
        return owner.query(text, values);
      },
    };
    expect(await rotate(racing, both)).toEqual({ sealed: 0, changed: 1, failures: [] });
    expect(await secretOf(id)).toBe("new");
  });

  test("says of each text that it cannot open why, without its content, and seals the others", async () => {
    const stranger = await openVault(key("k9", 9));
    const place = { table: "connections", tenantId, row: randomUUID(), field: "client_secret" };
    const moved = await connect("", await seal(older, "canary", place));
    const unknown = await connect("", await seal(stranger, "canary", place));
    const whole = await sealedAt("connections", "x", "client_secret", "canary");
    const cut = await connect("", whole.slice(0, -24));
    const odd = await connect("", "v1.k1.x.y");
    const good = await connect("good");
    const { sealed, failures } = await rotate(owner, both);
    expect([sealed, await secretOf(good)]).toEqual([1, "good"]);
    const of = (id: string) => failures.find((line) => line.startsWith(`connections ${id}: `)) ?? "";
    expect(of(moved)).toContain("belongs to another place or was changed");
    expect(of(unknown)).toContain('no key with id "k9"');
    expect(of(cut)).toContain("was cut off");
    expect(of(odd)).toContain("was cut off");
    expect(failures).toHaveLength(4);
    expect(failures.join()).not.toContain("canary");
  });
});

describe("sealedColumns", () => {
  const listed = sealedColumns.map(({ table, field }) => `${table}.${field}`).toSorted();

  test("names every column that Postgres wants to be sealed", async () => {
    const rows = await server.rows(
      `select conrelid::regclass::text as "table", pg_get_constraintdef(oid) as says from pg_constraint
       where contype = 'c' and pg_get_constraintdef(oid) like '%''v1.%''%'`,
    );
    const wanted = rows.map(({ table, says }) => {
      const [, field] = /\(\(?(\w+) ~~/.exec(String(says)) ?? [];
      return `${String(table).replace("sqe.", "")}.${field}`;
    });
    expect(wanted.toSorted()).toEqual(listed);
  });

  test("names every column that is called a secret or a token, and is no hash", async () => {
    const rows = await server.rows(
      `select table_name || '.' || column_name as name from information_schema.columns
       where table_schema = 'sqe' and data_type in ('text', 'bytea', 'jsonb')
         and column_name ~ 'secret|token|password|credential' and column_name !~ '_hash$'`,
    );
    expect(rows.map(({ name }) => String(name)).toSorted()).toEqual(listed);
  });
});
