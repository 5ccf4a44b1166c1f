import { Hono, type Context } from "hono";
import { given } from "#lang/given.ts";
import { readTenant } from "#db/tenants.ts";
import type { AppEnv } from "../app-types.ts";
import { audit } from "../audit.ts";
import { readNext } from "../auth/next-address.ts";
import { giveSession, readSession, userOf } from "../auth/session.ts";
import { begin, finish, type SignInWish } from "../auth/sign-in.ts";
import { accountPage, donePage, errorPage, subdomainPage } from "../pages/sign-in-pages.ts";

/** The road of somebody who signs in, page by page (D51). */
export const signInRoutes = new Hono<AppEnv>();

signInRoutes.get("/auth/login", (c) => {
  const { subdomain, invitation } = c.req.query();
  const next = readNext(c.req.query("return"), new URL(c.req.url).origin);
  const wish = { next, ...given({ invitation, subdomain: readSubdomain(subdomain) }) };
  // Named, and empty: somebody wants to be asked.
  const isAsking = subdomain !== undefined && wish.subdomain === undefined;
  return isAsking ? c.html(subdomainPage({ ...wish, isStrange: false })) : lead(c, wish);
});

/** A tenant's own address, for people who know no sub-domain. */
signInRoutes.get("/t/:slug", (c) => {
  const next = readNext(c.req.query("return"), new URL(c.req.url).origin);
  return lead(c, { slug: c.req.param("slug"), next });
});

signInRoutes.get("/auth/callback", async (c) => {
  const finished = await finish(c);
  if (!finished.ok) {
    const { why, lacking } = finished.error;
    c.var.trace.log("sign-in refused", { why });
    return c.html(errorPage(why, lacking), 403);
  }
  const { live, next } = finished.value;
  audit(c.var, live, "sign-in");
  await giveSession(c, live);
  return c.redirect(next);
});

signInRoutes.get("/auth/account", async (c) => {
  const session = await readSession(c);
  if (session === undefined) return c.redirect("/auth/login?return=/auth/account");
  const user = userOf(session);
  const tenant = await readTenant(await c.var.clients.database(), user);
  if (tenant === undefined) return c.html(errorPage("inactive"), 403);
  const { name, userName = user.userId, mids } = tenant;
  const isAdministrator = user.role === "administrator";
  return c.html(accountPage({ name: userName, tenant: name, mid: user.mid, mids, isAdministrator }));
});

/** For who has signed in by a window beside the one at work. */
signInRoutes.get("/auth/signed-in", (c) =>
  c.html(donePage("Signed in", "Close this window, and go on in the one that you came from.")),
);

signInRoutes.get("/auth/signed-out", (c) => c.html(donePage("Signed out", "This browser is signed out.", true)));

async function lead(c: Context<AppEnv>, wish: SignInWish): Promise<Response> {
  const begun = await begin(c, wish);
  if (begun.ok) return c.redirect(begun.value);
  if (begun.error === "unprepared") return c.html(errorPage("unprepared"), 503);
  const { next, invitation, subdomain } = wish;
  return c.html(subdomainPage({ next, isStrange: begun.error === "strange", ...given({ invitation, subdomain }) }));
}

/** Takes what people paste: the sub-domain, or an address that begins with it. */
function readSubdomain(text: string | undefined): string | undefined {
  const [, label] = /^(?:https?:\/\/)?([^./:?#]+)/.exec(text?.trim().toLowerCase() ?? "") ?? [];
  return label;
}
