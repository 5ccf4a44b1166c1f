import { deadline } from "#async/deadline.ts";
import type { Platform } from "#async/platform.ts";
import type { Database } from "#db/database.ts";
import { assertSchema, readSchemaGap } from "#db/needed-schema.ts";
import { assertRowLevelSecurity } from "#db/rls-check.ts";

/** Postgres as sqe_app, checked before its first use. */
export type AppDatabase = {
  /** @throws when it is unreachable, row level security does not bind us, or the schema is too old */
  database(): Promise<Database>;
  /** Why the schema is too old for this Worker; undefined when it is not, or when Postgres does not answer within 5 s. */
  schemaGap(): Promise<string | undefined>;
};

const patienceMs = 5000;

/** Wraps a database that has just been opened. Each check runs until it has succeeded once. */
export function checkedDatabase(db: Database, platform: Pick<Platform, "sleep">): AppDatabase {
  let isChecked = false;
  let isNewEnough = false;
  return {
    async database() {
      if (!isChecked) {
        await assertRowLevelSecurity(db);
        await assertSchema(db);
      }
      isChecked = true;
      return db;
    },
    async schemaGap() {
      if (isNewEnough) return undefined;
      const asked = readSchemaGap(db).then((gap) => ({ gap }));
      const answer = await deadline(platform, asked, patienceMs).catch(() => undefined);
      isNewEnough = answer !== undefined && answer.gap === undefined;
      return answer?.gap;
    },
  };
}
