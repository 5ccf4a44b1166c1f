import { neon, neonConfig } from "@neondatabase/serverless";
import { bindings } from "./people.ts";

function sqlOf() {
  // The Worker sets the same, but only with its first request.
  neonConfig.fetchEndpoint = bindings["NEON_FETCH_ENDPOINT"] ?? "";
  return neon(bindings["TEST_ADMIN_DATABASE_URL"] ?? "");
}

/** One statement to Postgres as its superuser, past row level security. */
export async function admin(statement: string, values: readonly string[]): Promise<void> {
  await sqlOf().query(statement, [...values]);
}

/** How many rows Postgres has for a run: 0 or 1. */
export async function rowsOf(id: string): Promise<number> {
  return (await sqlOf().query("select 1 from sqe.runs where id = $1", [id])).length;
}
