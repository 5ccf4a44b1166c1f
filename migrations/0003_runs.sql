-- A projection of the run objects (D1): metadata only, no SQL text, no rows.
create table sqe.runs (
  id text primary key check (id ~ '^[0-9a-f]{30}$'),
  tenant_id uuid not null references sqe.tenants (id) on delete cascade,
  user_id text not null,
  mid bigint not null,
  version integer not null check (version > 0),
  status text not null check (status in ('queued', 'running', 'ready', 'failed', 'canceled')),
  created_at timestamptz not null,
  expires_at timestamptz,
  -- The Run of the public API, as it stood at `version`.
  view jsonb not null
);
create index on sqe.runs (tenant_id, user_id, created_at desc, id desc);
create index on sqe.runs (status) where status in ('queued', 'running');
