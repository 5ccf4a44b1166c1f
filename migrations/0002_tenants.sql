create table sqe.tenants (
  id uuid primary key,
  eid bigint not null unique,
  name text not null check (length(name) between 1 and 200),
  created_at timestamptz not null default now()
);

-- One installed package of MCE. Secrets are AES-256-GCM envelopes (v1.<kid>.<iv>.<ct>), never clear text.
create table sqe.connections (
  id uuid primary key,
  tenant_id uuid not null references sqe.tenants (id) on delete cascade,
  eid bigint not null,
  -- Business units this connection may be used for.
  mids bigint[] not null check (cardinality(mids) > 0),
  subdomain text not null check (subdomain ~ '^[a-z0-9-]{1,63}$'),
  client_id text not null,
  client_secret text not null check (client_secret like 'v1.%'),
  refresh_token text check (refresh_token like 'v1.%'),
  -- Compare-and-set counter for token rotation.
  version integer not null default 1,
  created_at timestamptz not null default now()
);
create index on sqe.connections (tenant_id);

-- The folder ids of R5, per business unit; null until first made or when found gone.
create table sqe.tenant_settings (
  tenant_id uuid not null references sqe.tenants (id) on delete cascade,
  mid bigint not null,
  data_extension_folder_id bigint,
  query_folder_id bigint,
  updated_at timestamptz not null default now(),
  primary key (tenant_id, mid)
);

create table sqe.api_keys (
  id uuid primary key,
  tenant_id uuid not null references sqe.tenants (id) on delete cascade,
  user_id text not null,
  mid bigint not null,
  connection_id uuid not null references sqe.connections (id) on delete cascade,
  -- SHA-256 of the key; the key itself is shown once and kept nowhere.
  key_hash text not null unique,
  created_at timestamptz not null default now(),
  revoked_at timestamptz
);

create table sqe.audit_log (
  id bigint generated always as identity primary key,
  tenant_id uuid not null references sqe.tenants (id) on delete cascade,
  user_id text not null,
  action text not null,
  run_id text,
  at timestamptz not null default now()
);
create index on sqe.audit_log (tenant_id, at);
