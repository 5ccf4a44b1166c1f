-- The run objects write their projection through this one function; its role can call it and nothing else.
grant create on schema sqe to sqe_definer;
grant sqe_definer to current_user;
grant select, insert, update on sqe.runs to sqe_definer;
create policy projection on sqe.runs for all to sqe_definer using (true) with check (true);

-- Writes one version of a run; an older or repeated version changes nothing, so order of arrival does not matter.
-- A key used again after its run was purged makes a new run of the same id: its versions begin anew, its time is later.
create function sqe.project_run(
  run_id text, run_tenant uuid, run_user text, run_mid bigint, run_version integer,
  run_status text, run_created_at timestamptz, run_expires_at timestamptz, run_view jsonb
) returns void
  language sql security definer set search_path = pg_catalog, pg_temp
  as $$
    insert into sqe.runs as known (id, tenant_id, user_id, mid, version, status, created_at, expires_at, view)
    values (run_id, run_tenant, run_user, run_mid, run_version, run_status, run_created_at, run_expires_at, run_view)
    on conflict (id) do update
      set mid = excluded.mid, version = excluded.version, status = excluded.status, created_at = excluded.created_at,
        expires_at = excluded.expires_at, view = excluded.view
      where excluded.tenant_id = known.tenant_id
        and (excluded.created_at, excluded.version) > (known.created_at, known.version)
  $$;
alter function sqe.project_run owner to sqe_definer;
revoke create on schema sqe from sqe_definer;

revoke all on function sqe.project_run from public;
grant execute on function sqe.project_run to sqe_system;
