import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { z } from "zod";
import { sessionSeconds, useSession, type LiveSession } from "#db/sessions.ts";
import { ConnectionId, Eid, Mid, TenantId, UserId } from "#protocol/ids.ts";
import { scopes } from "#protocol/scope.ts";
import type { AppEnv } from "../app-types.ts";
import type { User } from "./caller.ts";
import { revocationMaxMs } from "./revocation.ts";
import { openText, sealText } from "./sealed-text.ts";

const Facts = z.object({
  id: z.uuid(),
  tenantId: TenantId,
  userId: UserId,
  eid: Eid,
  mid: Mid,
  grantId: ConnectionId,
  role: z.enum(["member", "administrator"]),
  /** When it was looked at last, and when it began, in epoch milliseconds. */
  checkedAt: z.number(),
  since: z.number(),
});

/** The session of a request. */
export type Session = z.infer<typeof Facts>;

/** A request within this time asks no database; a session that was ended elsewhere works until then. */
const freshMs = revocationMaxMs;

/** Kept by browsers in frames of other sites, too, and there apart from the tab's own (D51). */
const cookie = {
  prefix: "host",
  httpOnly: true,
  secure: true,
  sameSite: "None",
  partitioned: true,
  path: "/",
} as const;
const name = "sqe";

/**
 * Reads the session that a request brings. Every five minutes it is looked at in Postgres, and the answer brings a new cookie.
 *
 * @returns undefined when there is none, or it has ended
 */
export async function readSession(c: Context<AppEnv>): Promise<Session | undefined> {
  const { clients } = c.var;
  const text = getCookie(c, name, "host");
  if (text === undefined) return undefined;
  const now = clients.platform.now();
  const facts = Facts.safeParse(await openText(await clients.vault, "sqe-session", text, now));
  if (!facts.success) return undefined;
  const session = facts.data;
  if (now - session.checkedAt < freshMs) return session;
  const live = await useSession(await clients.database(), session.tenantId, session.id);
  if (live !== undefined) return giveSession(c, live);
  dropSession(c);
  return undefined;
}

/** Sends a session's cookie with the answer. */
export async function giveSession(c: Context<AppEnv>, live: LiveSession): Promise<Session> {
  const { clients } = c.var;
  const session = Facts.parse({ ...live, checkedAt: clients.platform.now() });
  const endsAt = live.since + sessionSeconds * 1000;
  const value = await sealText(await clients.vault, "sqe-session", session, endsAt);
  const maxAge = Math.max(0, Math.floor((endsAt - clients.platform.now()) / 1000));
  setCookie(c, name, value, { ...cookie, maxAge });
  return session;
}

/** Deletes the cookie. */
export function dropSession(c: Context<AppEnv>): void {
  deleteCookie(c, name, cookie);
}

/** The caller that a session stands for: a person has every scope, as in Marketing Cloud itself. */
export function userOf({ tenantId, userId, eid, mid, grantId, role, checkedAt }: Session): User {
  const tenancy = { tenantId, userId, eid, mid, connectionId: grantId };
  return { kind: "user", ...tenancy, role, scopes: new Set(scopes), via: "session", recheckAt: checkedAt + freshMs };
}
