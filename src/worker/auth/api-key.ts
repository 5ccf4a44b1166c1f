import { z } from "zod";
import type { FoundKey } from "#db/api-keys.ts";
import { err, ok, type Result } from "#lang/result.ts";
import { given } from "#lang/given.ts";
import { keyEnvironment, readKey } from "#protocol/key-format.ts";
import { Scope } from "#protocol/scope.ts";
import { sha256 } from "#protocol/signature.ts";
import { Tenancy } from "#protocol/tenancy.ts";
import type { Caller, CredentialDeps } from "./caller.ts";
import { recheckAt } from "./revocation.ts";

/** A later version may have more scopes. */
const Scopes = z.array(z.string()).transform((some) => some.flatMap((one) => Scope.safeParse(one).data ?? []));

/** Reads a caller from an API key. A text that no key can be never reaches the database. */
export async function readApiKey(
  text: string,
  { config, now, keys, defer }: CredentialDeps,
): Promise<Result<Caller, string>> {
  const parts = readKey("sqe", text);
  if (parts === undefined) return err("This is no API key: a letter is missing or wrong");
  if (parts.environment !== keyEnvironment(config.SQE_ENV)) return err("This API key belongs to another installation");
  const found = await keys.find(parts.id, await sha256(text), defer);
  if (found === undefined) return err("There is no such API key");
  const why = unusable(found, now());
  if (why !== undefined) return err(`API key ${parts.id} ${why}`);
  const scopes = new Set(Scopes.parse(found.scopes));
  const tenancy = Tenancy.parse(found);
  // What only administrators may do takes a person who has signed in (D54).
  const end = { ...given({ endsAt: found.expiresAt }), recheckAt: recheckAt(now(), found.expiresAt) };
  return ok({ kind: "user", ...tenancy, scopes, role: "member", via: "key", ...end });
}

function unusable({ isRevoked, isActive, expiresAt }: FoundKey, now: number): string | undefined {
  if (isRevoked) return "was revoked; make a new one";
  if (expiresAt !== undefined && expiresAt <= now)
    return `has expired (${new Date(expiresAt).toISOString()}); make a new one`;
  return isActive ? undefined : "belongs to somebody who may no longer use this service";
}
