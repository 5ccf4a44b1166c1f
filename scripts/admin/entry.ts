import { createHash, randomBytes, randomUUID } from "node:crypto";
import type { Owner } from "./installation.ts";

/** An invitation; its link is shown this once. */
export type Invitation = { id: string; code: string; expiresAt: string };

/**
 * Makes a one-time invitation.
 *
 * @param wanted without an EID, for whichever enterprise uses it first
 * @returns the code `<id>.<secret>`, which Postgres keeps the hash of
 */
export async function invite(
  owner: Owner,
  wanted: { eid?: number; name?: string; isAdministrator: boolean; days: number },
): Promise<Invitation> {
  const [id, secret] = [randomUUID(), randomBytes(24).toString("base64url")];
  const hash = createHash("sha256").update(secret).digest("hex");
  const { rows } = await owner.query(
    `insert into sqe.invitations (id, secret_hash, eid, tenant_name, makes_administrator, created_by, expires_at)
     values ($1, $2, $3, $4, $5, 'operator', now() + make_interval(days => $6)) returning expires_at::text`,
    [id, hash, wanted.eid ?? null, wanted.name ?? null, wanted.isAdministrator, wanted.days],
  );
  return { id, code: `${id}.${secret}`, expiresAt: String(rows[0]?.["expires_at"]) };
}

/** Lists invitations, newest first: for whom, and whether they were used. */
export async function listInvitations(owner: Owner): Promise<Record<string, unknown>[]> {
  const { rows } = await owner.query(
    `select id, eid::text, tenant_name as name, makes_administrator as administrator, expires_at::text, used_at::text,
       used_by from sqe.invitations order by created_at desc`,
  );
  return rows;
}

/** Takes an invitation back. @throws when there is none that can still be used */
export async function revokeInvitation(owner: Owner, id: string): Promise<void> {
  const { rows } = await owner.query(
    "delete from sqe.invitations where id::text = $1 and used_at is null returning id",
    [id],
  );
  if (rows.length === 0) throw new Error(`There is no unused invitation "${id}"`);
}

/** Lets all people of an enterprise come in without an invitation. */
export async function allowEnterprise(owner: Owner, eid: number, note: string | undefined): Promise<void> {
  await owner.query(
    `insert into sqe.allowed_enterprises (eid, note) values ($1, $2) on conflict (eid) do update set note = excluded.note`,
    [eid, note ?? null],
  );
}

/** Lists the enterprises that may come in without an invitation. */
export async function listAllowed(owner: Owner): Promise<Record<string, unknown>[]> {
  return (await owner.query("select eid::text, note, created_at::text from sqe.allowed_enterprises order by eid")).rows;
}

/** Takes an enterprise off the list; who came already stays. @throws when it is not on it */
export async function disallowEnterprise(owner: Owner, eid: number): Promise<void> {
  const { rows } = await owner.query("delete from sqe.allowed_enterprises where eid = $1 returning eid", [eid]);
  if (rows.length === 0) throw new Error(`Enterprise ${eid} is not on the list`);
}
