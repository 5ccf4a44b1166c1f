import { neon, neonConfig } from "@neondatabase/serverless";
import { entryOf, type Entry } from "./sink.ts";

type Stack = { neonHttp: string; neonAdmin: string };

function adminOf({ neonHttp, neonAdmin }: Stack) {
  neonConfig.fetchEndpoint = () => neonHttp;
  return neon(neonAdmin);
}

/** Turns off compression, so that the files of the database show each version of each value as it is. */
export async function keepUncompressed(stack: Stack): Promise<void> {
  const admin = adminOf(stack);
  const columns = await admin`select attrelid::regclass::text as of, attname as name from pg_attribute
    join pg_class on pg_class.oid = attrelid join pg_namespace on pg_namespace.oid = relnamespace
    where nspname = 'sqe' and relkind = 'r' and attnum > 0 and attstorage = 'x' and not attisdropped`;
  for (const { of, name } of columns)
    await admin.query(`alter table ${of} alter column "${name}" set storage external`);
}

/** Reads every column of every row of every table that is not the system's own. */
export async function readPostgres(stack: Stack): Promise<Entry[]> {
  const admin = adminOf(stack);
  const tables = await admin`select format('%I.%I', nspname, relname) as name from pg_class
    join pg_namespace on pg_namespace.oid = relnamespace
    where relkind in ('r', 'm', 'p') and nspname not in ('pg_catalog', 'information_schema')`;
  const perTable = tables.map(async ({ name }) => {
    const rows = await admin.query(`select t::text as whole, to_jsonb(t) as columns from ${name} t`);
    return rows.flatMap(({ whole, columns }) => [
      entryOf("Postgres rows", name, whole),
      ...Object.entries<unknown>(columns).map(([column, value]) =>
        entryOf("Postgres rows", `${name}.${column}`, typeof value === "string" ? value : JSON.stringify(value)),
      ),
    ]);
  });
  return (await Promise.all(perTable)).flat();
}
