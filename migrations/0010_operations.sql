-- What operating the engine needs across tenants: old runs go (D31), and an operator sees how runs and sweeps stand (D32).
create index on sqe.runs (created_at);
create index on sqe.sweeps (tenant_id, mid, ended_at desc);

grant create on schema sqe to sqe_definer;
grant delete on sqe.runs to sqe_definer;
grant select on sqe.sweeps to sqe_definer;
create policy status on sqe.sweeps for select to sqe_definer using (true);

-- Deletes runs that are over, the oldest first. A live run stays, however old: the reconciler ends it first. Neither goes a
-- run of the last three days, whatever is asked: its object may still write it.
create function sqe.delete_old_runs(created_before timestamptz, at_most integer) returns integer
  language sql volatile security definer set search_path = pg_catalog, pg_temp
  as $$
    with doomed as (
      select old.id from sqe.runs as old
      where old.created_at < least(created_before, now() - interval '3 days') and old.status not in ('queued', 'running')
      order by old.created_at limit at_most for update skip locked
    ), deleted as (
      delete from sqe.runs as known using doomed where known.id = doomed.id returning 1
    )
    select count(*)::integer from deleted
  $$;
alter function sqe.delete_old_runs owner to sqe_definer;

-- Counts runs by status: all that are alive, and those of the last day that are over. Nothing of a user's.
create function sqe.count_runs() returns table (status text, runs bigint, oldest timestamptz)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  as $$
    select run.status, count(*), min(run.created_at) from sqe.runs as run
      where run.status in ('queued', 'running') group by run.status
    union all
    select run.status, count(*), min(run.created_at) from sqe.runs as run
      where run.status in ('ready', 'failed', 'canceled') and run.created_at > now() - interval '1 day' group by run.status
  $$;
alter function sqe.count_runs owner to sqe_definer;

-- Tells of every business unit what its last sweep came to, those swept longest ago first; with how many units there are,
-- and how many were not swept since a time.
create function sqe.last_sweeps(due_since timestamptz, at_most integer)
  returns table (tenant_id uuid, mid bigint, ended_at timestamptz, found integer, deleted integer, failed integer, error text,
    units bigint, overdue bigint)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  as $$
    select unit.tenant_id, unit.mid, last.ended_at, last.found, last.deleted, last.failed, last.error,
      count(*) over (), count(*) filter (where last.ended_at is null or last.ended_at < due_since) over ()
    from (
      select distinct known.tenant_id, one.mid
      from sqe.connections as known cross join lateral unnest(known.mids) as one (mid)
    ) as unit
    left join lateral (
      select sweep.ended_at, sweep.found, sweep.deleted, sweep.failed, sweep.error from sqe.sweeps as sweep
      where sweep.tenant_id = unit.tenant_id and sweep.mid = unit.mid order by sweep.ended_at desc limit 1
    ) as last on true
    order by last.ended_at nulls first, unit.tenant_id, unit.mid limit at_most
  $$;
alter function sqe.last_sweeps owner to sqe_definer;
revoke create on schema sqe from sqe_definer;

revoke all on function sqe.delete_old_runs, sqe.count_runs, sqe.last_sweeps from public;
grant execute on function sqe.delete_old_runs, sqe.count_runs, sqe.last_sweeps to sqe_system;
