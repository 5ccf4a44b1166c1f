import { openVault } from "#db/vault.ts";
import { sealText } from "../../../src/worker/auth/sealed-text.ts";
import { rowsAsOwner } from "./owner.ts";
import { bindings, type Person } from "./people.ts";

/**
 * The cookie of a member's session that has to be looked at in Postgres before it counts again.
 *
 * @param kind what its text is sealed as
 */
export async function oldSessionOf(
  { tenant: tenantId, sub: userId, eid, mid }: Person,
  kind: Parameters<typeof sealText>[1] = "sqe-session",
): Promise<string> {
  const [id, grantId] = [crypto.randomUUID(), crypto.randomUUID()];
  await rowsAsOwner(
    `insert into sqe.grants (id, tenant_id, user_id, eid, mids, subdomain, client_id, refresh_token)
     values ($1, $2, $3, $4, $5, 'mc-access', $6, 'v1.x')`,
    // A person has one grant for each package.
    [grantId, tenantId, userId, eid, `{${mid}}`, grantId],
  );
  await rowsAsOwner(
    "insert into sqe.sessions (id, tenant_id, user_id, eid, mid, grant_id) values ($1, $2, $3, $4, $5, $6)",
    [id, tenantId, userId, eid, mid, grantId],
  );
  const facts = { id, tenantId, userId, eid, mid, grantId, role: "member", checkedAt: 0, since: Date.now() };
  const vault = await openVault(bindings["VAULT_KEYS"] ?? "");
  return `__Host-sqe=${await sealText(vault, kind, facts, Date.now() + 3_600_000)}`;
}
