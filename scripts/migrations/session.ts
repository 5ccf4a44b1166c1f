import type { PGlite } from "@electric-sql/pglite";

/** One Postgres session for all statements of a migration; a `pg.Client` is one. */
export type Session = {
  query(sql: string): Promise<{ rows: Record<string, unknown>[] }>;
};

/** Returns PGlite's only connection as a session. */
export function pgliteSession(db: PGlite): Session {
  return {
    async query(sql) {
      const results = await db.exec(sql);
      return { rows: results.at(-1)?.rows ?? [] };
    },
  };
}
