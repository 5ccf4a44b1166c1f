-- The sweeper (R12) works for all tenants, so it has a role of its own that can ask two questions and nothing else (D12).
do $$
begin
  if not exists (select from pg_roles where rolname = 'sqe_sweeper') then
    create role sqe_sweeper login nosuperuser nocreatedb nocreaterole nobypassrls;
  end if;
end
$$;
grant usage on schema sqe to sqe_sweeper;

-- What each sweep of a business unit came to. `error` is a code of ours, never a text of Marketing Cloud.
create table sqe.sweeps (
  tenant_id uuid not null references sqe.tenants (id) on delete cascade,
  mid bigint not null,
  sweep_id text not null,
  ended_at timestamptz not null default now(),
  found integer not null check (found >= 0),
  deleted integer not null check (deleted >= 0),
  failed integer not null check (failed >= 0),
  error text,
  primary key (tenant_id, mid, sweep_id)
);
create index on sqe.sweeps (tenant_id, ended_at);
alter table sqe.sweeps enable row level security;
alter table sqe.sweeps force row level security;
-- Rows of the past month are kept; the sweep that writes a new one removes the older.
grant select, insert, update, delete on sqe.sweeps to sqe_app;
create policy own_tenant on sqe.sweeps for all to sqe_app
  using (tenant_id = sqe.current_tenant()) with check (tenant_id = sqe.current_tenant());

grant create on schema sqe to sqe_definer;
grant select (tenant_id, mids) on sqe.connections to sqe_definer;
create policy sweeper_list on sqe.connections for select to sqe_definer using (true);

-- Lists every business unit that some connection may sign in to.
create function sqe.sweep_units() returns table (tenant_id uuid, mid bigint)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  as $$
    select distinct known.tenant_id, unit.mid
    from sqe.connections as known cross join lateral unnest(known.mids) as unit (mid)
    order by 1, 2
  $$;
alter function sqe.sweep_units owner to sqe_definer;

-- Tells of a tenant's runs what decides whether their assets may go: those with the ids given, and those that write into
-- one of the Data Extensions given.
create function sqe.sweep_runs(of_tenant uuid, run_ids text[], target_keys text[])
  returns table (id text, status text, created_at timestamptz, expires_at timestamptz, target_key text)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  as $$
    select run.id, run.status, run.created_at, run.expires_at, run.view -> 'target' ->> 'customerKey'
    from sqe.runs as run
    where run.tenant_id = of_tenant
      and (run.id = any(run_ids) or lower(run.view -> 'target' ->> 'customerKey') = any(target_keys))
  $$;
alter function sqe.sweep_runs owner to sqe_definer;
revoke create on schema sqe from sqe_definer;

revoke all on function sqe.sweep_units, sqe.sweep_runs from public;
grant execute on function sqe.sweep_units, sqe.sweep_runs to sqe_sweeper;
