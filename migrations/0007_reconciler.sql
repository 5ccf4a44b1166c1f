-- The reconciler: a run that Postgres calls alive although its object is gone, or has come further, must not stay so.
-- When the object of a run was last asked for; a fresh row needs no asking.
alter table sqe.runs add column seen_at timestamptz not null default now();
create index on sqe.runs (seen_at) where status in ('queued', 'running');

grant create on schema sqe to sqe_definer;

-- Hands out live runs whose objects nobody has asked for lately, each to one caller only: id and version, nothing of a user's.
create function sqe.take_stale_runs(asked_at timestamptz, seen_before timestamptz, at_most integer)
  returns table (id text, version integer)
  language sql volatile security definer set search_path = pg_catalog, pg_temp
  as $$
    update sqe.runs as known set seen_at = asked_at
    from (
      select stale.id from sqe.runs as stale
      where stale.status in ('queued', 'running') and stale.seen_at < seen_before
      order by stale.seen_at limit at_most for update skip locked
    ) as taken
    where known.id = taken.id
    returning known.id, known.version
  $$;
alter function sqe.take_stale_runs owner to sqe_definer;

-- Ends a run whose object is gone; one that has moved since it was looked at is left alone.
create function sqe.end_lost_run(run_id text, seen_version integer, ended_at text, run_error jsonb) returns void
  language sql security definer set search_path = pg_catalog, pg_temp
  as $$
    update sqe.runs as known
    set status = 'failed', version = known.version + 1,
      view = (known.view - 'phase') || jsonb_build_object(
        'status', 'failed', 'version', known.version + 1, 'endedAt', ended_at, 'error', run_error)
    where known.id = run_id and known.version = seen_version and known.status in ('queued', 'running')
  $$;
alter function sqe.end_lost_run owner to sqe_definer;
revoke create on schema sqe from sqe_definer;

revoke all on function sqe.take_stale_runs, sqe.end_lost_run from public;
grant execute on function sqe.take_stale_runs, sqe.end_lost_run to sqe_system;
