import { neon, neonConfig } from "@neondatabase/serverless";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openMce } from "#mce/client.ts";
import { createDataExtension } from "#mce/soap/data-extension.ts";
import { findFolders } from "#mce/soap/folder.ts";
import { folderName } from "#run/names.ts";
import { accounts } from "../../sandbox/accounts.ts";
import { tenants } from "../../dev/stack/seed.ts";
import { mceDeps } from "../support/platform.ts";
import { openPerson, type Person } from "./support/person.ts";
import { startStack, type TestStack } from "./support/stack.ts";

const mid = 7000012;
const [{ id: tenantId }] = tenants;
const sql = "SELECT TOP 3 CustomerKey FROM Customers ORDER BY CustomerKey";
let stack: TestStack;
let ann: Person;

beforeAll(async () => {
  stack = await startStack({ SANDBOX_DURATION_MS: "1500" });
  // Nothing but a person's consent can sign in.
  await admin(`delete from sqe.connections`);
  ann = openPerson(stack, "ann@enterprise-a.example.com");
  await ann.signIn(7000001);
});
afterAll(() => stack.stop());

function admin(statement: string) {
  neonConfig.fetchEndpoint = () => stack.neonHttp;
  return neon(stack.neonAdmin).query(statement);
}
const sandbox = (path: string, body: object) =>
  fetch(`${stack.sandbox}/sandbox/${path}`, { method: "POST", body: JSON.stringify(body) });

/** Leaves a table in our folder of the business unit, as a run of 25 hours ago would have. */
async function leave(customerKey: string): Promise<void> {
  const { eid, subdomain, clientId, clientSecret } = accounts[0] ?? expect.unreachable();
  const access = { connectionId: clientId, mid, eid, subdomain, clientId, clientSecret };
  const mce = openMce(access, mceDeps({ sandboxUrl: stack.sandbox }));
  const folders = await findFolders(mce, { contentType: "dataextension" });
  const folder = folders.ok ? folders.value.find(({ name }) => name === folderName) : undefined;
  await sandbox("clock", { offsetMs: -25 * 60 * 60 * 1000 });
  const fields = [{ name: "Id", fieldType: "Number" }] as const;
  const folderId = folder?.id ?? expect.unreachable();
  const made = await createDataExtension(mce, { customerKey, name: "QPP_Results_old", folderId, fields });
  await sandbox("clock", { offsetMs: 0 });
  expect(made.ok).toBe(true);
}

async function keys(): Promise<string[]> {
  // The door's shape is DESIGN 8's.
  const state = (await (await fetch(`${stack.sandbox}/sandbox/state`)).json()) as { dataExtensions: { key: string }[] };
  return state.dataExtensions.map(({ key }) => key);
}

test("a person signs in, switches the unit, runs through the death of a bridge, and what is left is swept", async () => {
  expect((await ann.send("/auth/business-unit", { mid })).status).toBe(200);
  const run = await ann.run(sql, () => void setTimeout(() => stack.kill("bridge"), 800));
  expect(run).toMatchObject({ status: "ready" });
  const old = `QPP_${"0".repeat(30)}_1`;
  await leave(old);
  const headers = { authorization: `Bearer ${stack.tokens.operator}` };
  const preview = await fetch(`${stack.edge}/v1/admin/sweep?dryRun=1`, { method: "POST", headers });
  // Only the unit where a folder of ours was made; no connection names another.
  expect(await preview.json()).toMatchObject({ tenants: [{ tenantId, mid, wouldDelete: [{ customerKey: old }] }] });
  expect((await fetch(`${stack.edge}/v1/admin/sweep`, { method: "POST", headers })).status).toBe(202);
  await vi.waitFor(async () => expect(await keys()).not.toContain(old), { timeout: 20_000, interval: 100 });
});

test("a consent that was withdrawn ends runs with REAUTH_REQUIRED, and signing in again heals at once", async () => {
  await sandbox("behaviours", { refreshRefused: true });
  await sandbox("tokens", { action: "expire" });
  expect(await ann.run(sql)).toMatchObject({ status: "failed", error: { code: "REAUTH_REQUIRED" } });
  await sandbox("behaviours", { refreshRefused: false });
  expect(await ann.run(sql)).toMatchObject({ status: "failed", error: { code: "REAUTH_REQUIRED" } });
  await ann.signIn(mid);
  expect(await ann.run(sql)).toMatchObject({ status: "ready" });
});
