import { writeAudit, type AuditDetail } from "#db/audit.ts";
import { given } from "#lang/given.ts";
import type { AppEnv } from "./app-types.ts";

/** What is written into a tenant's audit log (D56). */
export type AuditAction =
  | "sign-in"
  | "sign-out"
  | "business-unit"
  | "run"
  | "cancel"
  | "results-read"
  | "results-discarded"
  | "preview"
  | "key-created"
  | "key-revoked"
  | "token-created"
  | "connection-created"
  | "connection-changed"
  | "connection-revoked"
  | "member-changed"
  | "mcp";

type Who = { tenantId: string; userId: string; mid?: number };

/** Noted once an hour for the same run or table and user, because reading goes on page after page. */
const repeated: ReadonlySet<AuditAction> = new Set(["results-read", "preview"]);

/**
 * Writes an entry into a tenant's audit log. The answer does not wait for it; an entry that Postgres does not take is in the
 * edge's log.
 *
 * @param detail ids, names of settings and counts: never SQL, never a row
 */
export function audit(
  { clients, trace, defer }: Pick<AppEnv["Variables"], "clients" | "trace" | "defer">,
  { tenantId, userId, mid }: Who,
  action: AuditAction,
  { runId, ...detail }: AuditDetail & { runId?: string } = {},
): void {
  if (repeated.has(action)) {
    const key = JSON.stringify([tenantId, userId, mid, action, runId, detail]);
    if (clients.noted.get(key) === true) return;
    clients.noted.set(key, true);
  }
  const facts = given({ mid, runId, detail: Object.keys(detail).length === 0 ? undefined : detail });
  const write = async () => writeAudit(await clients.database(), { tenantId, userId, action, ...facts });
  defer(write().catch(() => trace.log("audit entry lost", { type: action, ...given({ runId }) })));
}
