import { fileURLToPath } from "node:url";
import { sql } from "drizzle-orm";
import { neededMigration, readAppliedMigrations } from "#db/needed-schema.ts";
import { assertRowLevelSecurity } from "#db/rls-check.ts";
import { listMigrations } from "../migrations/record.ts";
import { codeOf, openRoles, type RoleDatabase } from "./databases.ts";
import { broken, ok, skipped, type Check, type Finding } from "./finding.ts";

const migrationsDir = fileURLToPath(new URL("../../migrations", import.meta.url));

/** Postgres: each role logs in and is bound by row level security, and all migrations are applied. */
export const postgresCheck: Check = {
  id: "postgres",
  title: "Postgres",
  async look({ settings }) {
    const roles = openRoles(settings);
    if (roles.length === 0) return [skipped("Postgres: no DATABASE_URL is given")];
    const findings = await Promise.all(roles.map(roleFinding));
    const app = roles.find(({ role }) => role === "app");
    return app === undefined ? findings : [...findings, await migrationsFinding(app)];
  },
};

async function roleFinding({ user, variable, db }: RoleDatabase): Promise<Finding> {
  try {
    const { rows } = await db.execute<{ user: string }>(sql`select current_user as user`);
    if (rows[0]?.user !== user) {
      return broken(
        `${variable} logs in as another role than ${user}`,
        "Some statements are refused, or more is allowed than should be",
        `Use the URL of ${user}`,
      );
    }
  } catch (error) {
    return unreachable(variable, error);
  }
  return assertRowLevelSecurity(db).then(
    () => ok(`${user} logs in, is bound by row level security, and every table forces it`),
    (error: unknown) =>
      broken(
        `${variable}: ${error instanceof Error ? error.message.replace("Cannot start: ", "") : "unknown"}`,
        "Tenants are not kept apart, so no program starts",
        "Roles come from the migrations, never from Neon's console; force row level security again",
      ),
  );
}

function unreachable(variable: string, error: unknown): Finding {
  const isRefused = codeOf(error)?.startsWith("28") === true;
  return broken(
    isRefused ? `Postgres refuses the user or password of ${variable}` : `Postgres does not answer at ${variable}`,
    "What needs this role does not work; without sqe_app no program starts",
    isRefused
      ? "Set the role's password again, as docs/operations.md says"
      : "Check the host of the URL, and Neon's status",
  );
}

async function migrationsFinding({ db }: RoleDatabase): Promise<Finding> {
  const applied = await readAppliedMigrations(db).catch((error: unknown) => codeOf(error) ?? "silent");
  if (applied === "silent") return skipped("Migrations: Postgres did not tell");
  const known = await listMigrations(migrationsDir);
  const pending = known.filter((name) => !applied.includes(name));
  if (pending.length === 0) return ok(`All migrations are applied, the last is ${known.at(-1)}`);
  return broken(
    `Migrations are pending: ${pending.join(", ")}`,
    `Programs of this checkout need ${neededMigration} and do not start without it`,
    "Run npm run migrate",
  );
}
