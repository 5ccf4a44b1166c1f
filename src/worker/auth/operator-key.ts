import { useOperatorKey } from "#db/operator-keys.ts";
import { err, ok, type Result } from "#lang/result.ts";
import { UserId } from "#protocol/ids.ts";
import { keyEnvironment, readKey } from "#protocol/key-format.ts";
import { sha256 } from "#protocol/signature.ts";
import type { Caller, CredentialDeps } from "./caller.ts";

/** Reads an operator from a key that `npm run admin` has made. */
export async function readOperatorKey(
  text: string,
  { config, system }: Pick<CredentialDeps, "config" | "system">,
): Promise<Result<Caller, string>> {
  const parts = readKey("sqeop", text);
  if (parts === undefined) return err("This is no operator's key: a letter is missing or wrong");
  if (parts.environment !== keyEnvironment(config.SQE_ENV)) return err("This key belongs to another installation");
  const found = await useOperatorKey(system, parts.id, await sha256(text));
  if (found === undefined) return err("There is no such operator's key");
  if (found.isRevoked) return err(`Operator's key ${parts.id} was revoked`);
  return ok({ kind: "operator", userId: UserId.parse(`operator:${found.name}`.slice(0, 200)) });
}
