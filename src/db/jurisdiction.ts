import { sql } from "drizzle-orm";
import type { Database } from "./database.ts";

/** Where Cloudflare keeps the run objects; `none`: wherever it likes. */
export type Jurisdiction = "eu" | "none";

/**
 * Makes the choice of a jurisdiction, which Postgres keeps from then on, and compares it with the one that holds (D35).
 *
 * @param db as sqe_app
 * @returns why the program must not start, as one line for the operator; undefined when the wanted one holds
 * @throws when Postgres does not answer
 */
export async function readJurisdictionGap(db: Database, wanted: Jurisdiction): Promise<string | undefined> {
  const { rows } = await db.execute<{ held: string }>(sql`select sqe.choose_jurisdiction(${wanted}) as held`);
  return jurisdictionGap(wanted, rows[0]?.held);
}

/** Compares a wanted jurisdiction with the one that holds. @returns as `readJurisdictionGap` */
export function jurisdictionGap(wanted: Jurisdiction, held: string | undefined): string | undefined {
  if (held === wanted) return undefined;
  const fix = held === "none" ? "remove SQE_JURISDICTION" : `set SQE_JURISDICTION=${held}`;
  return `Cannot start: the runs of this database live in jurisdiction "${held}", not "${wanted}"; ${fix}`;
}
