import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { open, openVault } from "#db/vault.ts";
import { openNeon, type Neon } from "../../dev/stand-ins/neon.ts";
import { accounts } from "../../sandbox/accounts.ts";
import { openSandbox, type Sandbox } from "../../sandbox/server.ts";
import { callAdmin, type Said } from "./support/admin.ts";

const vaultKeys = `k1:${Buffer.alloc(32, 7).toString("base64")}`;
const [account = expect.unreachable(), other = expect.unreachable()] = accounts;
let server: Neon;
let sandbox: Sandbox;
let id: string;

beforeAll(async () => {
  const migrationsDir = fileURLToPath(new URL("../../migrations", import.meta.url));
  [server, sandbox] = await Promise.all([
    openNeon({ migrationsDir, users: { postgres: "admin" } }),
    openSandbox({ port: 0 }),
  ]);
});
afterAll(() => Promise.all([server.close(), sandbox.close()]));
beforeEach(async () => {
  await server.query("delete from sqe.tenants");
  const created = await admin('--json tenants create --eid 7000001 --name "Enterprise A"');
  ({ id } = JSON.parse(created.printed) as { id: string });
});

const admin = (line: string, more?: { answer?: boolean; secret?: string }): Promise<Said> =>
  callAdmin({ server, vaultKeys, sandboxUrl: sandbox.url }, line, more);
const json = async <T>(line: string): Promise<T> => JSON.parse((await admin(`--json ${line}`)).printed) as T;
const packages = () =>
  json<{ id: string; client: string; counts: boolean; people: number }[]>("packages list --tenant 7000001");

describe("npm run admin -- packages", () => {
  const add = `packages add --tenant 7000001 --client-id ${account.clientId}`;
  const secret = { secret: account.clientSecret };

  test("tries a package, and seals its secret for its own row", async () => {
    await expect(admin(add, secret)).rejects.toThrow('"Enterprise A" has no sub-domain yet: say --subdomain');
    const there = `${add} --subdomain ${account.subdomain}`;
    await expect(admin(there)).rejects.toThrow("no client secret");
    await expect(admin(there, { secret: "wrong" })).rejects.toThrow(
      /refuses the connection's credentials.*invalid_client/,
    );
    expect([await packages(), (await server.rows("select subdomain from sqe.tenants"))[0]]).toEqual([
      [],
      { subdomain: null },
    ]);
    const { printed, said } = await admin(there, secret);
    expect(said).toContain("Marketing Cloud takes the id and the secret");
    const [, row = ""] = /sign in at mcsandbox-enterprise-a000001 with package (\S+)$/.exec(printed) ?? [];
    const [found] = await server.rows("select * from sqe.find_sign_in(null, $1)", [account.subdomain]);
    expect(found).toMatchObject({ tenant_id: id, package_id: row, client_id: account.clientId });
    const place = { table: "packages", tenantId: id, row, field: "client_secret" };
    const sealed = String(found?.["client_secret"]);
    expect(await open(await openVault(vaultKeys), sealed, place)).toBe(account.clientSecret);
    // The tenant's sub-domain is known now, and stays.
    await expect(admin(`${add} --subdomain mcother`, secret)).rejects.toThrow("a package counts there only");
    expect((await admin(add, secret)).printed).toBe(printed);
    const noted = await server.rows("select action, actor from sqe.audit_log");
    expect(noted).toEqual(Array.from({ length: 2 }, () => ({ action: "package-added", actor: "operator" })));
  });

  test("says which one counts: the one that was added last", async () => {
    await admin(`${add} --subdomain ${account.subdomain}`, secret);
    const narrow = account.others.find(({ clientId }) => clientId === "sandbox-narrow-a") ?? expect.unreachable();
    await admin(`packages add --tenant ${id} --client-id ${narrow.clientId}`, { secret: narrow.clientSecret ?? "" });
    const counting = async () => (await packages()).map(({ client, counts }) => [client, counts]);
    expect(await counting()).toEqual([
      [narrow.clientId, true],
      [account.clientId, false],
    ]);
    await admin(add, secret);
    expect(await counting()).toEqual([
      [account.clientId, true],
      [narrow.clientId, false],
    ]);
  });

  test("removes one only when somebody says yes, after it said whose sign-in ends", async () => {
    await admin(`${add} --subdomain ${account.subdomain}`, secret);
    const [{ id: row } = expect.unreachable()] = await packages();
    await server.query("insert into sqe.users (tenant_id, user_id) values ($1, 'ann')", [id]);
    await server.query(
      `insert into sqe.grants (id, tenant_id, user_id, eid, mids, package_id, subdomain, client_id, refresh_token)
       values (gen_random_uuid(), $1, 'ann', 1, '{1}', $2, 'mcx', 'x', 'v1.x')`,
      [id, row],
    );
    await expect(admin(`packages remove ${row}`)).rejects.toThrow("Nothing was removed");
    expect(await packages()).toMatchObject([{ people: 1 }]);
    const { said, printed } = await admin(`packages remove ${row}`, { answer: true });
    expect([said, printed]).toEqual([expect.stringContaining('1 people of "Enterprise A"'), `removed package ${row}`]);
    expect(await server.rows("select from sqe.grants")).toEqual([]);
    expect((await admin("packages list --tenant 7000001")).printed).toBe("it has no package of its own");
    await expect(admin(`packages remove ${row} --yes`)).rejects.toThrow(`There is no package "${row}"`);
  });
});

describe("npm run admin -- slug", () => {
  test("gives a tenant its address, changes it, and takes it; no two have the same", async () => {
    expect((await admin("slug 7000001 north")).printed).toMatch(
      /^https:\/\/sqe\.example\/t\/north\nit has no sub-domain/,
    );
    await server.query("update sqe.tenants set subdomain = $1", [account.subdomain]);
    expect((await admin("slug north northern-trail")).printed).toBe("https://sqe.example/t/northern-trail");
    const [found] = await server.rows("select subdomain from sqe.find_sign_in('northern-trail', null)");
    expect(found).toEqual({ subdomain: account.subdomain });
    await admin(`tenants create --eid ${other.eid} --name Other`);
    await expect(admin(`slug ${other.eid} northern-trail`)).rejects.toThrow("Another tenant has the slug");
    expect((await admin("slug northern-trail --clear")).printed).toBe('"Enterprise A" has no address of its own');
    expect(await json("tenants list")).toMatchObject([{ slug: null, subdomain: account.subdomain }, { name: "Other" }]);
    await admin(`slug ${other.eid} northern-trail`);
    for (const line of ["slug 7000001", "slug 7000001 north --clear"])
      await expect(admin(line)).rejects.toThrow("Say a slug, or --clear");
    await expect(admin("slug 7000001 Northern")).rejects.toThrow("small letters, digits and hyphens");
  });
});
