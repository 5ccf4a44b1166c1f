import { deadline } from "#async/deadline.ts";
import type { Platform } from "#async/platform.ts";
import type { Database } from "#db/database.ts";
import { readJurisdictionGap, type Jurisdiction } from "#db/jurisdiction.ts";
import { assertSchema, readSchemaGap } from "#db/needed-schema.ts";
import { assertRowLevelSecurity } from "#db/rls-check.ts";

/** Postgres as sqe_app, checked before its first use. */
export type AppDatabase = {
  /**
   * @throws when it is unreachable, row level security does not bind us, the schema is too old, or its runs live in another
   *   jurisdiction
   */
  database(): Promise<Database>;
  /**
   * Why this Worker must not serve: the schema is too old, or its runs live in another jurisdiction; undefined when it may,
   * or when Postgres does not answer within 5 s.
   */
  schemaGap(): Promise<string | undefined>;
};

const patienceMs = 5000;

/** Wraps a database that has just been opened. Each check runs until it has succeeded once. */
export function checkedDatabase(
  db: Database,
  platform: Pick<Platform, "sleep">,
  jurisdiction: Jurisdiction,
): AppDatabase {
  let isChecked = false;
  let isNewEnough = false;
  return {
    async database() {
      if (!isChecked) {
        await assertRowLevelSecurity(db);
        await assertSchema(db);
        const gap = await readJurisdictionGap(db, jurisdiction);
        if (gap !== undefined) throw new Error(gap);
      }
      isChecked = true;
      return db;
    },
    async schemaGap() {
      if (isNewEnough) return undefined;
      const ask = async () => ({ gap: (await readSchemaGap(db)) ?? (await readJurisdictionGap(db, jurisdiction)) });
      const answer = await deadline(platform, ask(), patienceMs).catch(() => undefined);
      isNewEnough = answer !== undefined && answer.gap === undefined;
      return answer?.gap;
    },
  };
}
