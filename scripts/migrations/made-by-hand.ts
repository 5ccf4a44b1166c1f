import type { Session } from "./session.ts";

/**
 * What each migration leaves behind, of those that were applied with psql before there was a record (until 0.1.0). A later
 * one cannot be applied by hand: it wants the record.
 */
const traces: readonly (readonly [migration: string, isThere: string])[] = [
  ["0001_roles", "exists (select from pg_namespace where nspname = 'sqe')"],
  ["0002_tenants", "to_regclass('sqe.audit_log') is not null"],
  ["0003_runs", "to_regclass('sqe.runs') is not null"],
  ["0004_row_level_security", "exists (select from pg_policies where schemaname = 'sqe' and policyname = 'own_runs')"],
  ["0005_projection", hasFunction("project_run")],
  ["0006_sweeps", hasFunction("sweep_runs")],
  ["0007_reconciler", hasFunction("end_lost_run")],
  ["0008_query_durations", "to_regclass('sqe.query_durations') is not null"],
];

/**
 * Lists the migrations that were applied by hand to a database without a record; none to an empty one.
 *
 * @throws when a later one is there without an earlier one: nobody can tell what such a database has
 */
export async function readMadeByHand(session: Session): Promise<string[]> {
  const columns = traces.map(([, isThere], index) => `${isThere} as "${index}"`);
  const { rows } = await session.query(`select ${columns.join(", ")}`);
  const found = traces.map((_trace, index) => rows[0]?.[index] === true);
  const applied = found.includes(false) ? found.indexOf(false) : found.length;
  const stray = found.indexOf(true, applied);
  if (stray >= 0) {
    const [[missing = ""] = [], [there = ""] = []] = [traces[applied], traces[stray]];
    throw new Error(`Cannot adopt the database: it has what ${there} makes, and not what ${missing} makes`);
  }
  return traces.slice(0, applied).map(([migration]) => migration);
}

function hasFunction(name: string): string {
  return `exists (select from pg_proc where proname = '${name}' and pronamespace = to_regnamespace('sqe'))`;
}
