import { otherOrigin, type Caller } from "./callers.ts";
import type { Ask } from "./rules.ts";
import { isSameTenant, type OwnerName } from "./things.ts";

/** What somebody is answered who asks for a thing of somebody's: status, code, and the scope that is missing. */
export function expected(ask: Ask, caller: Caller, method: string, owner: OwnerName): string {
  if (ask.for === "everybody") return ask.yes;
  if (ask.for === "not-other-pages") return caller.headers["origin"] === otherOrigin ? "403 FORBIDDEN" : ask.yes;
  if (ask.for === "bridge") return "401 UNAUTHENTICATED";
  if (ask.for === "page") return caller.page === "other" ? "403 FORBIDDEN" : ask.yes;
  if (ask.for !== "session") return ofApi(ask, caller, method, owner);
  if (caller.page === undefined) return "401 UNAUTHENTICATED";
  return caller.page === "other" ? "403 FORBIDDEN" : ask.yes;
}

function ofApi(ask: Ask, caller: Caller, method: string, owner: OwnerName): string {
  if (caller.is === "nobody") return "401 UNAUTHENTICATED";
  // A cookie comes along whoever asks, so it changes nothing for pages of others, and reads nothing for those that say so.
  const isForeign = caller.headers["origin"] === otherOrigin;
  if (caller.page === "other" && (method !== "GET" || isForeign)) return "403 FORBIDDEN";
  if ((caller.is === "operator") !== (ask.for === "operator")) return "403 FORBIDDEN";
  if (caller.is === "operator") return ask.yes;
  if (caller.isForOneRun && !(ask.of === "run" && owner === "me")) return "403 FORBIDDEN";
  const refusal = refused(ask, caller);
  if (refusal !== undefined) return refusal;
  if (ask.unit === true && !caller.isConnected) return "403 FORBIDDEN";
  return ask.of === undefined || reaches(ask, caller, owner) ? ask.yes : String(ask.no);
}

function refused(ask: Ask, { scopes, isAdministrator, isShortLived }: Caller): string | undefined {
  if (ask.for === "administrator") return isAdministrator ? undefined : "403 FORBIDDEN";
  if (ask.for === "own-credential") return isShortLived ? "403 FORBIDDEN" : undefined;
  if (ask.for === "user") return undefined;
  const missing = [ask.for, ask.besides].find((scope) => scope !== undefined && !scopes.has(scope as never));
  return missing === undefined ? undefined : `403 FORBIDDEN ${missing}`;
}

/** Runs are their user's alone, keys their user's and the administrators', and what administrators see is the tenant's. */
function reaches({ of }: Ask, { is, isAdministrator }: Caller, owner: OwnerName): boolean {
  if (is === owner) return true;
  return of !== "run" && isAdministrator && isSameTenant(is as OwnerName, owner);
}
