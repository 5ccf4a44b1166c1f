import { given } from "#lang/given.ts";
import { desc, lt, sql } from "drizzle-orm";
import { inTenant, type Database } from "./database.ts";
import { auditLog } from "./schema.ts";

/** Facts of an entry: ids, names of settings, counts. Never SQL, never a row. */
export type AuditDetail = Readonly<Record<string, string | number | boolean | readonly (string | number)[]>>;

/** What somebody did in a tenant. */
export type AuditEntry = {
  tenantId: string;
  userId: string;
  action: string;
  mid?: number;
  runId?: string;
  detail?: AuditDetail;
};

/** Writes an entry of a user into the tenant's audit log. */
export async function writeAudit(db: Database, entry: AuditEntry): Promise<void> {
  await inTenant(db, { tenantId: entry.tenantId }, db.insert(auditLog).values({ ...entry, actor: "user" }));
}

/** An entry as administrators read it. */
export type ListedEntry = {
  id: number;
  at: string;
  actor: "user" | "operator" | "system";
  userId: string;
  action: string;
  mid?: number;
  runId?: string;
  detail?: unknown;
};

/** Lists a tenant's entries, newest first. @param page `before` is the id of the last one seen */
export async function listAudit(
  db: Database,
  tenantId: string,
  { limit, before }: { limit: number; before?: number },
): Promise<ListedEntry[]> {
  const older = before === undefined ? undefined : lt(auditLog.id, before);
  const query = db.select().from(auditLog).where(older).orderBy(desc(auditLog.id)).limit(limit);
  const rows = await inTenant(db, { tenantId }, query);
  return rows.map(({ id, at, actor, userId, action, mid, runId, detail }) => ({
    id,
    at: at.toISOString(),
    actor,
    userId,
    action,
    ...given({ mid: mid ?? undefined, runId: runId ?? undefined, detail: detail ?? undefined }),
  }));
}

/**
 * Deletes old entries of all tenants, the oldest first. `db` is opened as sqe_system.
 *
 * @param before epoch milliseconds; entries of the last 30 days stay, whatever is asked
 * @returns how many were deleted
 */
export async function deleteOldAudit(db: Database, before: number, atMost: number): Promise<number> {
  const since = new Date(before).toISOString();
  const { rows } = await db.execute<{ deleted: number }>(
    sql`select sqe.delete_old_audit(${since}::timestamptz, ${atMost}::int) as deleted`,
  );
  return rows[0]?.deleted ?? 0;
}
