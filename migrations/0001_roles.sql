-- Three roles, none of which may bypass row level security (D12). Passwords are set by the operator, outside of migrations:
-- roles made in Neon's console are members of neon_superuser, which bypasses it, so these are made by SQL.
do $$
begin
  if not exists (select from pg_roles where rolname = 'sqe_app') then
    create role sqe_app login nosuperuser nocreatedb nocreaterole nobypassrls;
  end if;
  if not exists (select from pg_roles where rolname = 'sqe_system') then
    create role sqe_system login nosuperuser nocreatedb nocreaterole nobypassrls;
  end if;
  -- Owns the narrow functions for cross-tenant work; nobody logs in as it.
  if not exists (select from pg_roles where rolname = 'sqe_definer') then
    create role sqe_definer nologin nosuperuser nocreatedb nocreaterole nobypassrls;
  end if;
end
$$;

create schema sqe;
grant usage on schema sqe to sqe_app, sqe_system, sqe_definer;
