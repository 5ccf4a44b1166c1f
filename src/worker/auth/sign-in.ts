import type { Context } from "hono";
import { given } from "#lang/given.ts";
import { err, ok, type Result } from "#lang/result.ts";
import { findSignInPlace, type Admission } from "#db/admission.ts";
import type { AppPackage } from "#db/connections.ts";
import { keepGrant } from "#db/grants.ts";
import { openSession, useSession, type LiveSession } from "#db/sessions.ts";
import { open } from "#db/vault.ts";
import { lackingScopes, scopesText } from "#mce/scopes.ts";
import type { Granted } from "#mce/token-request.ts";
import type { AppEnv } from "../app-types.ts";
import { appPackageOf } from "../config.ts";
import { admit, readInvitation } from "./admission.ts";
import { beginSignIn, finishSignIn, type Door, type SignInFailure } from "./oauth.ts";
import { rememberSignIn, takeSignIn, type SignInMemory } from "./sign-in-memory.ts";
import { readUserInfo } from "./user-info.ts";

/** What somebody who begins to sign in has named. */
export type SignInWish = { slug?: string; subdomain?: string; next: string; invitation?: string };

/**
 * Why a sign-in does not begin. `nowhere`: no sub-domain was named, and none is the default; `strange`: it is no sub-domain;
 * `unprepared`: the service has no package for it.
 */
export type NoBeginning = "nowhere" | "strange" | "unprepared";

/** What a sub-domain and the last part of a tenant's own address look like; nothing else is looked up. */
const nameForm = /^[a-z0-9-]{1,63}$/;

/** Begins a sign-in. @returns the address of Marketing Cloud's page */
export async function begin(c: Context<AppEnv>, wish: SignInWish): Promise<Result<string, NoBeginning>> {
  const { config, clients } = c.var;
  const { slug, next } = wish;
  // It travels in a cookie: a text of another form, however long, is not taken along.
  const invitation = readInvitation(wish.invitation ?? "") && wish.invitation;
  const named = wish.subdomain ?? (slug === undefined ? config.SQE_SIGN_IN_SUBDOMAIN : undefined);
  if (slug === undefined ? named === undefined : !nameForm.test(slug)) return err("nowhere");
  if (named !== undefined && !nameForm.test(named)) return err("strange");
  const place = await findSignInPlace(clients.systemDatabase, given({ slug, subdomain: named }));
  const subdomain = place?.subdomain ?? named;
  if (subdomain === undefined) return err("nowhere");
  const app = await packageOf(c, place);
  if (app === undefined) return err("unprepared");
  const begun = await beginSignIn(doorOf(c, subdomain, app));
  if (begun === undefined) return err("strange");
  const { url, state, verifier } = begun;
  const packageId = place?.ownPackage?.id;
  const { clientId } = app;
  await rememberSignIn(c, { state, verifier, subdomain, clientId, next, ...given({ packageId, invitation }) });
  return ok(url);
}

/**
 * Why somebody is not signed in. `lost`: this browser has begun no sign-in, or too long ago; `narrow`: the package lacks
 * permissions that every run needs.
 */
export type NotSignedIn = SignInFailure["kind"] | "lost" | "narrow" | Exclude<Admission["kind"], "admitted">;

/** `lacking`: the permissions, in words for the person who set the package up. */
export type Refusal = { why: NotSignedIn; lacking?: string };

const refuse = (why: NotSignedIn, lacking?: string) => err({ why, ...given({ lacking }) });

/** Ends the sign-in that this browser began. @returns the session, and where to go */
export async function finish(c: Context<AppEnv>): Promise<Result<{ live: LiveSession; next: string }, Refusal>> {
  const memory = await takeSignIn(c);
  if (memory === undefined) return refuse("lost");
  const { clients } = c.var;
  const place = await findSignInPlace(clients.systemDatabase, { subdomain: memory.subdomain });
  const app = await packageOf(c, place);
  if (app?.clientId !== memory.clientId) return refuse("lost");
  const door = doorOf(c, memory.subdomain, app);
  const granted = await finishSignIn(door, memory, new URL(c.req.url), clients.platform);
  if (!granted.ok) return refuse(granted.error.kind);
  const lacking = lackingOf(granted.value);
  if (lacking !== undefined) return refuse("narrow", lacking);
  const { token, refreshToken = "" } = granted.value;
  const who = await readUserInfo(clients.platform, door, token.accessToken);
  if (who === undefined) return refuse("unreachable");
  const { enterpriseName = `Enterprise ${who.eid}`, ...rest } = who;
  const comer = { ...rest, enterpriseName, subdomain: memory.subdomain };
  const admission = await admit(clients, comer, invitationOf(memory));
  if (admission.kind !== "admitted") return refuse(admission.kind);
  const { tenantId } = admission;
  const { userId, eid, mid } = who;
  const db = await clients.database();
  const grant = { tenantId, userId, eid, mid, refreshToken, token };
  const from = { subdomain: memory.subdomain, clientId: app.clientId, ...given({ packageId: memory.packageId }) };
  const grantId = await keepGrant(db, await clients.vault, { ...grant, ...from });
  const id = await openSession(db, { tenantId, userId, eid, mid, grantId });
  const live = await useSession(db, tenantId, id);
  return live === undefined ? refuse("inactive") : ok({ live, next: memory.next });
}

/** What a package lacks. Without `offline` a run would end when its person signs out of Marketing Cloud (MCE 1.3). */
function lackingOf({ token, refreshToken }: Granted): string | undefined {
  const scopes = lackingScopes(token);
  const isOffline = refreshToken !== undefined && token.scopes?.includes("offline") !== false;
  const lacking = [
    ...(isOffline ? [] : ["Offline Access (offline)"]),
    ...(scopes.length > 0 ? [scopesText(scopes)] : []),
  ];
  return lacking.length === 0 ? undefined : lacking.join(", ");
}

function invitationOf({ invitation }: SignInMemory) {
  return invitation === undefined ? undefined : readInvitation(invitation);
}

function doorOf(c: Context<AppEnv>, subdomain: string, app: AppPackage): Door {
  const redirectUri = `${new URL(c.req.url).origin}/auth/callback`;
  return { subdomain, app, redirectUri, ...given({ sandboxUrl: c.var.config.MCE_SANDBOX_URL }) };
}

/** The tenant's own package, else the service's. */
async function packageOf(
  c: Context<AppEnv>,
  place: Awaited<ReturnType<typeof findSignInPlace>>,
): Promise<AppPackage | undefined> {
  if (place?.ownPackage === undefined) return appPackageOf(c.var.config);
  const { id, clientId, clientSecret } = place.ownPackage;
  const at = { table: "packages", tenantId: place.tenantId, row: id, field: "client_secret" };
  return { clientId, clientSecret: await open(await c.var.clients.vault, clientSecret, at) };
}
