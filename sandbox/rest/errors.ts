import { json, bearer, type Reply, type Request } from "../http.ts";
import type { Grant } from "../tokens.ts";
import type { World } from "../world.ts";

/** An error in the envelope of MCE 7.2. */
export function restError(
  status: number,
  message: string,
  errorcode: number = status,
  more: Record<string, unknown> = {},
): Reply {
  return json(status, { message, errorcode, documentation: "", ...more });
}

/** A REST call with a bad or expired token (MCE 1.4). */
export const notAuthorized: Reply = json(401, {
  documentation: "https://developer.salesforce.com/docs/atlas.en-us.mc-apis.meta/mc-apis/error-handling.htm",
  errorcode: 0,
  message: "Not Authorized",
});

/** A token without the scope the call needs; checked before anything else (MCE 1.4). */
export const insufficient: Reply = json(403, { message: "Insufficient privileges to complete this action." });

export type Entry = { kind: "in"; grant: Grant } | { kind: "out"; reply: Reply };

/** Lets a request in when its token is good and has the scope. */
export function enter(world: World, request: Request, scope: string): Entry {
  const checked = world.tokens.check(bearer(request), world.clock.now());
  if (checked.kind !== "good") return { kind: "out", reply: notAuthorized };
  if (!checked.grant.scopes.includes(scope)) return { kind: "out", reply: insufficient };
  return { kind: "in", grant: checked.grant };
}
