import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openDatabase } from "#db/database.ts";
import { takeLease } from "#db/grants.ts";
import { openVault, seal } from "#db/vault.ts";
import { userSignIn } from "#grants/user-sign-in.ts";
import { openMce } from "#mce/client.ts";
import { findFolders } from "#mce/soap/folder.ts";
import { openNeon, type Neon } from "../../dev/stand-ins/neon.ts";
import { seed } from "../../dev/stack/seed.ts";
import { openSandbox, type Sandbox } from "../../sandbox/server.ts";
import { mceDeps, platformWith } from "../support/platform.ts";
import { enterprise, openRefresher, signInAnn, tenantId, tokenRequests, vaultKeys } from "./support/shared-grant.ts";

const url = "postgres://sqe_app:app@db.local/postgres";
let neon: Neon;
let sandbox: Sandbox;

beforeAll(async () => {
  const migrationsDir = fileURLToPath(new URL("../../migrations", import.meta.url));
  [neon, sandbox] = await Promise.all([
    openNeon({ migrationsDir, users: { sqe_app: "app" } }),
    openSandbox({ port: 0 }),
  ]);
  await seed(neon, vaultKeys);
  await neon.query("insert into sqe.users (tenant_id, user_id) values ($1, '7000091')", [tenantId]);
});
afterAll(async () => {
  await neon.close();
  await sandbox.close();
});
// A used refresh token is refused at once: the hardest that Marketing Cloud may be.
beforeEach(async () => {
  await behave({ profile: "friendly", refreshGraceMs: 0 });
  await neon.query("delete from sqe.grants");
});

const db = () => openDatabase({ url, fetchEndpoint: neon.url });
const behave = (switches: object) =>
  fetch(`${sandbox.url}/sandbox/behaviours`, { method: "POST", body: JSON.stringify(switches) });

const here = () => ({ url, fetchEndpoint: neon.url, sandboxUrl: sandbox.url });
const signIn = (mid?: number) => signInAnn(here(), mid);
const refreshes = () => tokenRequests(sandbox.url);

const isDue = () => neon.query("update sqe.grant_tokens set refresh_at = now()");
const grantOf = async (id: string) =>
  (
    await neon.rows(
      "select version, lease_owner, revoked_at is not null as ended, mids from sqe.grants where id = $1",
      [id],
    )
  )[0];

function mceOf(grantId: string, mid = 7000001, platform = platformWith()) {
  const grants = { db: async () => db(), vault: () => openVault(vaultKeys), platform };
  const signIn = userSignIn(grants, { tenantId, grantId });
  return openMce({ connectionId: grantId, mid, ...enterprise }, mceDeps({ sandboxUrl: sandbox.url, signIn, platform }));
}

test("two processes that refresh at once make one refresh, although the old token is refused from then on", async () => {
  const grantId = await signIn();
  await isDue();
  const [one, other] = await Promise.all([openRefresher(here(), grantId), openRefresher(here(), grantId)]);
  await behave({ tokenDelayMs: 500 });
  const before = await refreshes();
  const tokens = await Promise.all([one(), other()]);
  expect(tokens[0]).toMatchObject({ accessToken: expect.any(String) });
  expect(tokens[1]).toEqual(tokens[0]);
  expect((await refreshes()) - before).toBe(1);
  expect(await grantOf(grantId)).toMatchObject({ version: 2, lease_owner: null, ended: false });
});

test("a token that is good for longer is shared without a call, and one that MCE has refused is not", async () => {
  const grantId = await signIn();
  const before = await refreshes();
  const mce = mceOf(grantId);
  await Promise.all([mce.signIn(), mceOf(grantId).signIn()]);
  expect((await refreshes()) - before).toBe(0);
  // Marketing Cloud forgets all access tokens: the next call gets 401, and a new token, in the middle of a run.
  await fetch(`${sandbox.url}/sandbox/tokens`, { method: "POST", body: JSON.stringify({ action: "expire" }) });
  expect((await findFolders(mce, { contentType: "dataextension" })).ok).toBe(true);
  expect((await refreshes()) - before).toBe(1);
});

test("a process that died with the lease leaves the old token, and the next one goes on when the lease has run out", async () => {
  const grantId = await signIn();
  await isDue();
  const place = { tenantId, grantId, mid: 7000001 };
  const lease = await takeLease(db(), await openVault(vaultKeys), place, { owner: randomUUID(), seen: 1 });
  expect(lease?.refreshTokens).toHaveLength(1);
  const waiting = mceOf(grantId).signIn();
  const early = await Promise.race([waiting, new Promise((resolve) => void setTimeout(resolve, 900, "waiting"))]);
  expect(early).toBe("waiting");
  await neon.query("update sqe.grants set lease_until = now() - interval '1 second'");
  expect((await waiting).ok).toBe(true);
  expect(await grantOf(grantId)).toMatchObject({ version: 2, lease_owner: null });
});

test("the token before the last is tried once within its grace", async () => {
  await behave({ refreshGraceMs: 300_000 });
  const grantId = await signIn();
  await isDue();
  await mceOf(grantId).signIn();
  // What was written down last is no token of Marketing Cloud's: only the one before can help.
  const vault = await openVault(vaultKeys);
  const wrong = await seal(vault, "lost", { table: "grants", tenantId, row: grantId, field: "refresh_token" });
  await neon.query("update sqe.grants set refresh_token = $1", [wrong]);
  await isDue();
  expect((await mceOf(grantId).signIn()).ok).toBe(true);
  expect(await grantOf(grantId)).toMatchObject({ version: 3, ended: false });
});

test("a consent that was withdrawn ends the grant without more calls, and signing in again heals it under the same id", async () => {
  const grantId = await signIn();
  await isDue();
  await behave({ refreshRefused: true });
  const refused = await mceOf(grantId).signIn();
  expect(refused).toMatchObject({ ok: false, error: { kind: "unauthorized" } });
  expect(await grantOf(grantId)).toMatchObject({ ended: true });
  const before = await refreshes();
  expect(await mceOf(grantId).signIn()).toMatchObject({ ok: false, error: { kind: "unauthorized" } });
  expect((await refreshes()) - before).toBe(0);
  await behave({ refreshRefused: false });
  expect(await signIn()).toBe(grantId);
  expect((await mceOf(grantId).signIn()).ok).toBe(true);
});

test("another business unit is a refresh for it, and is remembered; one that is refused ends nothing", async () => {
  const grantId = await signIn();
  expect((await mceOf(grantId, 7000012).signIn()).ok).toBe(true);
  expect(await grantOf(grantId)).toMatchObject({ version: 2 });
  const refused = await mceOf(grantId, 8000001).signIn();
  expect(refused).toMatchObject({ ok: false, error: { kind: "unauthorized", oauth: "invalid_request" } });
  expect(await grantOf(grantId)).toMatchObject({ lease_owner: null, ended: false });
  expect((await mceOf(grantId).signIn()).ok).toBe(true);
});
