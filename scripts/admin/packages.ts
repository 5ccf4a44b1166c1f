import { randomUUID } from "node:crypto";
import { openPlatform } from "#async/platform.ts";
import { openVault, seal } from "#db/vault.ts";
import { given } from "#lang/given.ts";
import { requestToken } from "#mce/token-request.ts";
import type { Installation, Owner } from "./installation.ts";
import type { Tenant } from "./tenants.ts";

/** A web-app package of a tenant's own. Without a sub-domain: the one the tenant is known to have. */
export type NewPackage = { clientId: string; clientSecret: string; subdomain?: string };

/** Where a package's people sign in, and its row. */
export type AddedPackage = { id: string; subdomain: string };

/**
 * Adds a package that a tenant's people sign in with instead of the service's, or changes its secret. The one that was added
 * last counts. The client id and the secret are tried first.
 *
 * @throws when Marketing Cloud refuses them, and when the tenant has another sub-domain; nothing is stored then
 */
export async function addPackage(
  { owner, vaultKeys, sandboxUrl }: Installation,
  tenant: Tenant,
  { clientId, clientSecret, subdomain: named }: NewPackage,
): Promise<AddedPackage> {
  if (vaultKeys === undefined)
    throw new Error("Cannot add the package: there are no keys to seal the secret; run npm run setup first");
  const subdomain = tenant.subdomain ?? named;
  if (subdomain === undefined) throw new Error(`"${tenant.name}" has no sub-domain yet: say --subdomain`);
  if (named !== undefined && named !== subdomain)
    throw new Error(`"${tenant.name}" signs in at ${subdomain}; a package counts there only`);
  await tryPackage(tenant, { clientId, clientSecret, subdomain }, sandboxUrl);
  const known = await owner.query("select id from sqe.packages where tenant_id = $1 and client_id = $2", [
    tenant.id,
    clientId,
  ]);
  const [row] = known.rows;
  const id = row === undefined ? randomUUID() : String(row["id"]);
  const place = { table: "packages", tenantId: tenant.id, row: id, field: "client_secret" };
  const sealed = await seal(await openVault(vaultKeys), clientSecret, place);
  await save(owner, tenant.id, { id, subdomain, clientId, sealed });
  return { id, subdomain };
}

/**
 * Asks for a token with a refresh token that nobody has: Marketing Cloud looks at the client first, so that its refusal of the
 * token is its word that id and secret are right. Whether the redirect address and the permissions are, only a sign-in shows.
 */
async function tryPackage(
  { eid }: Tenant,
  { clientId, clientSecret, subdomain = "" }: NewPackage,
  sandboxUrl: string | undefined,
): Promise<void> {
  const access = { connectionId: "new", eid, mid: eid, subdomain, clientId, clientSecret };
  const deps = { platform: openPlatform(), readTimeoutMs: 30_000, ...given({ sandboxUrl }) };
  const answer = await requestToken(access, deps, `tried-by-sqe-${randomUUID()}`);
  const oauth = !answer.ok && answer.error.kind === "unauthorized" ? answer.error.oauth : undefined;
  if (oauth === "unauthorized_client")
    throw new Error("Cannot add the package: people cannot sign in with it; it has to be of the type Web App");
  if (answer.ok || oauth === undefined || oauth === "invalid_client")
    throw new Error(`Cannot add the package: ${answer.ok ? "Marketing Cloud takes any token" : answer.error.message}`);
}

async function save(
  owner: Owner,
  tenantId: string,
  { id, subdomain, clientId, sealed }: { id: string; subdomain: string; clientId: string; sealed: string },
): Promise<void> {
  await owner.query(
    `with known as (
       update sqe.tenants set subdomain = $3 where id = $2 and subdomain is null
     ), noted as (
       insert into sqe.audit_log (tenant_id, user_id, action, actor, detail)
       values ($2, 'operator', 'package-added', 'operator', jsonb_build_object('package', $1::uuid))
     )
     insert into sqe.packages (id, tenant_id, subdomain, client_id, client_secret) values ($1, $2, $3, $4, $5)
     on conflict (id) do update set subdomain = excluded.subdomain, client_secret = excluded.client_secret,
       created_at = now()`,
    [id, tenantId, subdomain, clientId, sealed],
  );
}

/** Lists a tenant's packages, newest first: which one counts, and how many people have signed in with each. */
export async function listPackages(owner: Owner, tenantId: string): Promise<Record<string, unknown>[]> {
  const { rows } = await owner.query(
    `select package.id, package.client_id as client, package.subdomain, package.created_at::text,
       row_number() over (order by package.subdomain = tenant.subdomain desc nulls last, package.created_at desc) = 1
         and package.subdomain = tenant.subdomain as counts,
       (select count(*) from sqe.grants where package_id = package.id and revoked_at is null)::int as people
     from sqe.packages as package join sqe.tenants as tenant on tenant.id = package.tenant_id
     where package.tenant_id = $1 order by package.created_at desc`,
    [tenantId],
  );
  return rows;
}

/** Whose package it is, and how many people have signed in with it. @throws when there is none of that id */
export async function findPackage(owner: Owner, id: string): Promise<{ tenant: string; people: number }> {
  const { rows } = await owner.query(
    `select tenant.name, (select count(*) from sqe.grants where package_id = package.id and revoked_at is null)::int as people
     from sqe.packages as package join sqe.tenants as tenant on tenant.id = package.tenant_id where package.id::text = $1`,
    [id],
  );
  const [row] = rows;
  if (row === undefined)
    throw new Error(`There is no package "${id}"; npm run admin -- packages list shows a tenant's`);
  return { tenant: String(row["name"]), people: Number(row["people"]) };
}

/** Removes a package, with the consents and sessions of the people who signed in with it. */
export async function removePackage(owner: Owner, id: string): Promise<void> {
  await owner.query(
    `with gone as (delete from sqe.packages where id::text = $1 returning id, tenant_id)
     insert into sqe.audit_log (tenant_id, user_id, action, actor, detail)
     select tenant_id, 'operator', 'package-removed', 'operator', jsonb_build_object('package', id) from gone`,
    [id],
  );
}
