import type { PGlite } from "@electric-sql/pglite";

/** One session of a Postgres, which all statements of a migration go through; a `pg.Client` is one. */
export type Session = {
  query(sql: string): Promise<{ rows: Record<string, unknown>[] }>;
};

/** Makes a session of PGlite's one connection. */
export function pgliteSession(db: PGlite): Session {
  return {
    async query(sql) {
      const results = await db.exec(sql);
      return { rows: results.at(-1)?.rows ?? [] };
    },
  };
}
