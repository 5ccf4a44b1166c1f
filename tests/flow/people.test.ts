import { neon, neonConfig } from "@neondatabase/serverless";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { tenants } from "../../dev/stack/seed.ts";
import { keysIn, leaveTable, tellSandbox } from "./support/left-over.ts";
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
const sandbox = (path: string, body: object) => tellSandbox(stack, path, body);

test("a person signs in, switches the unit, runs through the death of a bridge, and what is left is swept", async () => {
  expect((await ann.send("/auth/business-unit", { mid })).status).toBe(200);
  const run = await ann.run(sql, () => void setTimeout(() => stack.kill("bridge"), 800));
  expect(run).toMatchObject({ status: "ready" });
  const old = `QPP_${"0".repeat(30)}_1`;
  await leaveTable(stack, mid, old);
  const headers = { authorization: `Bearer ${stack.tokens.operator}` };
  const preview = await fetch(`${stack.edge}/v1/admin/sweep?dryRun=1`, { method: "POST", headers });
  // Only the unit where a folder of ours was made; no connection names another.
  expect(await preview.json()).toMatchObject({ tenants: [{ tenantId, mid, wouldDelete: [{ customerKey: old }] }] });
  expect((await fetch(`${stack.edge}/v1/admin/sweep`, { method: "POST", headers })).status).toBe(202);
  await vi.waitFor(async () => expect(await keysIn(stack)).not.toContain(old), { timeout: 30_000, interval: 100 });
  expect((await ann.ask(`/v1/runs/${run.id}/results`)).status).toBe(200);
  const noted = async () => {
    const rows = await admin("select action, user_id, run_id from sqe.audit_log order by action");
    return rows.map(({ action, user_id: who, run_id: about }) => [action, who, about]);
  };
  await expect.poll(noted).toEqual([
    ["business-unit", "7000091", null],
    ["results-read", "7000091", run.id],
    ["run", "7000091", run.id],
    ["sign-in", "7000091", null],
    ["sweep", "sweeper", null],
  ]);
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
