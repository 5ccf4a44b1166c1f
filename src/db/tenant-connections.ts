import { desc, eq, sql } from "drizzle-orm";
import { given } from "#lang/given.ts";
import type { Connection } from "./connections.ts";
import { inTenant, type Database } from "./database.ts";
import { connections } from "./schema.ts";
import { open, seal, type Vault } from "./vault.ts";

/** A server-to-server package as administrators see it: never its secret. */
export type ListedConnection = {
  id: string;
  name: string;
  subdomain: string;
  clientId: string;
  mids: readonly number[];
  createdAt: string;
};

const shown = {
  id: connections.id,
  name: connections.name,
  subdomain: connections.subdomain,
  clientId: connections.clientId,
  mids: connections.mids,
  createdAt: connections.createdAt,
};

type Row = Omit<ListedConnection, "name" | "createdAt"> & { name: string | null; createdAt: Date };

/** One that an operator has made has no name of its own. */
function listed({ name, createdAt, clientId, ...row }: Row): ListedConnection {
  return { ...row, clientId, name: name ?? clientId, createdAt: createdAt.toISOString() };
}

/** Lists the connections of a tenant, newest first. */
export async function listConnections(db: Database, tenantId: string): Promise<ListedConnection[]> {
  const query = db.select(shown).from(connections).orderBy(desc(connections.createdAt), connections.id);
  return (await inTenant(db, { tenantId }, query)).map(listed);
}

/** Reads one with its secret in clear text. @returns undefined when the tenant has no such connection */
export async function openConnection(
  db: Database,
  vault: Vault,
  tenantId: string,
  id: string,
): Promise<(Connection & { mids: readonly number[] }) | undefined> {
  const query = db.select().from(connections).where(eq(connections.id, id));
  const [row] = await inTenant(db, { tenantId }, query);
  if (row === undefined) return undefined;
  const clientSecret = await open(vault, row.clientSecret, placeOf(tenantId, id));
  const { eid, subdomain, clientId, mids } = row;
  return { id, eid, subdomain, clientId, clientSecret, mids };
}

/** What an administrator gives to make a connection. */
export type NewConnection = {
  id: string;
  tenantId: string;
  eid: number;
  createdBy: string;
  name: string;
  subdomain: string;
  clientId: string;
  clientSecret: string;
  mids: readonly number[];
};

/** Stores a connection with its secret sealed. */
export async function addConnection(
  db: Database,
  vault: Vault,
  { clientSecret, mids, ...rest }: NewConnection,
): Promise<ListedConnection> {
  const { id, tenantId } = rest;
  const sealed = await seal(vault, clientSecret, placeOf(tenantId, id));
  const values = { ...rest, mids: [...mids], clientSecret: sealed, version: 1, createdAt: sql`now()` };
  const [row] = await inTenant(db, { tenantId }, db.insert(connections).values(values).returning(shown));
  if (row === undefined) throw new Error("Cannot store the connection: Postgres did not return it");
  return listed(row);
}

/** Changes what is given. @returns undefined when the tenant has no such connection */
export async function changeConnection(
  db: Database,
  vault: Vault,
  { tenantId, id }: { tenantId: string; id: string },
  { clientSecret, mids, name }: { clientSecret?: string; mids?: readonly number[]; name?: string },
): Promise<ListedConnection | undefined> {
  const sealed = clientSecret === undefined ? undefined : await seal(vault, clientSecret, placeOf(tenantId, id));
  const version = sql`${connections.version} + 1`;
  const set = { version, ...given({ name, mids: mids && [...mids], clientSecret: sealed }) };
  const change = db.update(connections).set(set).where(eq(connections.id, id)).returning(shown);
  const [row] = await inTenant(db, { tenantId }, change);
  return row && listed(row);
}

/** Deletes a connection with its secret. @returns false when the tenant has no such connection */
export async function removeConnection(db: Database, tenantId: string, id: string): Promise<boolean> {
  const remove = db.delete(connections).where(eq(connections.id, id)).returning({ id: connections.id });
  return (await inTenant(db, { tenantId }, remove)).length === 1;
}

function placeOf(tenantId: string, row: string) {
  return { table: "connections", tenantId, row, field: "client_secret" };
}
