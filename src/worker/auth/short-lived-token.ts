import { z } from "zod";
import type { Vault } from "#db/vault.ts";
import { given } from "#lang/given.ts";
import { err, ok, type Result } from "#lang/result.ts";
import { RunId } from "#protocol/ids.ts";
import { Scope } from "#protocol/scope.ts";
import { Tenancy } from "#protocol/tenancy.ts";
import type { Caller, CredentialDeps, User } from "./caller.ts";
import { openText, sealText } from "./sealed-text.ts";

const Facts = z.object({
  tenancy: Tenancy,
  scopes: z.array(Scope),
  runId: RunId.optional(),
  endsAt: z.number(),
});

/** What a token of `POST /v1/tokens` allows. Nobody can end it early, so it is short. */
export type Grant = { scopes: readonly Scope[]; runId?: RunId; endsAt: number };

/** Whether a text may be such a token: a JWE has five parts, a signed token three. */
export function isShortLived(text: string): boolean {
  return text.split(".").length === 5;
}

/** Makes a token for a user. It is sealed, because a page of somebody else's holds it. */
export function makeToken(vault: Vault, user: User, { scopes, runId, endsAt }: Grant): Promise<string> {
  const facts = { tenancy: Tenancy.parse(user), scopes, ...given({ runId }), endsAt };
  return sealText(vault, "sqe-token", facts, endsAt);
}

/** Reads a caller from a token of `POST /v1/tokens`. */
export async function readShortLived(
  text: string,
  { vault, now }: Pick<CredentialDeps, "vault" | "now">,
): Promise<Result<Caller, string>> {
  const facts = Facts.safeParse(await openText(await vault, "sqe-token", text, now()));
  if (!facts.success) return err("The token has expired, or nobody here has made it");
  const { tenancy, scopes, runId, endsAt } = facts.data;
  const allowed = { scopes: new Set(scopes), role: "member", via: "short-lived", endsAt } as const;
  return ok({ kind: "user", ...tenancy, ...allowed, ...given({ runId }) });
}
