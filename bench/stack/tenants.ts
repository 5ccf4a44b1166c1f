import { randomUUID } from "node:crypto";
import { parseEnv } from "node:util";
import { neon, neonConfig } from "@neondatabase/serverless";
import { openVault } from "#db/vault.ts";
import { seedTenant } from "../../dev/stack/seed.ts";
import { readEnvironment } from "../../dev/stack/stack-files.ts";
import { sign } from "../../dev/stack/tokens.ts";
import { furtherAccount } from "../../sandbox/accounts.ts";
import type { BenchStack } from "./bench-stack.ts";

/** A tenant with one business unit, and who signs in as its people. */
type Tenant = { mid: number; tokenOf: (user: string) => Promise<string> };

/** The sandbox's setting without which the tenants have nowhere to work. */
export const enterprisesFor = (count: number) => ({ SANDBOX_MORE_ENTERPRISES: String(count) });

/** Puts tenants into a stack's Postgres, each with a connection to an enterprise of its own in the sandbox. */
export async function openTenants(stack: BenchStack, count: number): Promise<readonly Tenant[]> {
  const { neonHttp, neonAdmin } = stack.file();
  neonConfig.fetchEndpoint = () => neonHttp;
  const admin = neon(neonAdmin);
  const query = async (text: string, values: unknown[] = []) => void (await admin.query(text, values));
  const variables = parseEnv(await readEnvironment(stack.dir, "worker"));
  const vault = await openVault(variables["VAULT_KEYS"] ?? "");
  const tenants: Tenant[] = [];
  for (let number = 1; number <= count; number += 1) {
    const account = furtherAccount(number);
    const { eid } = account;
    const place = { id: randomUUID(), connectionId: randomUUID() };
    await seedTenant({ query }, vault, place, account);
    const claims = { tenant: place.id, connection: place.connectionId, mid: eid, eid };
    tenants.push({ mid: eid, tokenOf: (user) => sign(user, claims, variables["JWT_SECRET"] ?? "") });
  }
  return tenants;
}
