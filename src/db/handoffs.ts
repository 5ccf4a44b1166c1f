import { sql } from "drizzle-orm";
import type { Database } from "./database.ts";
import type { SessionPlace } from "./sessions.ts";

/** Who waits: a frame that cannot show Marketing Cloud's page, or a command line. */
export type HandoffKind = "frame" | "cli";

/** Opens a hand-off. `db` is opened as sqe_system, here and below. @param hash SHA-256 of the secret */
export async function openHandoff(
  db: Database,
  {
    id,
    hash,
    userCode,
    kind,
    expiresAt,
  }: { id: string; hash: string; userCode: string; kind: HandoffKind; expiresAt: string },
): Promise<void> {
  await db.execute(sql`select sqe.open_handoff(${id}::uuid, ${hash}, ${userCode}, ${kind}, ${expiresAt}::timestamptz)`);
}

/** Reads what the page that confirms shows. @returns undefined when it is unknown, decided or expired */
export async function findHandoff(
  db: Database,
  id: string,
): Promise<{ userCode: string; kind: HandoffKind } | undefined> {
  const { rows } = await db.execute<{ user_code: string; kind: HandoffKind }>(
    sql`select user_code, kind from sqe.find_handoff(${id}::uuid)`,
  );
  const [row] = rows;
  return row && { userCode: row.user_code, kind: row.kind };
}

/** Confirms a hand-off as somebody, or denies it. @returns false when it is decided or expired */
export async function decideHandoff(db: Database, id: string, by: SessionPlace | undefined): Promise<boolean> {
  const { tenantId = null, userId = null, eid = null, mid = null, grantId = null } = by ?? {};
  const { rows } = await db.execute<{ done: boolean }>(
    sql`select sqe.decide_handoff(${id}::uuid, ${tenantId}::uuid, ${userId}::text, ${eid}::bigint, ${mid}::bigint,
      ${grantId}::uuid) as done`,
  );
  return rows[0]?.done === true;
}

/** How a hand-off stands for the one who waits; `confirmed` is said once. */
export type HandoffOutcome =
  | { kind: "confirmed"; waiting: HandoffKind; by: SessionPlace }
  | { kind: "unknown" | "slow" | "expired" | "denied" | "pending" };

/** Asks how a hand-off stands; more than five times a minute is too often. */
export async function pollHandoff(db: Database, id: string, hash: string): Promise<HandoffOutcome> {
  type Row = {
    outcome: HandoffOutcome["kind"];
    kind: HandoffKind;
    tenant_id: string;
    user_id: string;
    eid: string;
    mid: string;
    grant_id: string;
  };
  const { rows } = await db.execute<Row>(sql`select * from sqe.poll_handoff(${id}::uuid, ${hash})`);
  const [row] = rows;
  if (row === undefined) return { kind: "unknown" };
  if (row.outcome !== "confirmed") return { kind: row.outcome };
  const { tenant_id: tenantId, user_id: userId, grant_id: grantId } = row;
  const by = { tenantId, userId, eid: Number(row.eid), mid: Number(row.mid), grantId };
  return { kind: "confirmed", waiting: row.kind, by };
}
