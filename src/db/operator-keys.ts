import { sql } from "drizzle-orm";
import type { Database } from "./database.ts";

/** Finds an operator's key and notes its use, at most once a minute. `db` is opened as sqe_system. @param hash SHA-256 */
export async function useOperatorKey(
  db: Database,
  id: string,
  hash: string,
): Promise<{ name: string; isRevoked: boolean } | undefined> {
  const { rows } = await db.execute<{ name: string; revoked_at: string | null }>(
    sql`select * from sqe.use_operator_key(${id}, ${hash})`,
  );
  const [row] = rows;
  return row && { name: row.name, isRevoked: row.revoked_at !== null };
}
