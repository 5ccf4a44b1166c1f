import { Hono, type Context } from "hono";
import { z } from "zod";
import { pagePolicy } from "#api/security-headers.ts";
import * as calls from "#api/session-calls.ts";
import { decideHandoff, findHandoff, openHandoff, pollHandoff } from "#db/handoffs.ts";
import { keysMax, saveKey } from "#db/api-keys.ts";
import { endSession, openSession, useSession, type LiveSession } from "#db/sessions.ts";
import { readTenant } from "#db/tenants.ts";
import { drawKey } from "#protocol/key-format.ts";
import type { Scope } from "#protocol/scope.ts";
import { sha256 } from "#protocol/signature.ts";
import type { AppEnv } from "../app-types.ts";
import { audit } from "../audit.ts";
import { refuseForeignPages, refuseOtherPages } from "../auth/own-page.ts";
import { giveSession, readSession, userOf } from "../auth/session.ts";
import { confirmPage, donePage, errorPage } from "../pages/sign-in-pages.ts";
import { problem } from "../problem.ts";
import { serve } from "../serve.ts";

/**
 * Sign-ins that begin in a window that cannot show Marketing Cloud's page, and end in another one: in the shape of RFC 8628
 * (D51). The one that waits shows a code; the person compares it, where she is signed in.
 */
export const handoffRoutes = new Hono<AppEnv>();

const lifeMs = 10 * 60_000;

serve(handoffRoutes, calls.openHandoff, async (c, { body }) => {
  const { clients } = c.var;
  const id = crypto.randomUUID();
  const secret = draw(32);
  const userCode = drawCode();
  const expiresAt = new Date(clients.platform.now() + lifeMs).toISOString();
  const { kind } = body;
  await openHandoff(clients.systemDatabase, { id, hash: await sha256(secret), userCode, kind, expiresAt });
  const verificationUrl = `${new URL(c.req.url).origin}/auth/confirm?handoff=${id}`;
  return c.json({ id, secret, userCode, verificationUrl, expiresAt, interval: 12 }, 201);
});

async function poll(c: Context<AppEnv>, id: string, secret: string): Promise<Response> {
  const { clients } = c.var;
  if (!isId(id)) return unknown();
  const outcome = await pollHandoff(clients.systemDatabase, id, await sha256(secret));
  switch (outcome.kind) {
    case "unknown":
      return unknown();
    case "slow":
      return problem("RATE_LIMITED", "Ask at most five times a minute", { retryAfter: 60 });
    case "expired":
      return problem("HANDOFF_OVER", "It was used before, or its ten minutes are over; begin again");
    case "denied":
      return problem("HANDOFF_OVER", "It was denied where it was to be confirmed; begin again");
    case "pending":
      return c.json({ status: "pending" }, 202);
    case "confirmed":
      break;
  }
  const db = await clients.database();
  const { by } = outcome;
  // Also for a command line: only a session says whether the person may still come in.
  const live = await useSession(db, by.tenantId, await openSession(db, by));
  if (live === undefined) return problem("HANDOFF_OVER", "Your access was switched off");
  audit(c.var, live, "sign-in", { by: outcome.waiting });
  if (outcome.waiting === "cli") return giveKey(c, live);
  await giveSession(c, live);
  return c.json({ status: "signed-in", mid: live.mid });
}

serve(
  handoffRoutes,
  calls.pollHandoff,
  (c, { body, params: { id } }) => poll(c, id, body.secret),
  (c) => Promise.resolve(refuseForeignPages(c)),
);

handoffRoutes.get("/auth/confirm", async (c) => {
  const id = c.req.query("handoff") ?? "";
  const session = await readSession(c);
  if (session === undefined)
    return c.redirect(`/auth/login?return=${encodeURIComponent(`/auth/confirm?handoff=${id}`)}`);
  const { clients } = c.var;
  const found = isId(id) ? await findHandoff(clients.systemDatabase, id) : undefined;
  if (found === undefined)
    return c.html(donePage("Too late", "This request was decided, or is over. Begin again."), 410);
  const user = userOf(session);
  const tenant = await readTenant(await clients.database(), user);
  if (tenant === undefined) return c.html(errorPage("inactive"), 403);
  // Never in a frame, whatever the settings say: a page around it could make somebody press the button.
  c.header("content-security-policy", pagePolicy([]));
  return c.html(confirmPage({ id, ...found, name: tenant.userName ?? user.userId, mid: user.mid }));
});

serve(
  handoffRoutes,
  calls.decideHandoff,
  async (c, { body, params: { id } }) => {
    const session = await readSession(c);
    if (session === undefined) return problem("UNAUTHENTICATED", "You are not signed in, or the session has ended");
    const isYes = body.confirm === "yes";
    const { clients } = c.var;
    if (!isId(id) || !(await decideHandoff(clients.systemDatabase, id, isYes ? session : undefined)))
      return problem("HANDOFF_OVER", "This request was decided, or is over; begin again");
    return c.json({ next: isYes ? "/auth/confirmed" : "/auth/denied" });
  },
  (c) => Promise.resolve(refuseOtherPages(c)),
);

handoffRoutes.get("/auth/confirmed", (c) =>
  c.html(donePage("Signed in", "The other window is signed in in a few seconds. You may close this one.")),
);
handoffRoutes.get("/auth/denied", (c) =>
  c.html(donePage("Not signed in", "Nobody was let in. You may close this window.")),
);

const dayMs = 24 * 60 * 60 * 1000;
const keyDays = 30;
/** What a command line does. Models get a key of their own. */
const cliScopes: readonly Scope[] = ["runs:read", "runs:write", "runs:target", "tables:read"];

/** A command line keeps a key instead of a cookie. */
async function giveKey(c: Context<AppEnv>, { id: sessionId, grantId, ...live }: LiveSession): Promise<Response> {
  const { clients, config } = c.var;
  const db = await clients.database();
  await endSession(db, live.tenantId, sessionId);
  const { id, key } = drawKey("sqe", config.SQE_ENV, (bytes) => crypto.getRandomValues(bytes));
  const expiresAt = new Date(clients.platform.now() + keyDays * dayMs);
  const stored = { keyId: id, hash: await sha256(key), name: "sqe login", scopes: cliScopes, expiresAt };
  if (!(await saveKey(db, { ...live, connectionId: grantId }, stored)))
    return problem("TOO_MANY_KEYS", `You have ${keysMax} keys; revoke one that you no longer use`);
  audit(c.var, live, "key-created", { key: id, scopes: cliScopes, expiresAt: expiresAt.toISOString() });
  return c.json({ status: "signed-in", mid: live.mid, keyId: id, key, expiresAt: expiresAt.toISOString() });
}

const unknown = () => problem("NOT_FOUND", "There is no such request to sign in, or its secret is another");

function isId(text: string): boolean {
  return z.uuid().safeParse(text).success;
}

/** Random letters of base64url, 6 bits each. */
function draw(bytes: number): string {
  const text = String.fromCharCode(...crypto.getRandomValues(new Uint8Array(bytes)));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** Letters and digits that nobody takes for others, and that make no words. */
const codeLetters = "BCDFGHJKLMNPQRSTVWXZ23456789";

/** A code to compare, such as `KX42-9TBM`. */
function drawCode(): string {
  const letters = [...crypto.getRandomValues(new Uint32Array(8))].map((it) => codeLetters[it % codeLetters.length]);
  return `${letters.slice(0, 4).join("")}-${letters.slice(4).join("")}`;
}
