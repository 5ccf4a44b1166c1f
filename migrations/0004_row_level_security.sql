-- Every tenant table: enabled and forced, so that not even its owner sees rows without a policy.
-- Outside a tenant transaction app.tenant is unset or '' (a local setting ends as ''), and no row matches.
create function sqe.current_tenant() returns uuid
  language sql stable
  as $$ select nullif(current_setting('app.tenant', true), '')::uuid $$;
create function sqe.current_user_id() returns text
  language sql stable
  as $$ select nullif(current_setting('app.user', true), '') $$;

alter table sqe.tenants enable row level security;
alter table sqe.tenants force row level security;
alter table sqe.connections enable row level security;
alter table sqe.connections force row level security;
alter table sqe.tenant_settings enable row level security;
alter table sqe.tenant_settings force row level security;
alter table sqe.api_keys enable row level security;
alter table sqe.api_keys force row level security;
alter table sqe.audit_log enable row level security;
alter table sqe.audit_log force row level security;
alter table sqe.runs enable row level security;
alter table sqe.runs force row level security;

grant select on sqe.tenants, sqe.connections, sqe.runs, sqe.api_keys to sqe_app;
grant select, insert, update on sqe.tenant_settings to sqe_app;
grant select, insert on sqe.audit_log to sqe_app;

create policy own_tenant on sqe.tenants for select to sqe_app
  using (id = sqe.current_tenant());
create policy own_tenant on sqe.connections for select to sqe_app
  using (tenant_id = sqe.current_tenant());
create policy own_tenant on sqe.tenant_settings for all to sqe_app
  using (tenant_id = sqe.current_tenant()) with check (tenant_id = sqe.current_tenant());
create policy own_tenant on sqe.api_keys for select to sqe_app
  using (tenant_id = sqe.current_tenant());
create policy own_tenant on sqe.audit_log for all to sqe_app
  using (tenant_id = sqe.current_tenant()) with check (tenant_id = sqe.current_tenant());
-- Another user's run of the same tenant is as invisible as another tenant's (DESIGN section 3).
create policy own_runs on sqe.runs for select to sqe_app
  using (tenant_id = sqe.current_tenant() and user_id = sqe.current_user_id());
