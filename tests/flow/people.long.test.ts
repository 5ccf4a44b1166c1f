import { neon, neonConfig } from "@neondatabase/serverless";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { tenants } from "../../dev/stack/seed.ts";
import { keysIn, leaveTable } from "./support/left-over.ts";
import { openPerson, type Person } from "./support/person.ts";
import { startStack, type TestStack } from "./support/stack.ts";

const mid = 7000011;
const [{ id: tenantId }] = tenants;
const patience = { timeout: 40_000, interval: 100 };
let stack: TestStack;
let ann: Person;

beforeAll(async () => {
  stack = await startStack({ SANDBOX_DURATION_MS: "8000" });
  // Nothing but people's consents can sign in.
  await admin("delete from sqe.connections");
  await openPerson(stack, "ben@enterprise-a.example.com").signIn(mid);
  ann = openPerson(stack, "ann@enterprise-a.example.com");
  await ann.signIn(7000001);
  expect((await ann.send("/auth/business-unit", { mid })).status).toBe(200);
});
afterAll(() => stack.stop());

function admin(statement: string, values: string[] = []) {
  neonConfig.fetchEndpoint = () => stack.neonHttp;
  return neon(stack.neonAdmin).query(statement, values);
}

test("what somebody leaves whose consent is gone is cleaned up and swept with a colleague's", async () => {
  let id = "";
  const run = await ann.run("SELECT TOP 3 CustomerKey FROM Customers", async (accepted) => {
    id = accepted;
    await vi.waitFor(async () => expect(await keysIn(stack)).toContain(`QPP_${id}_1`), patience);
    // As `npm run admin -- user remove` does; the next bridge has no token of hers in memory.
    await admin("delete from sqe.grants where user_id = '7000091'");
    stack.kill("bridge");
  });
  expect(run).toMatchObject({ status: "failed", error: { code: "REAUTH_REQUIRED" } });
  await vi.waitFor(async () => expect((await keysIn(stack)).join()).not.toContain(id), patience);

  const old = `QPP_${"0".repeat(30)}_1`;
  await leaveTable(stack, mid, old);
  const headers = { authorization: `Bearer ${stack.tokens.operator}` };
  const preview = await fetch(`${stack.edge}/v1/admin/sweep?dryRun=1`, { method: "POST", headers });
  // The shape is DESIGN 3's.
  const { tenants: units } = (await preview.json()) as { tenants: { mid: number }[] };
  expect(units.find((unit) => unit.mid === mid)).toMatchObject({ tenantId, wouldDelete: [{ customerKey: old }] });
  expect((await fetch(`${stack.edge}/v1/admin/sweep`, { method: "POST", headers })).status).toBe(202);
  await vi.waitFor(async () => expect(await keysIn(stack)).not.toContain(old), patience);
});
