import type { Session } from "../../../scripts/migrations/session.ts";
import { stranger, victim } from "./seed.ts";
import { roles } from "./rules.ts";

/** A table as the catalogue has it, with the victim's rows in it. */
export type Table = {
  name: string;
  /** `r` for a plain table. */
  kind: string;
  isEnabled: boolean;
  isForced: boolean;
  /** Those that a statement may write. */
  columns: readonly string[];
  /** Columns that a role has a right to, by `role right`; absent: none. */
  rights: Readonly<Record<string, readonly string[]>>;
  /** A condition for rows of the victim; every row where there is no tenant. */
  isVictims: string;
  /** The column that says whose a row is. */
  ownedBy?: string;
  /** Where the victim's rows lie; a row that is changed lies elsewhere. */
  ctids: readonly string[];
  /** One of them, as JSON. */
  row: string;
  /** Rows of the other tenant. */
  strangers: number;
};

const isOurs = "n.nspname !~ '^(pg_|information_schema$)' and c.relkind in ('r', 'p', 'v', 'm', 'f')";

/** Names of relations with rows outside of our schema; the record of migrations (D29) is none of ours. */
export async function readStrays(admin: Session): Promise<string[]> {
  const { rows } = await admin.query(`
    select n.nspname || '.' || c.relname as name from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
    where ${isOurs} and n.nspname <> 'sqe' and n.nspname || '.' || c.relname <> 'public.pgmigrations' order by 1`);
  return rows.map(({ name }) => String(name));
}

/** Every relation with rows in our schema. */
export async function readTables(admin: Session): Promise<Table[]> {
  const { rows } = await admin.query(`
    select c.relname as name, c.relkind::text as kind, c.relrowsecurity, c.relforcerowsecurity,
      (select json_agg(a.attname order by a.attnum) from pg_attribute as a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attidentity = '' and a.attgenerated = '') as columns
    from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
    where ${isOurs} and n.nspname = 'sqe' order by 1`);
  const tables: Table[] = [];
  for (const row of rows) tables.push(await readTable(admin, row));
  return tables;
}

async function readTable(admin: Session, row: Record<string, unknown>): Promise<Table> {
  const name = String(row["name"]);
  // json_agg of names.
  const columns = (row["columns"] ?? []) as string[];
  // A hand-off has a tenant only once somebody has confirmed it.
  const isShared = name === "handoffs" || (!columns.includes("tenant_id") && name !== "tenants");
  const ownedBy = isShared ? undefined : name === "tenants" ? "id" : "tenant_id";
  const of = ({ tenant }: typeof victim) => (ownedBy === undefined ? "true" : `${ownedBy} = '${tenant}'`);
  const rowsOf = async (who: typeof victim) =>
    (await admin.query(`select ctid::text, to_jsonb(it)::text as row from sqe.${name} as it where ${of(who)}`)).rows;
  const theirs = await rowsOf(victim);
  return {
    name,
    kind: String(row["kind"]),
    isEnabled: row["relrowsecurity"] === true,
    isForced: row["relforcerowsecurity"] === true,
    columns,
    rights: await readRights(admin, name, columns),
    isVictims: of(victim),
    ...(ownedBy !== undefined && { ownedBy }),
    ctids: theirs.map(({ ctid }) => String(ctid)),
    row: String(theirs[0]?.["row"]),
    strangers: (await rowsOf(stranger)).length,
  };
}

async function readRights(admin: Session, name: string, columns: readonly string[]): Promise<Table["rights"]> {
  const { rows } = await admin.query(`
    select role || ' ' || operation as right, json_agg(col) as columns
    from unnest(array['${roles.join("','")}']) as role, unnest(array['select', 'insert', 'update']) as operation,
      unnest(array['${columns.join("','")}']) as col
    where has_column_privilege(role, 'sqe.${name}', col, operation) group by 1`);
  return Object.fromEntries(rows.map((row) => [String(row["right"]), row["columns"] as string[]]));
}
