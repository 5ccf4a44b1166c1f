import { readFile } from "node:fs/promises";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { databaseUrl, drawSecrets, workerEnvironment } from "../../dev/stack/environment.ts";
import { openNeon } from "../../dev/stand-ins/neon.ts";
import { openRedis } from "../../dev/stand-ins/redis.ts";
import { seed, tenants } from "../../dev/stack/seed.ts";
import { openUpstash } from "../../dev/stand-ins/upstash.ts";
import { accounts } from "../../sandbox/accounts.ts";
import { openSandbox } from "../../sandbox/server.ts";
import { holdConversations } from "../simulate/support/conversations.ts";
import { openIssuer } from "./issuer.ts";
import { openTroubleProxy } from "./trouble-proxy.ts";

// A program: what the Worker under test talks to, real parts on free ports. It sends the Worker's variables on its
// channel and ends with its parent. Its argument: how many processes of tests run side by side.
const secrets = drawSecrets();
const migrationsDir = fileURLToPath(new URL("../../migrations", import.meta.url));
const [redis, neon, sandbox] = await Promise.all([
  openRedis(),
  openNeon({ migrationsDir, users: secrets.users }),
  openSandbox({ port: 0 }),
]);
process.on("disconnect", async () => {
  await redis.close();
  process.exit(0);
});
await seed(neon, secrets.vaultKeys);
const upstash = await openUpstash({ redisUrl: redis.url, token: secrets.upstashToken });
const issuer = await openIssuer();
const wrangler = await readFile(new URL("../../wrangler.toml", import.meta.url), "utf8");
const shared = {
  BRIDGE_SECRET_PREVIOUS: "the secret before the last rotation",
  // Read by the tests alone.
  TEST_PEOPLE: JSON.stringify({ alice: person("alice", 0), bob: person("bob", 0), carol: person("carol", 1) }),
  TEST_ISSUER: JSON.stringify(issuer),
  TEST_CONVERSATIONS: JSON.stringify(holdConversations(40, 1)),
  // TOML writes a list of texts as JSON does.
  TEST_WRANGLER: wrangler,
  TEST_SITE_FILES: JSON.stringify(
    JSON.parse(await readFile(new URL("../../dist/site.json", import.meta.url), "utf8")).files,
  ),
  TEST_CRONS: /^crons = (\[.*\])$/m.exec(wrangler)?.[1] ?? "[]",
};
process.send?.(await Promise.all(Array.from({ length: Number(process.argv[2]) }, variables)));

/**
 * The variables for the tests of one process. It has doors of its own to the stores, and a sandbox beside the common one:
 * what its tests break is broken for their own file alone.
 */
async function variables(): Promise<Record<string, string>> {
  const [upstashDoor, postgresDoor, ownSandbox] = await Promise.all([
    openTroubleProxy(upstash.url),
    openTroubleProxy(neon.url),
    openSandbox({ port: 0 }),
  ]);
  const addresses = {
    edge: "https://edge.example",
    sandbox: sandbox.url,
    postgres: postgresDoor.url,
    upstash: upstashDoor.url,
    redis: redis.url,
  };
  return {
    // All files ask as the same business units within a minute, and a Worker whose Redis is late has a tenth of this.
    ...workerEnvironment({ MCE_CALLS_PER_MINUTE: "600000" }, addresses, secrets),
    ...shared,
    TEST_ADMIN_DATABASE_URL: databaseUrl("postgres", addresses, secrets),
    TEST_OWN_SANDBOX_URL: ownSandbox.url,
  };
}

function person(sub: string, index: 0 | 1): Record<string, string | number> {
  const account = accounts[index];
  if (account === undefined) throw new Error(`Cannot seed ${sub}: the sandbox has no account ${index}`);
  const { id: tenant, connectionId: connection } = tenants[index];
  return { sub, tenant, mid: account.eid, eid: account.eid, connection };
}
