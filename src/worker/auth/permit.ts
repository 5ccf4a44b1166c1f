import type { Access, Call } from "#api/call.ts";
import { Scope } from "#protocol/scope.ts";
import { problem } from "../problem.ts";
import type { Caller, User } from "./caller.ts";

/**
 * Decides whether a caller may make a call of the API, before anything of its request is read.
 *
 * @param id what stands for `{id}` in the path
 * @returns the answer to somebody who may not
 */
export function refuse(
  { access, path }: Pick<Call, "access" | "path">,
  caller: Caller,
  id: string | undefined,
): Response | undefined {
  if (access === "everybody") return undefined;
  if (access === "operator")
    return caller.kind === "operator" ? undefined : problem("FORBIDDEN", "This needs an operator's key");
  if (caller.kind === "operator")
    return problem("FORBIDDEN", "An operator's key works for /v1/admin only; runs belong to users");
  const { runId } = caller;
  if (runId !== undefined && !(path.startsWith("/v1/runs/{id}") && id === runId))
    return problem("FORBIDDEN", `This token is for run "${runId}" only`);
  return refuseUser(access, caller);
}

function refuseUser(access: Access, user: User): Response | undefined {
  if (access === "administrator" && user.role !== "administrator")
    return problem("FORBIDDEN", "This needs an administrator of your tenant who has signed in");
  // Who holds a token for a moment gets nothing that lasts, and takes nothing away.
  if (access === "own-credential" && user.via === "short-lived")
    return problem("FORBIDDEN", "A token of POST /v1/tokens has no access to keys");
  const scope = Scope.safeParse(access);
  return scope.success ? refuseWithout(scope.data, user) : undefined;
}

/** Answers a user whose credential lacks a scope. */
export function refuseWithout(scope: Scope, { scopes, via }: User): Response | undefined {
  if (scopes.has(scope)) return undefined;
  const credential = via === "key" ? "key" : via === "session" ? "session" : "token";
  return problem("FORBIDDEN", `This needs the scope ${scope}, which your ${credential} does not have`, {
    missing: scope,
  });
}
