import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { accounts } from "../../sandbox/accounts.ts";
import { openSandbox, type Sandbox } from "../../sandbox/server.ts";
import { migrate } from "../../scripts/migrations/migrate.ts";
import { freePort } from "../../dev/stack/ports.ts";
import { tempDir } from "../support/temp-dir.ts";
import { openRealPostgres, postgresPrograms, type RealPostgres } from "./support/real-postgres.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const [account = expect.unreachable()] = accounts;

// The owner of these databases is no superuser, as at Neon: row level security binds it.
describe.skipIf(postgresPrograms === undefined)("with a PostgreSQL server (skipped where it is not installed)", () => {
  let server: RealPostgres;
  let sandbox: Sandbox;
  let env: Record<string, string>;

  beforeAll(async () => {
    server = await openRealPostgres(postgresPrograms ?? "", await freePort());
    sandbox = await openSandbox();
    const { networkUrl = "" } = await server.createDatabase();
    const owner = new Client({ connectionString: networkUrl });
    await owner.connect();
    await migrate(owner, join(root, "migrations")).finally(() => owner.end());
    env = {
      SQE_SETUP_DIR: await tempDir(),
      DATABASE_OWNER_URL: networkUrl,
      SQE_ENV: "rehearsal",
      NEON_FETCH_ENDPOINT: "http://127.0.0.1:1/sql",
      MCE_SANDBOX_URL: sandbox.url,
      REDIS_URL: "redis://:pass-r@127.0.0.1:6379",
      UPSTASH_REDIS_REST_URL: "http://127.0.0.1:2",
      UPSTASH_REDIS_REST_TOKEN: "token-u",
      EDGE_URL: "http://127.0.0.1:3",
    };
    expect((await command("setup")).code).toBe(0);
  });
  afterAll(() => Promise.all([server.close(), sandbox.close()]));

  /** Runs a command of `scripts` with the given variables only. */
  function command(name: string, words: readonly string[] = [], more: Record<string, string> = {}) {
    const variables = { PATH: process.env["PATH"], HOME: process.env["HOME"], ...env, ...more };
    const path = join(root, "scripts", `${name}.ts`);
    return new Promise<{ code: number; said: string; printed: string }>((resolve) => {
      execFile(process.execPath, ["--no-warnings", path, ...words], { env: variables }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), said: stdout + stderr, printed: stdout });
      });
    });
  }

  async function admin(line: string, more: Record<string, string> = {}): Promise<Record<string, unknown>> {
    const { code, said, printed } = await command("admin", ["--json", ...line.split(" ")], more);
    expect([code, said], line).toEqual([0, expect.anything()]);
    return JSON.parse(printed) as Record<string, unknown>;
  }

  it("an owner who is no superuser does all that npm run admin offers", async () => {
    await admin("tenants create --eid 7000001 --name A --slug north");
    const words = `connect --name A --eid 7000001 --mid 7000001 --subdomain ${account.subdomain} --client-id ${account.clientId}`;
    const { tenantId } = await admin(words, { MCE_CLIENT_SECRET: account.clientSecret });
    expect(await admin("mcp north on")).toEqual({ tenant: tenantId, mcp: true });
    expect(await admin("slug north northern")).toMatchObject({ link: "http://127.0.0.1:3/t/northern" });
    const own = `packages add --tenant northern --client-id ${account.clientId} --subdomain ${account.subdomain}`;
    const { id } = await admin(own, { MCE_CLIENT_SECRET: account.clientSecret });
    expect(await admin("packages list --tenant northern")).toMatchObject([{ id, counts: true, people: 0 }]);
    await admin(`packages remove ${String(id)} --yes`);
    await admin("slug northern north");
    expect((await admin("invitations create --eid 5"))["link"]).toMatch(
      /^http:\/\/127.0.0.1:3\/auth\/login\?invitation=/,
    );
    expect(await admin("invitations list")).toHaveLength(1);
    await admin("enterprises allow 5");
    expect(await admin("enterprises list")).toHaveLength(1);
    await admin("issuers add --tenant north --issuer i --audience a --jwks https://ide.example/keys");
    expect(await admin("issuers list --tenant north")).toHaveLength(1);
    const key = await admin("keys create --user ann");
    expect(key["key"]).toMatch(/^sqe_test_/);
    expect(await admin("keys list --tenant north")).toHaveLength(1);
    await admin(`keys revoke ${String(key["id"])}`);
    const operator = await admin("operator-keys create --name ops");
    await admin(`operator-keys revoke ${String(operator["id"])}`);
    expect((await command("token", ["--user", "ann"])).printed).toMatch(/^sqe_test_\w{8}_\w{38}\n$/);
    expect(await admin("user remove ann --tenant north --yes")).toMatchObject({ removed: "ann", keys: 2 });
    expect(await admin("tenants list")).toMatchObject([{ connections: 1, mcp: true, keys: 0 }]);
  });

  it("npm run vault:rotate counts what it seals anew, and nothing the second time", async () => {
    expect((await command("setup", ["--rotate", "VAULT_KEYS"])).code).toBe(0);
    expect((await command("vault-rotate")).said).toBe('sealed 1 texts anew with key "k2"\n');
    expect((await command("vault-rotate")).said).toBe('sealed 0 texts anew with key "k2"\n');
  });

  it("a tenant goes only when somebody says yes", async () => {
    const { code, said } = await command("admin", ["tenants", "remove", "north"]);
    expect([code, said]).toEqual([
      1,
      expect.stringMatching(/"A" \(EID 7000001\) goes.*1 connections[^]*Nothing was deleted/),
    ]);
    await admin("tenants remove north --yes");
    expect(await admin("tenants list")).toEqual([]);
  });
});
