import { Hono, type Context } from "hono";
import { signOut, switchUnit } from "#api/session-calls.ts";
import { endSession, moveSession, useSession } from "#db/sessions.ts";
import type { MceFailure } from "#mce/failure.ts";
import type { AppEnv } from "../app-types.ts";
import { audit } from "../audit.ts";
import { refuseOtherPages } from "../auth/own-page.ts";
import { dropSession, giveSession, readSession, userOf } from "../auth/session.ts";
import { mceProblem } from "../mce-problem.ts";
import { problem } from "../problem.ts";
import { serve } from "../serve.ts";

/** What a signed-in person may do with the session. */
export const sessionRoutes = new Hono<AppEnv>();

const notSignedIn = () => problem("UNAUTHENTICATED", "You are not signed in, or the session has ended");

const ownPages = (c: Context<AppEnv>) => Promise.resolve(refuseOtherPages(c));

async function leave(c: Context<AppEnv>): Promise<Response> {
  const session = await readSession(c);
  if (session !== undefined) {
    await endSession(await c.var.clients.database(), session.tenantId, session.id);
    audit(c.var, session, "sign-out");
  }
  dropSession(c);
  return c.json({ next: "/auth/signed-out" });
}

/** Moves the session to another business unit: a refresh of the grant for that unit, without a new sign-in (MCE 1.2). */
async function move(c: Context<AppEnv>, mid: number): Promise<Response> {
  const session = await readSession(c);
  if (session === undefined) return notSignedIn();
  const { clients, trace } = c.var;
  const mce = await clients.mceElsewhere(userOf(session), mid, trace.log);
  if (mce === undefined) return notSignedIn();
  const answer = await mce.signIn();
  if (!answer.ok) return switchProblem(answer.error, mid);
  const db = await clients.database();
  await moveSession(db, session.tenantId, session.id, mid);
  const live = await useSession(db, session.tenantId, session.id);
  if (live === undefined) return notSignedIn();
  await giveSession(c, live);
  audit(c.var, live, "business-unit", { before: session.mid });
  return c.json({ mid: live.mid, next: "/auth/account" });
}

serve(sessionRoutes, signOut, leave, ownPages);
serve(sessionRoutes, switchUnit, (c, { body }) => move(c, body.mid), ownPages);

function switchProblem(failure: MceFailure, mid: number): Response {
  if (failure.kind !== "unauthorized") return mceProblem(failure, "sign in");
  // The package was removed, or its secret changed: not the person's fault.
  if (failure.oauth === "invalid_client") return mceProblem(failure, "sign in");
  // The grant is good, and this unit is not open to it (MCE 1.2).
  if (failure.oauth !== undefined)
    return problem("FORBIDDEN", `Marketing Cloud does not let you into business unit ${mid}`);
  return problem("UNAUTHENTICATED", "Marketing Cloud has ended your sign-in; sign in again");
}
