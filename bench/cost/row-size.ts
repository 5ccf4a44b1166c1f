import { neon, neonConfig } from "@neondatabase/serverless";
import type { StackFile } from "../../dev/stack/stack-files.ts";

const copies = 5000;

/** Measures what Postgres needs for a run, with its indexes: bytes of a row among thousands like those of this stack. */
export async function bytesOfRow({ neonHttp, neonAdmin }: StackFile): Promise<number> {
  neonConfig.fetchEndpoint = () => neonHttp;
  const admin = neon(neonAdmin);
  const [, , size] = await admin.transaction([
    admin`create table public.copied (like sqe.runs including indexes including storage)`,
    admin`insert into public.copied (id, tenant_id, user_id, mid, version, status, created_at, expires_at, view, seen_at)
      select md5(one.id || n), tenant_id, user_id, mid, version, status, created_at, expires_at, view, seen_at
      from (select * from sqe.runs where status = 'ready' order by id limit 1) as one, generate_series(1, ${copies}::int) as n`,
    admin`select pg_total_relation_size('public.copied') as bytes`,
    admin`drop table public.copied`,
  ]);
  return Number(size?.[0]?.["bytes"]) / copies;
}
