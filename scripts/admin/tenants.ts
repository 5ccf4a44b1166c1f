import { randomUUID } from "node:crypto";
import type { Owner } from "./installation.ts";

/** A tenant as operators see it. */
export type Tenant = {
  id: string;
  eid: number;
  name: string;
  slug: string | null;
  subdomain: string | null;
  mcp: boolean;
  active: boolean;
};

const columns = "id, eid::text, name, slug, subdomain, mcp, active";

function tenantOf(row: Record<string, unknown>): Tenant {
  const { id, eid, name, slug, subdomain, mcp, active } = row;
  return {
    id: String(id),
    eid: Number(eid),
    name: String(name),
    slug: typeof slug === "string" ? slug : null,
    subdomain: typeof subdomain === "string" ? subdomain : null,
    mcp: mcp === true,
    active: active === true,
  };
}

/** Lists all tenants by name, with how many people, connections and runs each has. */
export async function listTenants(owner: Owner): Promise<(Tenant & Counts)[]> {
  const { rows } = await owner.query(`select ${columns}, ${counts} from sqe.tenants as tenant order by name, id`);
  return rows.map((row) => ({ ...tenantOf(row), ...countsOf(row) }));
}

/** Finds a tenant by its id, its EID or its slug. @throws when there is none */
export async function findTenant(owner: Owner, named: string): Promise<Tenant> {
  const { rows } = await owner.query(
    `select ${columns} from sqe.tenants as tenant where id::text = $1 or eid::text = $1 or slug = $1`,
    [named],
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`There is no tenant "${named}"; npm run admin -- tenants list shows all`);
  return tenantOf(row);
}

/** Makes a tenant. @throws when the enterprise, the slug or the sub-domain has one */
export async function createTenant(
  owner: Owner,
  { eid, name, slug, subdomain }: { eid: number; name: string; slug?: string; subdomain?: string },
): Promise<Tenant> {
  const { rows } = await owner.query(
    `insert into sqe.tenants as tenant (id, eid, name, slug, subdomain) values ($1, $2, $3, $4, $5)
     on conflict do nothing returning ${columns}`,
    [randomUUID(), eid, name, slug ?? null, subdomain ?? null],
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`Cannot make the tenant: its EID ${eid}, slug or sub-domain has one already`);
  return tenantOf(row);
}

/** Turns the assistants of a tenant on or off, and notes that in its audit log. */
export async function setMcp(owner: Owner, tenant: Tenant, on: boolean): Promise<void> {
  await owner.query(
    `with changed as (update sqe.tenants set mcp = $2 where id = $1)
     insert into sqe.audit_log (tenant_id, user_id, action, actor, detail)
     values ($1, 'operator', 'mcp', 'operator', jsonb_build_object('on', $2::boolean))`,
    [tenant.id, on],
  );
}

/** Gives a tenant its own address to sign in, or takes it. @throws when another tenant has that one */
export async function setSlug(owner: Owner, { id }: Tenant, slug: string | null): Promise<void> {
  const { rows } = await owner.query(
    `update sqe.tenants set slug = $2
     where id = $1 and not exists (select from sqe.tenants where slug = $2 and id <> $1) returning id`,
    [id, slug],
  );
  if (rows.length === 0) throw new Error(`Another tenant has the slug "${slug}"`);
}

/** What hangs on a tenant. */
export type Counts = { people: number; connections: number; keys: number; runs: number; liveRuns: number };

const counts = [
  ["people", "users", "true"],
  ["connections", "connections", "true"],
  ["keys", "api_keys", "revoked_at is null"],
  ["runs", "runs", "true"],
  ["live", "runs", "status in ('queued', 'running')"],
]
  .map(
    ([as, table, only]) => `(select count(*) from sqe.${table} where tenant_id = tenant.id and ${only})::int as ${as}`,
  )
  .join(", ");

function countsOf(row: Record<string, unknown>): Counts {
  const number = (name: string) => Number(row[name] ?? 0);
  return {
    people: number("people"),
    connections: number("connections"),
    keys: number("keys"),
    runs: number("runs"),
    liveRuns: number("live"),
  };
}

/** Counts what would go with a tenant. */
export async function countOf(owner: Owner, { id }: Tenant): Promise<Counts> {
  const { rows } = await owner.query(`select ${counts} from sqe.tenants as tenant where id = $1`, [id]);
  return countsOf(rows[0] ?? {});
}

/** Deletes a tenant with all that is stored of it. */
export async function removeTenant(owner: Owner, { id }: Tenant): Promise<void> {
  await owner.query("delete from sqe.tenants where id = $1", [id]);
}
