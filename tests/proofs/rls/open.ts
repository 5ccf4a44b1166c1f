import { fileURLToPath } from "node:url";
import { migrate } from "../../../scripts/migrations/migrate.ts";
import type { Engine, Database } from "../../dev/support/engines.ts";
import { seed } from "./seed.ts";

const migrationsDir = fileURLToPath(new URL("../../../migrations", import.meta.url));

/** A migrated database with rows of both tenants. */
export async function openSeeded(engine: Engine): Promise<Database> {
  const database = await engine.emptyDatabase();
  await migrate(database.owner, migrationsDir);
  await seed(database.admin);
  return database;
}
