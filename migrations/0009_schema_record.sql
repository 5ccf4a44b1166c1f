-- The record of applied migrations, which `npm run migrate` keeps: both programs ask it at their start whether the schema is
-- new enough for them (D29). They log in as sqe_app for that.
grant select on public.pgmigrations to sqe_app;
