import { fileURLToPath } from "node:url";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openNeonOfServer } from "../../dev/stand-ins/neon-of-server.ts";
import type { Server } from "../../dev/stand-ins/loopback-server.ts";
import { freePort } from "../../dev/stack/ports.ts";
import { openSandbox, type Sandbox } from "../../sandbox/server.ts";
import { migrate } from "../../scripts/migrations/migrate.ts";
import { openRealPostgres, postgresPrograms, type RealPostgres } from "../dev/support/real-postgres.ts";
import { openRefresher, signInAnn, tenantId, tokenRequests, type SharedAt } from "./support/shared-grant.ts";

const rounds = 3;
const processes = 3;

// The stand-in for Neon has one session; here each process has its own, so that their statements really cross.
describe.skipIf(postgresPrograms === undefined)("with a PostgreSQL server (skipped where it is not installed)", () => {
  let server: RealPostgres;
  let neon: Server;
  let sandbox: Sandbox;
  let admin: Client;
  let at: SharedAt;

  beforeAll(async () => {
    const port = await freePort();
    [server, sandbox] = await Promise.all([openRealPostgres(postgresPrograms ?? "", port), openSandbox({ port: 0 })]);
    neon = await openNeonOfServer({ server: { host: "127.0.0.1", port } });
    const { ownerUrl, adminUrl } = await server.createDatabase();
    const owner = new Client({ connectionString: ownerUrl });
    await owner.connect();
    await migrate(owner, fileURLToPath(new URL("../../migrations", import.meta.url))).finally(() => owner.end());
    admin = new Client({ connectionString: adminUrl });
    await admin.connect();
    await admin.query("alter role sqe_app password 'app'");
    await admin.query("insert into sqe.tenants (id, eid, name) values ($1, 7000001, 'A')", [tenantId]);
    await admin.query("insert into sqe.users (tenant_id, user_id) values ($1, '7000091')", [tenantId]);
    const { pathname } = new URL(adminUrl);
    at = { url: `postgres://sqe_app:app@db.local${pathname}`, fetchEndpoint: neon.url, sandboxUrl: sandbox.url };
  });
  afterAll(async () => {
    await admin.end();
    await neon.close();
    await Promise.all([server.close(), sandbox.close()]);
  });

  const behave = (switches: object) =>
    fetch(`${sandbox.url}/sandbox/behaviours`, { method: "POST", body: JSON.stringify(switches) });

  test(`${processes} processes that refresh at once make one refresh, ${rounds} times, although an old token is refused`, async () => {
    await behave({ profile: "friendly", refreshGraceMs: 0, tokenDelayMs: 200 });
    const grantId = await signInAnn(at);
    for (let round = 1; round <= rounds; round += 1) {
      await admin.query("update sqe.grant_tokens set refresh_at = now()");
      const before = await tokenRequests(sandbox.url);
      const all = await Promise.all(Array.from({ length: processes }, () => openRefresher(at, grantId)));
      const [first, ...others] = await Promise.all(all.map((begin) => begin()));
      expect(first).toMatchObject({ accessToken: expect.any(String) });
      for (const other of others) expect(other).toEqual(first);
      expect((await tokenRequests(sandbox.url)) - before).toBe(1);
      const { rows } = await admin.query("select version, lease_owner, revoked_at from sqe.grants where id = $1", [
        grantId,
      ]);
      expect(rows).toEqual([{ version: round + 1, lease_owner: null, revoked_at: null }]);
    }
  });
});
