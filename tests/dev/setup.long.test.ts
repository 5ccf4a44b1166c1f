import { execFile } from "node:child_process";
import { readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openVault, open } from "#db/vault.ts";
import { accounts } from "../../sandbox/accounts.ts";
import { openSandbox, type Sandbox } from "../../sandbox/server.ts";
import { readEnvFile } from "../../scripts/setup/env-file.ts";
import { migrate } from "../../scripts/migrations/migrate.ts";
import { freePort } from "../../dev/stack/ports.ts";
import { tempDir } from "../support/temp-dir.ts";
import { openCloudflare, type Cloudflare } from "./support/cloudflare.ts";
import { openRealPostgres, postgresPrograms, type RealPostgres } from "./support/real-postgres.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const [account = expect.unreachable()] = accounts;

type Ended = { code: number; said: string };

/** Runs a command of `scripts` with the given variables only. */
function command(name: string, env: Record<string, string>, ...words: string[]): Promise<Ended> {
  const variables = { PATH: process.env["PATH"], HOME: process.env["HOME"], ...env };
  return new Promise((resolve) => {
    const path = join(root, "scripts", `${name}.ts`);
    execFile(process.execPath, ["--no-warnings", path, ...words], { env: variables }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), said: stdout + stderr });
    });
  });
}

describe.skipIf(postgresPrograms === undefined)("with a PostgreSQL server (skipped where it is not installed)", () => {
  let server: RealPostgres;
  let cloudflare: Cloudflare;
  let sandbox: Sandbox;
  let ownerUrl: string;
  let dir: string;
  let variables: Record<string, string>;

  beforeAll(async () => {
    if (postgresPrograms === undefined) return;
    server = await openRealPostgres(postgresPrograms, await freePort());
    [cloudflare, sandbox] = await Promise.all([openCloudflare(), openSandbox()]);
  });
  afterAll(async () => {
    await Promise.all([server.close(), cloudflare.close(), sandbox.close()]);
  });
  beforeEach(async () => {
    ({ networkUrl: ownerUrl = "" } = await server.createDatabase());
    dir = await tempDir();
    cloudflare.calls.length = 0;
    variables = {
      ...cloudflare.environment,
      SQE_SETUP_DIR: dir,
      DATABASE_OWNER_URL: ownerUrl,
      REDIS_URL: "rediss://default:pass-r@eu.upstash.io:6379",
      UPSTASH_REDIS_REST_URL: "https://eu.upstash.io",
      UPSTASH_REDIS_REST_TOKEN: "token-u",
      EDGE_URL: "https://sqe.example",
    };
  });

  const setUp = (more: Record<string, string> = {}, ...words: string[]) =>
    command("setup", { ...variables, ...more }, ...words);
  const files = async () => ({
    worker: await readEnvFile(join(dir, "worker.env")),
    bridge: await readEnvFile(join(dir, "bridge.env")),
  });
  const asOwner = async <T>(work: (owner: Client) => Promise<T>): Promise<T> => {
    const owner = new Client({ connectionString: ownerUrl });
    await owner.connect();
    return work(owner).finally(() => owner.end());
  };
  const migrated = () => asOwner((owner) => migrate(owner, join(root, "migrations")));
  /** Who Postgres says logs in with an address. */
  const login = async (url: string | undefined): Promise<string> => {
    const client = new Client({ connectionString: url ?? "" });
    await client.connect();
    const { rows } = await client.query<{ who: string }>("select current_user as who").finally(() => client.end());
    return rows[0]?.who ?? "";
  };
  const given = () =>
    cloudflare.calls.filter(({ method }) => method === "PATCH").map(({ body }) => JSON.parse(body) as unknown);

  it("npm run setup makes all secrets, sets the roles' passwords, and gives the Worker its secrets; it prints none", async () => {
    await migrated();
    const { code, said } = await setUp();
    expect([code, said]).toEqual([0, expect.stringContaining("gave the Worker 7 secrets")]);
    const { worker, bridge } = await files();
    expect(
      await Promise.all(
        [worker["DATABASE_URL"], worker["DATABASE_SYSTEM_URL"], bridge["DATABASE_SWEEPER_URL"]].map(login),
      ),
    ).toEqual(["sqe_app", "sqe_system", "sqe_sweeper"]);
    for (const name of ["worker.env", "bridge.env"]) expect((await stat(join(dir, name))).mode & 0o777).toBe(0o600);
    const texts = Object.entries(worker).map(([name, text]) => [name, { name, text, type: "secret_text" }]);
    expect(given()).toEqual([{ secrets: Object.fromEntries(texts) }]);
    const secrets = Object.values({ ...worker, ...bridge }).filter((value) => value !== variables["EDGE_URL"]);
    expect(secrets.filter((secret) => said.includes(secret))).toEqual([]);
  });

  it("npm run setup keeps everything the next time, and names what it keeps", async () => {
    await migrated();
    await setUp();
    const before = await files();
    const { code, said } = await setUp();
    expect([code, said]).toEqual([0, expect.stringMatching(/^kept BRIDGE_SECRET, VAULT_KEYS, .*\nwrote /)]);
    expect(await files()).toEqual(before);
    expect(given()[1]).toEqual(given()[0]);
  });

  it("npm run setup -- --rotate gives a role another password, and the Worker both bridge secrets until one is retired", async () => {
    await migrated();
    await setUp();
    const before = (await files()).worker;
    expect((await setUp({}, "--rotate", "DATABASE_URL", "--rotate", "BRIDGE_SECRET")).said).toContain(
      "restart the bridges",
    );
    const { worker } = await files();
    await expect(login(before["DATABASE_URL"])).rejects.toThrow("password authentication failed");
    expect(await login(worker["DATABASE_URL"])).toBe("sqe_app");
    expect(worker["BRIDGE_SECRET_PREVIOUS"]).toBe(before["BRIDGE_SECRET"]);
    await setUp({}, "--retire", "BRIDGE_SECRET");
    expect(given().at(-1)).toMatchObject({ secrets: { BRIDGE_SECRET_PREVIOUS: null } });
  });

  it("npm run setup says what to do when it cannot", async () => {
    expect(await setUp()).toEqual({
      code: 1,
      said: expect.stringMatching(/^Cannot set up: the database lacks migration \w+; run npm run migrate first\n$/),
    });
    await migrated();
    const { DATABASE_OWNER_URL: _owner, ...rest } = variables;
    expect((await command("setup", rest)).said).toMatch(/\n {2}DATABASE_OWNER_URL {2}the database's address .*Neon: /);
    expect((await setUp({ DATABASE_OWNER_URL: ownerUrl.replace("@", "x@") })).said).toMatch(
      /^Cannot reach the database/,
    );
    expect((await setUp({ REDIS_URL: "redis://:a$b@h" })).said).toMatch(/^Cannot write REDIS_URL: .*(?!a\$b)/);
    expect((await setUp({}, "--rotate", "TEA")).said).toMatch(
      /^Cannot rotate "TEA": this can be rotated: BRIDGE_SECRET/,
    );
    const alone = await setUp({ CLOUDFLARE_API_TOKEN: "", CLOUDFLARE_API_KEY: "", HOME: dir, XDG_CONFIG_HOME: dir });
    expect(alone.code).toBe(1);
    expect(alone.said).toMatch(/Cannot give the Worker its secrets: .*CLOUDFLARE_API_TOKEN[^]*run npm run setup again/);
    expect(await login((await files()).worker["DATABASE_URL"])).toBe("sqe_app");
  });

  it("npm run setup -- --files-only calls no wrangler, and a rehearsal neither", async () => {
    await migrated();
    expect((await setUp({}, "--files-only")).said).toContain("gave the Worker nothing: --files-only");
    const standIns = { NEON_FETCH_ENDPOINT: "http://127.0.0.1:1/sql", MCE_SANDBOX_URL: "http://127.0.0.1:2" };
    const { said } = await setUp({ SQE_ENV: "rehearsal", ...standIns });
    expect(said).toContain("gave the Worker nothing: this is a rehearsal; npx wrangler dev --env-file ");
    expect(cloudflare.calls).toEqual([]);
  });

  it("npm run setup refuses another jurisdiction than the one that was chosen first", async () => {
    await migrated();
    expect((await setUp({ SQE_JURISDICTION: "eu" }, "--files-only")).code).toBe(0);
    expect(await setUp({ SQE_JURISDICTION: "" }, "--files-only")).toEqual({
      code: 1,
      said: 'Cannot set up: the runs of this database live in jurisdiction "eu", not "none"; set SQE_JURISDICTION=eu\n',
    });
    expect((await setUp({}, "--files-only")).code).toBe(0);
  });

  it("npm run connect stores a sealed secret that MCE takes, and npm run setup then guards the keys that opened it", async () => {
    await migrated();
    const standIns = { NEON_FETCH_ENDPOINT: "http://127.0.0.1:1/sql", MCE_SANDBOX_URL: sandbox.url };
    await setUp({ SQE_ENV: "rehearsal", ...standIns });
    const words = ["--name", account.name, "--eid", String(account.eid), "--mids", account.mids.join(",")];
    words.push("--subdomain", account.subdomain, "--client-id", account.clientId);
    const connect = (secret: string) =>
      command("admin", { ...variables, MCE_CLIENT_SECRET: secret }, "connect", ...words);
    expect(await connect("wrong")).toMatchObject({
      code: 1,
      said: expect.stringMatching(/^Cannot connect: business unit 7000001: /),
    });
    const [first, second] = [await connect(account.clientSecret), await connect(account.clientSecret)];
    expect([first.code, first.said]).toEqual([
      0,
      expect.stringMatching(/^connected Enterprise A: tenant \S+, connection \S+\n/),
    ]);
    expect(second.said).toBe(first.said);

    const { worker } = await files();
    const [row] = (await asOwner((owner) => owner.query("select * from sqe.connections"))).rows as Record<
      string,
      string
    >[];
    const place = {
      table: "connections",
      tenantId: row?.["tenant_id"] ?? "",
      row: row?.["id"] ?? "",
      field: "client_secret",
    };
    expect(await open(await openVault(worker["VAULT_KEYS"] ?? ""), row?.["client_secret"] ?? "", place)).toBe(
      account.clientSecret,
    );

    const keys = worker["VAULT_KEYS"] ?? "";
    await Promise.all(["worker.env", "bridge.env"].map((name) => rm(join(dir, name))));
    expect((await setUp()).said).toMatch(/^Cannot set up: the database has connections, but the keys that sealed/);
    expect((await setUp({ VAULT_KEYS: keys }, "--files-only")).code).toBe(0);
    expect((await readFile(join(dir, "bridge.env"), "utf8")).includes(`VAULT_KEYS=${keys}\n`)).toBe(true);
  });
});
