-- Who may ask and as whom: people who sign in with Marketing Cloud, their sessions and consents, keys, invitations (D51).
-- An operator's commands run as the owner, who is a member of sqe_definer: a policy for that role lets both the narrow
-- functions below and those commands work across tenants. The grants keep each function narrow.
alter table sqe.tenants
  -- The last part of a tenant's own address to sign in, /t/<slug>.
  add column slug text unique check (slug ~ '^[a-z0-9][a-z0-9-]{1,62}$'),
  -- Where its people sign in. Known from an operator, or from the first person who came from there.
  add column subdomain text unique check (subdomain ~ '^[a-z0-9-]{1,63}$'),
  add column mcp boolean not null default false,
  add column active boolean not null default true;
grant select, insert, update, delete on sqe.tenants to sqe_definer;
grant update (mcp) on sqe.tenants to sqe_app;
create policy settings on sqe.tenants for update to sqe_app
  using (id = sqe.current_tenant()) with check (id = sqe.current_tenant());
create policy operators on sqe.tenants for all to sqe_definer using (true) with check (true);

-- A tenant's administrators add and remove connections; `name` is theirs.
alter table sqe.connections add column name text check (length(name) between 1 and 200), add column created_by text;
grant insert, update, delete on sqe.connections to sqe_app;
create policy add_own on sqe.connections for insert to sqe_app with check (tenant_id = sqe.current_tenant());
create policy change_own on sqe.connections for update to sqe_app
  using (tenant_id = sqe.current_tenant()) with check (tenant_id = sqe.current_tenant());
create policy remove_own on sqe.connections for delete to sqe_app using (tenant_id = sqe.current_tenant());
create policy operators on sqe.connections for all to sqe_definer using (true) with check (true);
create policy operators on sqe.tenant_settings for all to sqe_definer using (true) with check (true);
create policy operators on sqe.audit_log for all to sqe_definer using (true) with check (true);
create policy operators on sqe.api_keys for all to sqe_definer using (true) with check (true);
create policy operators on sqe.query_durations for all to sqe_definer using (true) with check (true);

-- People, by Marketing Cloud's own user id.
create table sqe.users (
  tenant_id uuid not null references sqe.tenants (id) on delete cascade,
  user_id text not null check (length(user_id) between 1 and 200),
  name text,
  email text,
  role text not null default 'member' check (role in ('member', 'administrator')),
  active boolean not null default true,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  primary key (tenant_id, user_id)
);

-- A web-app package of a tenant's own, which its people sign in with instead of the service's.
create table sqe.packages (
  id uuid primary key,
  tenant_id uuid not null references sqe.tenants (id) on delete cascade,
  subdomain text not null check (subdomain ~ '^[a-z0-9-]{1,63}$'),
  client_id text not null,
  client_secret text not null check (client_secret like 'v1.%'),
  created_at timestamptz not null default now(),
  unique (tenant_id, client_id)
);

-- A person's consent in one package: what its refresh token can sign in to. Its id is used where a connection's id is.
create table sqe.grants (
  id uuid primary key,
  tenant_id uuid not null,
  user_id text not null,
  eid bigint not null,
  -- Business units that Marketing Cloud has given a token for.
  mids bigint[] not null check (cardinality(mids) > 0),
  -- Null: the service's own package, as the programs' variables have it.
  package_id uuid references sqe.packages (id) on delete cascade,
  subdomain text not null check (subdomain ~ '^[a-z0-9-]{1,63}$'),
  client_id text not null,
  refresh_token text not null check (refresh_token like 'v1.%'),
  -- The token before the last rotation, which Marketing Cloud still takes until then (MCE 1.3).
  previous_refresh_token text check (previous_refresh_token like 'v1.%'),
  previous_until timestamptz,
  -- Rises with each refresh token. Whoever refreshes takes a lease on the row first; only its owner writes.
  version integer not null default 1,
  lease_owner text,
  lease_until timestamptz,
  created_at timestamptz not null default now(),
  revoked_at timestamptz,
  unique (tenant_id, user_id, client_id),
  foreign key (tenant_id, user_id) references sqe.users (tenant_id, user_id) on delete cascade
);

-- The access tokens that a grant was last refreshed to, one for each business unit, shared by all processes.
create table sqe.grant_tokens (
  grant_id uuid not null references sqe.grants (id) on delete cascade,
  tenant_id uuid not null references sqe.tenants (id) on delete cascade,
  mid bigint not null,
  token text not null check (token like 'v1.%'),
  refresh_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (grant_id, mid)
);

create table sqe.sessions (
  id uuid primary key,
  tenant_id uuid not null,
  user_id text not null,
  eid bigint not null,
  mid bigint not null,
  grant_id uuid not null references sqe.grants (id) on delete cascade,
  created_at timestamptz not null default now(),
  last_used_at timestamptz not null default now(),
  revoked_at timestamptz,
  foreign key (tenant_id, user_id) references sqe.users (tenant_id, user_id) on delete cascade
);
create index on sqe.sessions (tenant_id, user_id);
create index on sqe.sessions (created_at);

-- Issuers whose tokens a tenant trusts: an IDE with users of its own.
create table sqe.issuers (
  id uuid primary key,
  tenant_id uuid not null references sqe.tenants (id) on delete cascade,
  issuer text not null,
  audience text not null,
  jwks_url text not null check (jwks_url ~ '^https?://'),
  created_at timestamptz not null default now(),
  unique (tenant_id, issuer, audience)
);

-- Enterprises that may come in without an invitation.
create table sqe.allowed_enterprises (
  eid bigint primary key,
  note text,
  created_at timestamptz not null default now()
);

-- One-time invitations. `secret_hash` is SHA-256; the secret is shown once.
create table sqe.invitations (
  id uuid primary key,
  secret_hash text not null,
  -- Null: for whichever enterprise uses it.
  eid bigint,
  tenant_name text check (length(tenant_name) between 1 and 200),
  makes_administrator boolean not null default false,
  created_by text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  used_by text
);

-- Sign-ins that begin in a window that cannot show Marketing Cloud's page, and end in another (RFC 8628's shape).
create table sqe.handoffs (
  id uuid primary key,
  secret_hash text not null,
  user_code text not null,
  kind text not null check (kind in ('frame', 'cli')),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  polls integer not null default 0,
  polls_from timestamptz not null default now(),
  -- By whom it was confirmed; null until then.
  tenant_id uuid references sqe.tenants (id) on delete cascade,
  user_id text,
  eid bigint,
  mid bigint,
  grant_id uuid references sqe.grants (id) on delete cascade,
  denied_at timestamptz,
  used_at timestamptz
);
create index on sqe.handoffs (expires_at);

create table sqe.operator_keys (
  id text primary key check (id ~ '^[0-9A-Za-z]{8}$'),
  key_hash text not null unique,
  name text not null check (length(name) between 1 and 200),
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at timestamptz
);

-- A key's connection is a connection or its user's grant, so it references neither table.
alter table sqe.api_keys
  drop constraint api_keys_connection_id_fkey,
  add column key_id text unique check (key_id ~ '^[0-9A-Za-z]{8}$'),
  add column name text not null default '' check (length(name) <= 200),
  add column scopes text[] not null default '{}',
  add column expires_at timestamptz,
  add column last_used_at timestamptz;
create index on sqe.api_keys (tenant_id, user_id);
grant insert, update on sqe.api_keys to sqe_app;
create policy add_own on sqe.api_keys for insert to sqe_app with check (tenant_id = sqe.current_tenant());
create policy change_own on sqe.api_keys for update to sqe_app
  using (tenant_id = sqe.current_tenant()) with check (tenant_id = sqe.current_tenant());

-- `detail` has ids, names and counts; never SQL, never a row.
alter table sqe.audit_log
  add column actor text not null default 'user' check (actor in ('user', 'operator', 'system')),
  add column mid bigint,
  add column detail jsonb;
create index on sqe.audit_log (tenant_id, id desc);
create index on sqe.audit_log (at);

do $$
declare
  name text;
begin
  foreach name in array array['users', 'packages', 'grants', 'grant_tokens', 'sessions', 'issuers', 'allowed_enterprises',
    'invitations', 'handoffs', 'operator_keys'] loop
    execute format('alter table sqe.%I enable row level security', name);
    execute format('alter table sqe.%I force row level security', name);
    execute format('create policy operators on sqe.%I for all to sqe_definer using (true) with check (true)', name);
  end loop;
  foreach name in array array['users', 'packages', 'grants', 'grant_tokens', 'sessions', 'issuers'] loop
    execute format('create policy own_tenant on sqe.%I for all to sqe_app
      using (tenant_id = sqe.current_tenant()) with check (tenant_id = sqe.current_tenant())', name);
  end loop;
end
$$;
grant select, insert, update on sqe.users to sqe_app;
grant select, insert, update, delete on sqe.packages, sqe.grants, sqe.grant_tokens, sqe.sessions to sqe_app;
grant select on sqe.issuers to sqe_app;

-- The narrow functions. The Worker calls them as sqe_system, before it knows a tenant.
grant create on schema sqe to sqe_definer;
grant select on sqe.packages, sqe.allowed_enterprises, sqe.api_keys to sqe_definer;
grant select, insert, update on sqe.users to sqe_definer;
grant select, update on sqe.invitations, sqe.operator_keys to sqe_definer;
grant select, insert, update, delete on sqe.handoffs to sqe_definer;
grant select, delete on sqe.sessions, sqe.grant_tokens, sqe.audit_log to sqe_definer;
grant select (tenant_id, mid) on sqe.tenant_settings to sqe_definer;

-- Tells where people sign in by a tenant's own address or by sub-domain, and with which package: the tenant's own, or null
-- for the service's. A package counts only at the sub-domain that the tenant is known to have.
create function sqe.find_sign_in(wanted_slug text, wanted_subdomain text)
  returns table (tenant_id uuid, subdomain text, package_id uuid, client_id text, client_secret text)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  as $$
    select tenant.id, tenant.subdomain, package.id, package.client_id, package.client_secret
    from sqe.tenants as tenant
    left join sqe.packages as package on package.tenant_id = tenant.id and package.subdomain = tenant.subdomain
    where tenant.active and (tenant.slug = wanted_slug or tenant.subdomain = wanted_subdomain)
    order by package.created_at desc nulls last limit 1
  $$;
alter function sqe.find_sign_in owner to sqe_definer;

-- Decides whether a person whom Marketing Cloud has named may come in, and notes the person. `verdict` is admitted, or why
-- not: unknown (neither known, allowed nor invited), invitation (it is used, expired or another enterprise's), suspended
-- (the tenant), inactive (the person).
create function sqe.admit(
  of_eid bigint, of_name text, of_subdomain text, of_user text, of_user_name text, of_email text,
  is_open boolean, invitation_id uuid, invitation_hash text
) returns table (verdict text, tenant_id uuid, role text)
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
  as $$
    #variable_conflict use_column
    declare
      found_tenant record;
      invited record;
      found_user record;
    begin
      select known.id, known.active into found_tenant from sqe.tenants as known where known.eid = of_eid;
      if found_tenant.id is not null and not found_tenant.active then
        return query select 'suspended', null::uuid, null::text;
        return;
      end if;
      update sqe.invitations as it set used_at = now(), used_by = of_user
        where it.id = invitation_id and it.secret_hash = invitation_hash and it.used_at is null and it.expires_at > now()
          and (it.eid is null or it.eid = of_eid)
        returning it.tenant_name, it.makes_administrator into invited;
      if found_tenant.id is null then
        if invited is null and not is_open
          and not exists (select from sqe.allowed_enterprises as allowed where allowed.eid = of_eid) then
          return query select case when invitation_id is null then 'unknown' else 'invitation' end, null::uuid, null::text;
          return;
        end if;
        insert into sqe.tenants (id, eid, name) values (gen_random_uuid(), of_eid, left(coalesce(invited.tenant_name, of_name), 200))
          on conflict (eid) do nothing;
        select known.id, known.active into found_tenant from sqe.tenants as known where known.eid = of_eid;
      end if;
      update sqe.tenants as known set subdomain = of_subdomain
        where known.id = found_tenant.id and known.subdomain is null
          and not exists (select from sqe.tenants as other where other.subdomain = of_subdomain);
      insert into sqe.users as known (tenant_id, user_id, name, email, role)
        values (found_tenant.id, of_user, of_user_name, of_email,
          case when invited.makes_administrator then 'administrator' else 'member' end)
        on conflict (tenant_id, user_id) do update set name = excluded.name, email = excluded.email, last_seen_at = now(),
          role = case when excluded.role = 'administrator' then excluded.role else known.role end
        returning known.role, known.active into found_user;
      if not found_user.active then
        return query select 'inactive', null::uuid, null::text;
        return;
      end if;
      return query select 'admitted', found_tenant.id, found_user.role;
    end
  $$;
alter function sqe.admit owner to sqe_definer;

create function sqe.open_handoff(
  new_id uuid, new_hash text, new_code text, new_kind text, until timestamptz
) returns void
  language sql volatile security definer set search_path = pg_catalog, pg_temp
  as $$
    insert into sqe.handoffs (id, secret_hash, user_code, kind, expires_at) values (new_id, new_hash, new_code, new_kind, until)
  $$;
alter function sqe.open_handoff owner to sqe_definer;

-- What the page that confirms shows; nothing once it is expired or decided.
create function sqe.find_handoff(wanted uuid) returns table (user_code text, kind text, expires_at timestamptz)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  as $$
    select it.user_code, it.kind, it.expires_at from sqe.handoffs as it
    where it.id = wanted and it.expires_at > now() and it.user_id is null and it.denied_at is null
  $$;
alter function sqe.find_handoff owner to sqe_definer;

-- Confirms a hand-off as a signed-in person, or denies it when that person is null. False when it is expired or decided.
create function sqe.decide_handoff(
  wanted uuid, of_tenant uuid, of_user text, of_eid bigint, of_mid bigint, of_grant uuid
) returns boolean
  language sql volatile security definer set search_path = pg_catalog, pg_temp
  as $$
    with decided as (
      update sqe.handoffs as it
      set tenant_id = of_tenant, user_id = of_user, eid = of_eid, mid = of_mid, grant_id = of_grant,
        denied_at = case when of_user is null then now() end
      where it.id = wanted and it.expires_at > now() and it.user_id is null and it.denied_at is null
      returning 1
    )
    select exists (select from decided)
  $$;
alter function sqe.decide_handoff owner to sqe_definer;

-- Asks for the outcome with the secret: unknown, slow (a sixth time within a minute), expired, denied, pending, or confirmed,
-- which is said once.
create function sqe.poll_handoff(wanted uuid, hash text)
  returns table (outcome text, kind text, tenant_id uuid, user_id text, eid bigint, mid bigint, grant_id uuid)
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
  as $$
    #variable_conflict use_column
    declare
      it sqe.handoffs;
      said text;
    begin
      select * into it from sqe.handoffs as known where known.id = wanted and known.secret_hash = hash for update;
      if it.id is null then
        return query select 'unknown', null::text, null::uuid, null::text, null::bigint, null::bigint, null::uuid;
        return;
      end if;
      if it.polls_from < now() - interval '1 minute' then
        it.polls_from := now();
        it.polls := 0;
      end if;
      it.polls := it.polls + 1;
      said := case
        when it.polls > 5 then 'slow'
        when it.used_at is not null or it.expires_at <= now() then 'expired'
        when it.denied_at is not null then 'denied'
        when it.user_id is null then 'pending'
        else 'confirmed'
      end;
      update sqe.handoffs as known
        set polls = it.polls, polls_from = it.polls_from, used_at = case when said = 'confirmed' then now() else known.used_at end
        where known.id = wanted;
      if said = 'confirmed' then
        return query select said, it.kind, it.tenant_id, it.user_id, it.eid, it.mid, it.grant_id;
      else
        return query select said, it.kind, null::uuid, null::text, null::bigint, null::bigint, null::uuid;
      end if;
    end
  $$;
alter function sqe.poll_handoff owner to sqe_definer;

-- Finds an API key whose secret is known: `hash` is the key's. Also one that is expired or revoked, so that its owner hears so.
create function sqe.find_api_key(wanted text, hash text)
  returns table (id uuid, tenant_id uuid, user_id text, eid bigint, mid bigint, connection_id uuid, name text, scopes text[],
    role text, mcp boolean, active boolean, expires_at timestamptz, revoked_at timestamptz, last_used_at timestamptz)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  as $$
    select key.id, key.tenant_id, key.user_id, tenant.eid, key.mid, key.connection_id, key.name, key.scopes,
      coalesce(person.role, 'member'), tenant.mcp, tenant.active and coalesce(person.active, true),
      key.expires_at, key.revoked_at, key.last_used_at
    from sqe.api_keys as key
    join sqe.tenants as tenant on tenant.id = key.tenant_id
    left join sqe.users as person on person.tenant_id = key.tenant_id and person.user_id = key.user_id
    where key.key_id = wanted and key.key_hash = hash
  $$;
alter function sqe.find_api_key owner to sqe_definer;

-- Finds an operator's key whose secret is known, and notes its use, at most once a minute.
create function sqe.use_operator_key(wanted text, hash text) returns table (name text, revoked_at timestamptz)
  language sql volatile security definer set search_path = pg_catalog, pg_temp
  as $$
    update sqe.operator_keys as key set last_used_at = now()
      where key.id = wanted and key.key_hash = hash and key.revoked_at is null
        and (key.last_used_at is null or key.last_used_at < now() - interval '1 minute');
    select key.name, key.revoked_at from sqe.operator_keys as key where key.id = wanted and key.key_hash = hash
  $$;
alter function sqe.use_operator_key owner to sqe_definer;

-- Deletes the oldest entries of the audit logs of all tenants. One of the last 30 days stays, whatever is asked.
create function sqe.delete_old_audit(logged_before timestamptz, at_most integer) returns integer
  language sql volatile security definer set search_path = pg_catalog, pg_temp
  as $$
    with doomed as (
      select old.id from sqe.audit_log as old where old.at < least(logged_before, now() - interval '30 days')
      order by old.at limit at_most for update skip locked
    ), deleted as (
      delete from sqe.audit_log as known using doomed where known.id = doomed.id returning 1
    )
    select count(*)::integer from deleted
  $$;
alter function sqe.delete_old_audit owner to sqe_definer;

-- Deletes sessions, hand-offs and access tokens that ended a day ago or longer.
create function sqe.delete_ended_sign_ins() returns void
  language sql volatile security definer set search_path = pg_catalog, pg_temp
  as $$
    delete from sqe.handoffs as it where it.expires_at < now() - interval '1 day';
    delete from sqe.sessions as it where it.created_at < now() - interval '2 days';
    delete from sqe.grant_tokens as it where it.expires_at < now() - interval '1 day'
  $$;
alter function sqe.delete_ended_sign_ins owner to sqe_definer;

-- Units to sweep: those of the connections, and those where a folder of ours was made, with whatever grant. Who can sign in
-- there is asked when a unit is swept.
create function sqe.swept_units() returns table (tenant_id uuid, mid bigint)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  as $$
    select known.tenant_id, unit.mid from sqe.connections as known cross join lateral unnest(known.mids) as unit (mid)
    union
    select known.tenant_id, known.mid from sqe.tenant_settings as known
  $$;
alter function sqe.swept_units owner to sqe_definer;

create or replace function sqe.sweep_units() returns table (tenant_id uuid, mid bigint)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  as $$ select unit.tenant_id, unit.mid from sqe.swept_units() as unit order by 1, 2 $$;

create or replace function sqe.last_sweeps(due_since timestamptz, at_most integer)
  returns table (tenant_id uuid, mid bigint, ended_at timestamptz, found integer, deleted integer, failed integer, error text,
    units bigint, overdue bigint)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  as $$
    select unit.tenant_id, unit.mid, last.ended_at, last.found, last.deleted, last.failed, last.error,
      count(*) over (), count(*) filter (where last.ended_at is null or last.ended_at < due_since) over ()
    from sqe.swept_units() as unit
    left join lateral (
      select sweep.ended_at, sweep.found, sweep.deleted, sweep.failed, sweep.error from sqe.sweeps as sweep
      where sweep.tenant_id = unit.tenant_id and sweep.mid = unit.mid order by sweep.ended_at desc limit 1
    ) as last on true
    order by last.ended_at nulls first, unit.tenant_id, unit.mid limit at_most
  $$;
revoke create on schema sqe from sqe_definer;

revoke all on function sqe.swept_units, sqe.find_sign_in, sqe.admit, sqe.open_handoff, sqe.find_handoff, sqe.decide_handoff, sqe.poll_handoff,
  sqe.find_api_key, sqe.use_operator_key, sqe.delete_old_audit, sqe.delete_ended_sign_ins from public;
grant execute on function sqe.find_sign_in, sqe.admit, sqe.open_handoff, sqe.find_handoff, sqe.decide_handoff, sqe.poll_handoff,
  sqe.find_api_key, sqe.use_operator_key, sqe.delete_old_audit, sqe.delete_ended_sign_ins to sqe_system;
