import { Hono } from "hono";
import { z } from "zod";
import { endSession, moveSession, useSession } from "#db/sessions.ts";
import type { MceFailure } from "#mce/failure.ts";
import type { AppEnv } from "../app-types.ts";
import { audit } from "../audit.ts";
import { refuseOtherPages } from "../auth/own-page.ts";
import { dropSession, giveSession, readSession, userOf } from "../auth/session.ts";
import { mceProblem } from "../mce-problem.ts";
import { problem } from "../problem.ts";
import { readBody } from "../submit/body.ts";

/** What a signed-in person may do with the session. */
export const sessionRoutes = new Hono<AppEnv>();

const notSignedIn = () => problem("UNAUTHENTICATED", "You are not signed in, or the session has ended");

sessionRoutes.post("/auth/logout", async (c) => {
  const refusal = refuseOtherPages(c);
  if (refusal !== undefined) return refusal;
  const session = await readSession(c);
  if (session !== undefined) {
    await endSession(await c.var.clients.database(), session.tenantId, session.id);
    audit(c.var, session, "sign-out");
  }
  dropSession(c);
  return c.json({ next: "/auth/signed-out" });
});

/** A page's field is a text. */
const Unit = z.object({
  mid: z
    .union([
      z.int(),
      z
        .string()
        .regex(/^\d{1,15}$/)
        .transform(Number),
    ])
    .pipe(z.int().positive()),
});

/** Moves the session to another business unit: a refresh of the grant for that unit, without a new sign-in (MCE 1.2). */
sessionRoutes.post("/auth/business-unit", async (c) => {
  const refusal = refuseOtherPages(c);
  if (refusal !== undefined) return refusal;
  const session = await readSession(c);
  if (session === undefined) return notSignedIn();
  const body = await readBody(c.req.raw, Unit);
  if (body instanceof Response) return body;
  const { clients, trace } = c.var;
  const mce = await clients.mceElsewhere(userOf(session), body.mid, trace.log);
  if (mce === undefined) return notSignedIn();
  const answer = await mce.signIn();
  if (!answer.ok) return switchProblem(answer.error, body.mid);
  const db = await clients.database();
  await moveSession(db, session.tenantId, session.id, body.mid);
  const live = await useSession(db, session.tenantId, session.id);
  if (live === undefined) return notSignedIn();
  await giveSession(c, live);
  audit(c.var, live, "business-unit", { before: session.mid });
  return c.json({ mid: live.mid, next: "/auth/account" });
});

function switchProblem(failure: MceFailure, mid: number): Response {
  if (failure.kind !== "unauthorized") return mceProblem(failure, "sign in");
  // The package was removed, or its secret changed: not the person's fault.
  if (failure.oauth === "invalid_client") return mceProblem(failure, "sign in");
  // The grant is good, and this unit is not open to it (MCE 1.2).
  if (failure.oauth !== undefined)
    return problem("FORBIDDEN", `Marketing Cloud does not let you into business unit ${mid}`);
  return problem("UNAUTHENTICATED", "Marketing Cloud has ended your sign-in; sign in again");
}
