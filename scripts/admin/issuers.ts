import { randomUUID } from "node:crypto";
import type { Owner } from "./installation.ts";

/** Whose tokens a tenant trusts. */
export type NewIssuer = { tenantId: string; issuer: string; audience: string; jwks: string };

/** Makes a tenant trust an issuer. @throws when its address is not https, outside development */
export async function addIssuer(owner: Owner, { tenantId, issuer, audience, jwks }: NewIssuer, isDevelopment: boolean) {
  const url = URL.parse(jwks);
  if (url === null || !(url.protocol === "https:" || (isDevelopment && url.protocol === "http:")))
    throw new Error("Cannot trust the issuer: the address of its keys must begin with https://");
  await owner.query(
    `insert into sqe.issuers (id, tenant_id, issuer, audience, jwks_url) values ($1, $2, $3, $4, $5)
     on conflict (tenant_id, issuer, audience) do update set jwks_url = excluded.jwks_url`,
    [randomUUID(), tenantId, issuer, audience, url.href],
  );
}

/** Lists the issuers that a tenant trusts. */
export async function listIssuers(owner: Owner, tenantId: string): Promise<Record<string, unknown>[]> {
  const { rows } = await owner.query(
    "select id, issuer, audience, jwks_url as jwks from sqe.issuers where tenant_id = $1 order by issuer, audience",
    [tenantId],
  );
  return rows;
}

/** Ends the trust in an issuer, within a minute. @throws when there is none of that id */
export async function removeIssuer(owner: Owner, id: string): Promise<void> {
  const { rows } = await owner.query("delete from sqe.issuers where id::text = $1 returning id", [id]);
  if (rows.length === 0) throw new Error(`There is no issuer "${id}"`);
}
