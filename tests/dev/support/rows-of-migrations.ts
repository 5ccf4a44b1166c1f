/** A tenant, and what of its rows has to differ from other tenants'. */
export type RowOwner = { tenant: string; connection: string; eid: number; runs: readonly [string, string, string] };

/** Whose rows they are in the tests of the migrations. */
export const northernTrail: RowOwner = {
  tenant: "a0000000-0000-4000-8000-00000000000a",
  connection: "a0000000-0000-4000-8000-0000000000c1",
  eid: 7_000_001,
  runs: ["a".repeat(30), "b".repeat(30), "c".repeat(30)],
};

/** The rows of one tenant, by the migration that makes their tables. */
export const rowsOf: Readonly<Record<string, string>> = rowsOfTenant(northernTrail);

/**
 * What a database holds once a migration has been applied: rows for the tables it makes, as that version's programs write
 * them. Each later migration is then applied to them. A migration that makes a table brings its rows here.
 */
export function rowsOfTenant({ tenant, connection, eid, runs }: RowOwner): Record<string, string> {
  const run = (id: string, status: string) =>
    `('${id}', '${tenant}', 'alice', ${eid}, 3, '${status}', '2026-01-15 10:00Z', null, '{"status":"${status}"}')`;
  const [first, second, third] = runs;
  return {
    "0002_tenants": `
    insert into sqe.tenants (id, eid, name) values ('${tenant}', ${eid}, 'Northern Trail');
    insert into sqe.connections (id, tenant_id, eid, mids, subdomain, client_id, client_secret)
      values ('${connection}', '${tenant}', ${eid}, '{${eid},7000002}', 'mc-a', 'id', 'v1.k.iv.ct');
    insert into sqe.tenant_settings (tenant_id, mid, query_folder_id) values ('${tenant}', ${eid}, 4711);
    insert into sqe.api_keys (id, tenant_id, user_id, mid, connection_id, key_hash)
      values ('${tenant}', '${tenant}', 'alice', ${eid}, '${connection}', 'hash of ${tenant}');
    insert into sqe.audit_log (tenant_id, user_id, action) values ('${tenant}', 'alice', 'run')`,
    "0003_runs": `
    insert into sqe.runs (id, tenant_id, user_id, mid, version, status, created_at, expires_at, view)
      values ${run(first, "running")}, ${run(second, "ready")}, ${run(third, "queued")}`,
    "0006_sweeps": `
    insert into sqe.sweeps (tenant_id, mid, sweep_id, found, deleted, failed) values ('${tenant}', ${eid}, 's1', 3, 2, 1)`,
    "0008_query_durations": `
    insert into sqe.query_durations (tenant_id, mid, shape, runs, mean, variance)
      values ('${tenant}', ${eid}, '${"f".repeat(64)}', 2, 8.1, 0.2)`,
    "0012_sign_in": `
    insert into sqe.users (tenant_id, user_id, name) values ('${tenant}', '7000091', 'Ann');
    insert into sqe.packages (id, tenant_id, subdomain, client_id, client_secret)
      values ('${connection}', '${tenant}', 'mc-a', 'app', 'v1.k.iv.ct');
    insert into sqe.grants (id, tenant_id, user_id, eid, mids, subdomain, client_id, refresh_token)
      values ('${connection}', '${tenant}', '7000091', ${eid}, '{${eid}}', 'mc-a', 'app', 'v1.k.iv.ct');
    insert into sqe.grant_tokens (grant_id, tenant_id, mid, token, refresh_at, expires_at)
      values ('${connection}', '${tenant}', ${eid}, 'v1.k.iv.ct', now(), now());
    insert into sqe.sessions (id, tenant_id, user_id, eid, mid, grant_id)
      values ('${connection}', '${tenant}', '7000091', ${eid}, ${eid}, '${connection}');
    insert into sqe.issuers (id, tenant_id, issuer, audience, jwks_url)
      values ('${connection}', '${tenant}', 'https://ide.example', 'sqe', 'https://ide.example/jwks');
    insert into sqe.allowed_enterprises (eid) values (${eid});
    insert into sqe.invitations (id, secret_hash, created_by, expires_at)
      values ('${connection}', 'hash', 'operator', now());
    insert into sqe.handoffs (id, secret_hash, user_code, kind, expires_at)
      values ('${connection}', 'hash', 'KX-42', 'cli', now());
    insert into sqe.operator_keys (id, key_hash, name) values ('abc${String(eid).slice(0, 5)}', 'hash of ${tenant}', 'Ann')`,
    // The migration itself writes the only row, because there are runs.
    "0011_installation": "select jurisdiction from sqe.installation",
  };
}
