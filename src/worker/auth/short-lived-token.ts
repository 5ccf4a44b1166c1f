import { z } from "zod";
import type { Vault } from "#db/vault.ts";
import { given } from "#lang/given.ts";
import { err, ok, type Result } from "#lang/result.ts";
import { RunId } from "#protocol/ids.ts";
import { Scope } from "#protocol/scope.ts";
import { Tenancy } from "#protocol/tenancy.ts";
import { switchedOff, type Caller, type CredentialDeps, type User } from "./caller.ts";
import { recheckAt } from "./revocation.ts";
import { openText, sealText } from "./sealed-text.ts";

const Facts = z.object({
  tenancy: Tenancy,
  scopes: z.array(Scope),
  runId: RunId.optional(),
  endsAt: z.number(),
  /** The tenant knew the person when it was made: a person who was removed since is out. */
  isMember: z.boolean().optional(),
});

/** What a token of `POST /v1/tokens` allows. It ends early with its person alone, so it is short. */
export type Grant = { scopes: readonly Scope[]; runId?: RunId; endsAt: number; isMember: boolean };

/** Whether a text may be such a token: a JWE has five parts, a signed token three. */
export function isShortLived(text: string): boolean {
  return text.split(".").length === 5;
}

/** Makes a token for a user. It is sealed, because a page of somebody else's holds it. */
export function makeToken(vault: Vault, user: User, { scopes, runId, endsAt, isMember }: Grant): Promise<string> {
  const facts = { tenancy: Tenancy.parse(user), scopes, ...given({ runId }), endsAt, isMember };
  return sealText(vault, "sqe-token", facts, endsAt);
}

/** Reads a caller from a token of `POST /v1/tokens`. */
export async function readShortLived(
  text: string,
  { vault, members, now }: Pick<CredentialDeps, "vault" | "members" | "now">,
): Promise<Result<Caller, string>> {
  const facts = Facts.safeParse(await openText(await vault, "sqe-token", text, now()));
  if (!facts.success) return err("The token has expired, or nobody here has made it");
  const { tenancy, scopes, runId, endsAt, isMember = false } = facts.data;
  const standing = await members.standing(tenancy);
  if (standing === "inactive" || (standing === "unknown" && isMember)) return err(switchedOff);
  const end = { endsAt, recheckAt: recheckAt(now(), endsAt) };
  const allowed = { scopes: new Set(scopes), role: "member", via: "short-lived", ...end } as const;
  return ok({ kind: "user", ...tenancy, ...allowed, ...given({ runId }) });
}
