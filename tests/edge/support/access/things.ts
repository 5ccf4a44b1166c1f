import { openVault, seal } from "#db/vault.ts";
import { bodyOf, post, submit } from "../api.ts";
import { ann, Browser } from "../browser.ts";
import { enroll, rowsAsOwner } from "../owner.ts";
import { alice, bindings, carol, stranger, type Person } from "../people.ts";
import type { Thing } from "./rules.ts";

/** Whose thing is asked for. The colleague and the outsider never call themselves; `nobody`: there is no such thing. */
export const ownerNames = ["me", "ann", "colleague", "foreigner", "outsider", "nobody"] as const;
export type OwnerName = (typeof ownerNames)[number];

/** Somebody with a thing of each kind. */
export type Owner = Person & {
  things: Record<Thing, string>;
  /** The client id of connections that were made for one file of tests: others make theirs beside it. */
  clientId: string;
};
export type Owners = Record<Exclude<OwnerName, "nobody">, Owner>;
type Handoff = { id: string; secret: string };

const tenantOf: Record<OwnerName, "ours" | "theirs" | undefined> = {
  me: "ours",
  ann: "ours",
  colleague: "ours",
  foreigner: "theirs",
  outsider: "theirs",
  nobody: undefined,
};

/** Whether two people are of one tenant. */
export function isSameTenant(one: OwnerName, other: OwnerName): boolean {
  return tenantOf[one] !== undefined && tenantOf[one] === tenantOf[other];
}

/** Makes the people and their things. Runs of those who call are over, so that nobody waits for them. */
export async function makeOwners(): Promise<Owners> {
  const clientId = crypto.randomUUID();
  const elsewhere = () => ({ ...carol, sub: `stranger-${crypto.randomUUID()}` });
  const [me, colleague, foreigner, outsider] = await Promise.all([
    makeOwner(stranger(), clientId),
    makeOwner(stranger(), clientId),
    makeOwner(elsewhere(), clientId),
    makeOwner(elsewhere(), clientId),
  ]);
  for (const owner of [me, foreigner]) await post(`/v1/runs/${owner.things.run}/cancel`, "", {}, owner);
  return { me, colleague, foreigner, outsider, ann: await makeAnn(clientId) };
}

async function makeOwner(person: Person, clientId: string): Promise<Owner> {
  await enroll(person);
  const { id: run } = await submit("SELECT CustomerKey FROM Customers", person);
  return withThings(person, clientId, run);
}

/** She has signed in with Marketing Cloud. */
async function makeAnn(clientId: string): Promise<Owner> {
  const browser = new Browser();
  await browser.signIn(ann);
  const { id: run } = await bodyOf<{ id: string }>(
    await browser.send("/v1/runs", { sql: "SELECT CustomerKey FROM Customers" }),
  );
  await browser.send(`/v1/runs/${run}/cancel`, {});
  return withThings({ ...alice, sub: "7000091" }, clientId, run);
}

async function withThings(person: Person, clientId: string, run: string): Promise<Owner> {
  const [key, connection] = [await addKey(person), await addConnection({ ...person, clientId })];
  return { ...person, clientId, things: { run, member: person.sub, key, connection } };
}

/** A thing for one request that may end it. */
export async function freshThing(thing: "key" | "connection", owner: Owner): Promise<string> {
  return thing === "key" ? addKey(owner) : addConnection(owner);
}

async function addKey(person: Person): Promise<string> {
  const id = crypto.randomUUID().slice(0, 8);
  await rowsAsOwner(
    `insert into sqe.api_keys (id, tenant_id, user_id, mid, connection_id, key_hash, key_id, name)
     values (gen_random_uuid(), $1, $2, $3, $4, $5, $6, $7)`,
    [person.tenant, person.sub, person.mid, person.connection, crypto.randomUUID(), id, `of ${person.sub}`],
  );
  return id;
}

async function addConnection({ tenant, eid, sub, clientId }: Person & Pick<Owner, "clientId">): Promise<string> {
  const id = crypto.randomUUID();
  const field = { table: "connections", tenantId: tenant, row: id, field: "client_secret" };
  const secret = await seal(await openVault(bindings["VAULT_KEYS"] ?? ""), "a secret", field);
  await rowsAsOwner(
    `insert into sqe.connections (id, tenant_id, eid, mids, subdomain, client_id, client_secret, name)
     values ($1, $2, $3, $4, 'mc-access', $5, $6, $7)`,
    [id, tenant, eid, `{${eid}}`, clientId, secret, `of ${sub}`],
  );
  return id;
}

/** A sign-in that waits to be confirmed. */
export async function openHandoff(): Promise<Handoff> {
  const answer = await new Browser().send("/auth/handoffs", {});
  return answer.json();
}

/** Removes what other files would find. */
export async function removeThings({ me }: Owners): Promise<void> {
  await rowsAsOwner("delete from sqe.connections where client_id = $1", [me.clientId]);
}

/** Texts that stand in nothing but what is somebody's. */
export function marksOf({ sub, things: { run, key } }: Owner): readonly string[] {
  return [sub, run, key];
}

/** How the things of somebody stand whom nobody may touch. */
export async function standingOf({ tenant, sub, things }: Owner): Promise<unknown> {
  const [row] = await rowsAsOwner(
    `select (select revoked_at is null from sqe.api_keys where key_id = $1) as key,
       (select name from sqe.connections where id = $2) as connection,
       (select role || ' ' || active from sqe.users where tenant_id = $3 and user_id = $4) as member`,
    [things.key, things.connection, tenant, sub],
  );
  return row;
}
