import { given } from "#lang/given.ts";
import { NeonDbError } from "@neondatabase/serverless";
import { DrizzleQueryError } from "drizzle-orm";
import { openDatabase, type Database } from "#db/database.ts";
import type { Settings } from "../settings/read-settings.ts";

/** The roles of the programs, by the variable that logs in as each. */
const variables = {
  app: "DATABASE_URL",
  system: "DATABASE_SYSTEM_URL",
  sweeper: "DATABASE_SWEEPER_URL",
} as const;
export type Role = keyof typeof variables;

/** A database as one role, and the variable that says where. */
export type RoleDatabase = { role: Role; user: `sqe_${Role}`; variable: string; db: Database };

/** Opens Postgres as each role that is given; sends nothing. A URL that cannot be read is left to the variables' check. */
export function openRoles({ worker, bridge }: Settings): RoleDatabase[] {
  const all = { ...bridge, ...worker };
  return (Object.keys(variables) as Role[]).flatMap((role) => {
    const url = all[variables[role]];
    if (url === undefined || !URL.canParse(url)) return [];
    const db = openDatabase({ url, ...given({ fetchEndpoint: all["NEON_FETCH_ENDPOINT"] }) });
    return [{ role, user: `sqe_${role}` as const, variable: variables[role], db }];
  });
}

/** The database as one role, if it is given. */
export function databaseOf(settings: Settings, role: Role): Database | undefined {
  return openRoles(settings).find((known) => known.role === role)?.db;
}

/** Postgres' code of an error; undefined when Postgres did not answer. */
export function codeOf(error: unknown): string | undefined {
  const cause = error instanceof DrizzleQueryError ? error.cause : error;
  return cause instanceof NeonDbError ? cause.code : undefined;
}
