import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { databaseUrl, drawSecrets, workerEnvironment } from "../../dev/stack/environment.ts";
import { openNeon } from "../../dev/stand-ins/neon.ts";
import { openRedis } from "../../dev/stand-ins/redis.ts";
import { seed, tenants } from "../../dev/stack/seed.ts";
import { openUpstash } from "../../dev/stand-ins/upstash.ts";
import { accounts } from "../../sandbox/accounts.ts";
import { openSandbox } from "../../sandbox/server.ts";
import { openIssuer } from "./issuer.ts";
import { openTroubleProxy } from "./trouble-proxy.ts";

// A program: what the Worker under test talks to, real parts on free ports. It sends the Worker's variables on its
// channel and ends with its parent.
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
const [redisDoor, postgresDoor] = await Promise.all([openTroubleProxy(upstash.url), openTroubleProxy(neon.url)]);
const issuer = await openIssuer();
const addresses = {
  edge: "https://edge.example",
  sandbox: sandbox.url,
  postgres: postgresDoor.url,
  upstash: redisDoor.url,
  redis: redis.url,
};
const wrangler = await readFile(new URL("../../wrangler.toml", import.meta.url), "utf8");
process.send?.({
  // One business unit serves every test file, all within a minute.
  ...workerEnvironment({ MCE_CALLS_PER_MINUTE: "6000" }, addresses, secrets),
  BRIDGE_SECRET_PREVIOUS: "the secret before the last rotation",
  // Read by the tests alone.
  TEST_PEOPLE: JSON.stringify({ alice: person("alice", 0), bob: person("bob", 0), carol: person("carol", 1) }),
  TEST_ISSUER: JSON.stringify(issuer),
  // TOML writes a list of texts as JSON does.
  TEST_WRANGLER: wrangler,
  TEST_SITE_FILES: JSON.stringify(
    JSON.parse(await readFile(new URL("../../dist/site.json", import.meta.url), "utf8")).files,
  ),
  TEST_CRONS: /^crons = (\[.*\])$/m.exec(wrangler)?.[1] ?? "[]",
  TEST_ADMIN_DATABASE_URL: databaseUrl("postgres", addresses, secrets),
});

function person(sub: string, index: 0 | 1): Record<string, string | number> {
  const account = accounts[index];
  if (account === undefined) throw new Error(`Cannot seed ${sub}: the sandbox has no account ${index}`);
  const { id: tenant, connectionId: connection } = tenants[index];
  return { sub, tenant, mid: account.eid, eid: account.eid, connection };
}
