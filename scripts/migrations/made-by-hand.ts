import type { Session } from "./session.ts";

/**
 * A trace of each migration that was applied with psql before there was a record (until 0.1.0). Later ones cannot be
 * applied by hand: they require the record.
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
 * Lists the migrations that were applied by hand to a database without a record; none for an empty one.
 *
 * @throws when a later one is there without an earlier one: the state of such a database is unclear
 */
export async function readMadeByHand(session: Session): Promise<string[]> {
  const columns = traces.map(([, isThere], index) => `${isThere} as "${index}"`);
  const { rows } = await session.query(`select ${columns.join(", ")}`);
  const found = traces.map((_trace, index) => rows[0]?.[index] === true);
  const applied = found.includes(false) ? found.indexOf(false) : found.length;
  const stray = found.indexOf(true, applied);
  if (stray >= 0) {
    const [[missing = ""] = [], [there = ""] = []] = [traces[applied], traces[stray]];
    throw new Error(`Cannot adopt the database: it has what ${there} creates, but not what ${missing} creates`);
  }
  return traces.slice(0, applied).map(([migration]) => migration);
}

function hasFunction(name: string): string {
  return `exists (select from pg_proc where proname = '${name}' and pronamespace = to_regnamespace('sqe'))`;
}
