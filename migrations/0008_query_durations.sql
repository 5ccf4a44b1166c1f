-- How long queries of one shape take, so that polls come when the end is likely (D10). `shape` is a keyed hash of the text
-- without its literals: neither the text nor a value can be had from it. Times are logarithms; old runs fade.
create table sqe.query_durations (
  tenant_id uuid not null references sqe.tenants (id) on delete cascade,
  mid bigint not null,
  shape text not null check (shape ~ '^[0-9a-f]{64}$'),
  runs double precision not null check (runs > 0),
  mean double precision not null,
  variance double precision not null check (variance >= 0),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, mid, shape)
);
alter table sqe.query_durations enable row level security;
alter table sqe.query_durations force row level security;
-- Shapes nobody has run for three months are forgotten by whoever learns the next one of that business unit.
grant select, insert, update, delete on sqe.query_durations to sqe_app;
create policy own_tenant on sqe.query_durations for all to sqe_app
  using (tenant_id = sqe.current_tenant()) with check (tenant_id = sqe.current_tenant());
