import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { open, openVault } from "#db/vault.ts";
import { tempDir } from "../support/temp-dir.ts";
import { openNeon, type Neon } from "../../dev/stand-ins/neon.ts";
import { accounts } from "../../sandbox/accounts.ts";
import { openSandbox, type Sandbox } from "../../sandbox/server.ts";
import { writeEnvironment, writeStackFile } from "../../dev/stack/stack-files.ts";
import { openInstallation } from "../../scripts/admin/installation.ts";
import { addIssuer } from "../../scripts/admin/issuers.ts";
import { callAdmin } from "./support/admin.ts";

const vaultKeys = `k1:${Buffer.alloc(32, 7).toString("base64")}`;
const [account = expect.unreachable()] = accounts;
let server: Neon;
let sandbox: Sandbox;

beforeAll(async () => {
  const migrationsDir = fileURLToPath(new URL("../../migrations", import.meta.url));
  [server, sandbox] = await Promise.all([
    openNeon({ migrationsDir, users: { postgres: "admin" } }),
    openSandbox({ port: 0 }),
  ]);
});
afterAll(() => Promise.all([server.close(), sandbox.close()]));
beforeEach(async () => {
  for (const table of ["tenants", "invitations", "allowed_enterprises", "operator_keys"])
    await server.query(`delete from sqe.${table}`);
});

/** Runs one command. `answer` is what the person says when asked. */
const admin = (line: string, more?: { answer?: boolean; secret?: string }) =>
  callAdmin({ server, vaultKeys, sandboxUrl: sandbox.url }, line, more);

async function json<T>(line: string, more?: Parameters<typeof admin>[1]): Promise<T> {
  return JSON.parse((await admin(`--json ${line}`, more)).printed) as T;
}

type Id = { id: string };
const create = (words = "") => json<Id>(`tenants create --eid 7000001 --name "Enterprise A" ${words}`);
const count = async (table: string) => (await server.rows(`select from sqe.${table}`)).length;

describe("npm run admin -- tenants", () => {
  test("makes one, finds it by id, EID and slug, and lists what each has", async () => {
    const { id } = await create("--slug northern-trail");
    for (const named of [id, "7000001", "northern-trail"])
      expect((await admin(`mcp ${named} on`)).printed).toBe('MCP is on for "Enterprise A"');
    const list = await json<object[]>("tenants list");
    expect(list).toEqual([
      expect.objectContaining({ id, eid: 7000001, slug: "northern-trail", mcp: true, people: 0, runs: 0 }),
    ]);
    await expect(create()).rejects.toThrow("has one already");
    const entries = await server.rows("select action, actor, detail from sqe.audit_log");
    expect(entries[0]).toEqual({ action: "mcp", actor: "operator", detail: { on: true } });
  });

  test("removes one only when somebody says yes, after it said what goes", async () => {
    const { id } = await create();
    await server.query("insert into sqe.users (tenant_id, user_id) values ($1, 'ann')", [id]);
    await expect(admin(`tenants remove ${id}`)).rejects.toThrow("Nothing was deleted");
    expect(await count("users")).toBe(1);
    const { said, printed } = await admin(`tenants remove ${id}`, { answer: true });
    expect(said).toMatch(/"Enterprise A" \(EID 7000001\) goes, with its audit log and 1 people, 0 connections/);
    expect([printed, await count("users"), await count("tenants")]).toEqual([`deleted tenant ${id}`, 0, 0]);
    await expect(admin(`tenants remove ${id} --yes`)).rejects.toThrow(`There is no tenant "${id}"`);
  });
});

describe("npm run admin -- invitations, enterprises", () => {
  test("makes a link that Postgres knows by hash alone, and takes it back", async () => {
    const made = await json<Id & { code: string; link: string }>("invitations create --eid 5 --administrator --days 3");
    expect(made.link).toBe(`https://sqe.example/auth/login?invitation=${made.code}`);
    const [, secret = ""] = made.code.split(".");
    const hash = createHash("sha256").update(secret).digest("hex");
    const rows = await server.rows(
      "select secret_hash, makes_administrator as admin, round(extract(epoch from expires_at - now()) / 86400)::int as days from sqe.invitations",
    );
    expect(rows).toEqual([{ secret_hash: hash, admin: true, days: 3 }]);
    expect((await admin("invitations list")).printed).not.toContain(secret);
    await admin(`invitations revoke ${made.id}`);
    await expect(admin(`invitations revoke ${made.id}`)).rejects.toThrow("no unused invitation");
    const used = await json<Id>("invitations create");
    await server.query("update sqe.invitations set used_at = now() where id = $1", [used.id]);
    await expect(admin(`invitations revoke ${used.id}`)).rejects.toThrow("no unused invitation");
  });

  test("keeps the list of enterprises that may come in", async () => {
    await admin('enterprises allow 7000001 --note "contract 12"');
    expect((await admin("enterprises list")).printed).toMatch(/^eid 7000001 {2}note contract 12 {2}created_at /);
    await admin("enterprises disallow 7000001");
    expect((await admin("enterprises list")).printed).toBe("no enterprise is on the list");
    await expect(admin("enterprises disallow 7000001")).rejects.toThrow("is not on the list");
  });
});

describe("npm run admin -- connect", () => {
  const words = `connect --name "Enterprise A" --eid 7000001 --mid 7000001,7000011 --subdomain ${account.subdomain} --client-id ${account.clientId}`;

  test("tries the package, and seals its secret", async () => {
    await expect(admin(words, { secret: "wrong" })).rejects.toThrow(
      /business unit 7000001: Marketing Cloud gives no token/,
    );
    expect(await count("connections")).toBe(0);
    const { printed } = await admin(words, { secret: account.clientSecret });
    const [, tenantId = "", row = ""] = /tenant (\S+), connection (\S+)$/.exec(printed) ?? [];
    const [sealed] = await server.rows("select client_secret as text from sqe.connections");
    const place = { table: "connections", tenantId, row, field: "client_secret" };
    expect(await open(await openVault(vaultKeys), String(sealed?.["text"]), place)).toBe(account.clientSecret);
    const again = await admin(words.replace("--mid ", "--mids "), { secret: account.clientSecret });
    expect(again.printed).toBe(printed);
    await expect(admin(words)).rejects.toThrow("no client secret");
  });
});

describe("npm run admin -- keys, operator-keys, user, issuers", () => {
  beforeEach(async () => {
    const { id } = await create();
    await server.query(
      `insert into sqe.connections (id, tenant_id, eid, mids, subdomain, client_id, client_secret)
       values (gen_random_uuid(), $1, 7000001, '{7000001,7000011}', 'mcx', 'x', 'v1.x')`,
      [id],
    );
  });

  test("makes a key for a user, lists it without its secret, and revokes it", async () => {
    const made = await json<Id & { key: string; mid: number }>(
      "keys create --user ann --mid 7000011 --days 2 --scopes runs:read",
    );
    expect([made.mid, made.key]).toEqual([7000011, expect.stringMatching(`^sqe_dev_${made.id}_`)]);
    const [row] = await server.rows("select key_hash, scopes, user_id from sqe.api_keys");
    const key_hash = createHash("sha256").update(made.key).digest("hex");
    expect(row).toEqual({ key_hash, scopes: ["runs:read"], user_id: "ann" });
    expect((await admin("keys list --tenant 7000001")).printed).toMatch(new RegExp(`^id ${made.id} {2}user ann`));
    await admin(`keys revoke ${made.id}`);
    expect((await admin("keys list --tenant 7000001")).printed).toBe("it has no key");
    await expect(admin(`keys revoke ${made.id}`)).rejects.toThrow("no key");
    await expect(admin("keys create --user ann --mid 5")).rejects.toThrow("no connection for it");
    await admin("keys create --user ann");
    const [usual] = await server.rows("select scopes from sqe.api_keys where revoked_at is null");
    expect(usual).toEqual({ scopes: ["runs:read", "runs:write", "runs:target", "tables:read"] });
  });

  test("makes and revokes an operator's key", async () => {
    const { printed } = await admin("operator-keys create --name ops");
    const [, id] = /^sqeop_dev_(\w{8})_\w{38}$/.exec(printed) ?? [];
    await admin(`operator-keys revoke ${id}`);
    expect((await admin("operator-keys list")).printed).toMatch(new RegExp(`^id ${id} {2}name ops.* revoked_at `));
  });

  test("removes all of one person, and nothing of another", async () => {
    const [tenant] = await server.rows("select id from sqe.tenants");
    const id = tenant?.["id"];
    for (const user of ["ann", "ben"]) {
      await server.query("insert into sqe.users (tenant_id, user_id) values ($1, $2)", [id, user]);
      await admin(`keys create --user ${user}`);
      await server.query(
        `insert into sqe.runs (id, tenant_id, user_id, mid, version, status, created_at, view)
         values (md5($2)::text || '', $1, $2, 1, 1, 'ready', now(), '{}')`.replace(
          "md5($2)::text || ''",
          "left(md5($2), 30)",
        ),
        [id, user],
      );
      await server.query(
        `insert into sqe.grants (id, tenant_id, user_id, eid, mids, subdomain, client_id, refresh_token)
         values (gen_random_uuid(), $1, $2, 1, '{1}', 'mcx', 'x', 'v1.x')`,
        [id, user],
      );
    }
    const { said } = await admin("user remove ann --tenant 7000001 --yes");
    expect(said).toContain("1 runs, 0 of them alive, 1 keys, 1 grants, 0 sessions");
    for (const table of ["users", "runs", "api_keys", "grants"])
      expect([table, (await server.rows(`select user_id from sqe.${table}`)).map((row) => row["user_id"])]).toEqual([
        table,
        ["ben"],
      ]);
    const [entry] = await server.rows("select action, actor, detail from sqe.audit_log where action = 'user-removed'");
    expect(entry).toEqual({ action: "user-removed", actor: "operator", detail: { user: "ann" } });
    await server.query("update sqe.runs set status = 'running'");
    await expect(admin("user remove ben --tenant 7000001 --yes")).rejects.toThrow("1 runs are not over");
  });

  test("trusts an issuer, and no longer", async () => {
    const words = "issuers add --tenant 7000001 --issuer https://ide.example --audience sqe --jwks";
    await admin(`${words} https://ide.example/keys`);
    await expect(admin(`${words} ftp://ide.example/keys`)).rejects.toThrow("must begin with https://");
    const plain = { tenantId: "t", issuer: "i", audience: "a", jwks: "http://ide.example/keys" };
    const outside = addIssuer({ query: () => expect.unreachable(), end: () => Promise.resolve() }, plain, false);
    await expect(outside).rejects.toThrow("must begin with https://");
    const [{ id } = expect.unreachable()] = await json<Id[]>("issuers list --tenant 7000001");
    await admin(`issuers remove ${id}`);
    expect((await admin("issuers list --tenant 7000001")).printed).toBe("it trusts no issuer");
  });
});

test("openInstallation() finds the local stack that runs, and asks its Postgres over HTTP", async () => {
  const dir = await tempDir();
  const url = "http://127.0.0.1:1";
  const neonAdmin = "postgres://postgres:admin@127.0.0.1/postgres";
  const tokens = { alice: "", bob: "", operator: "" };
  const rest = { edge: url, upstash: url, redis: "", neon: neonAdmin, upstashToken: "", tokens };
  await writeStackFile(dir, { ...rest, neonAdmin, neonHttp: server.url });
  await writeEnvironment(dir, "worker", { SQE_ENV: "development", VAULT_KEYS: vaultKeys });
  const places = { setUpDir: dir, stackDir: dir, ownerUrl: undefined };
  const { owner, ...installation } = await openInstallation(places, "administer");
  expect(installation).toEqual({ environment: "development", vaultKeys, edgeUrl: url });
  await owner.query("insert into sqe.allowed_enterprises (eid, note) values ($1, $2)", [7, null]);
  expect((await owner.query("select eid::text from sqe.allowed_enterprises")).rows).toEqual([{ eid: "7" }]);
  await expect(openInstallation({ ...places, stackDir: await tempDir() }, "administer")).rejects.toThrow(
    "Cannot administer: DATABASE_OWNER_URL is missing",
  );
});

test("npm run admin -- --help lists the commands, and a wrong word is told", async () => {
  await expect(admin("--help")).rejects.toMatchObject({ exitCode: 0 });
  await expect(admin("tenants create --eid none --name x")).rejects.toThrow(/positive whole number/);
});
