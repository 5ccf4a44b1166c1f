-- What is chosen once and holds as long as the runs do: where their objects live (D35). The first Worker that starts, or
-- `npm run setup`, makes the choice.
create table sqe.installation (
  is_only boolean primary key default true check (is_only),
  jurisdiction text not null check (jurisdiction in ('none', 'eu'))
);
alter table sqe.installation enable row level security;
alter table sqe.installation force row level security;
grant select, insert on sqe.installation to sqe_definer;
create policy installation on sqe.installation for all to sqe_definer using (true) with check (true);

-- Until now no object was made in a jurisdiction.
insert into sqe.installation (jurisdiction) select 'none' where exists (select from sqe.runs);

grant create on schema sqe to sqe_definer;

-- Makes the choice if there is none yet, and returns the one that holds.
create function sqe.choose_jurisdiction(wanted text) returns text
  language sql volatile security definer set search_path = pg_catalog, pg_temp
  as $$
    insert into sqe.installation (jurisdiction) values (wanted) on conflict do nothing;
    select jurisdiction from sqe.installation
  $$;
alter function sqe.choose_jurisdiction owner to sqe_definer;
revoke create on schema sqe from sqe_definer;

revoke all on function sqe.choose_jurisdiction from public;
grant execute on function sqe.choose_jurisdiction to sqe_app;
