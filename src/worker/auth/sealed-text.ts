import { EncryptJWT, jwtDecrypt } from "jose";
import type { Vault } from "#db/vault.ts";

/** What a sealed text is for; one kind is never read as the other. */
type Kind = "sqe-token" | "sqe-session" | "sqe-sign-in";

/**
 * Seals facts for somebody who brings them back, as a JWE under the newest key of the vault.
 *
 * @param endsAt epoch milliseconds; `openText` refuses it from then on
 */
export function sealText(vault: Vault, kind: Kind, facts: Record<string, unknown>, endsAt: number): Promise<string> {
  const key = vault.keys.get(vault.newest);
  if (key === undefined) throw new Error("Cannot seal a text: the newest key is missing");
  return new EncryptJWT({ facts })
    .setProtectedHeader({ alg: "dir", enc: "A256GCM", kid: vault.newest, typ: kind })
    .setExpirationTime(Math.floor(endsAt / 1000))
    .encrypt(key);
}

/** Opens what `sealText` has made. @returns undefined when it is forged, of another kind, or ended before `now` */
export async function openText(vault: Vault, kind: Kind, text: string, now: number): Promise<unknown> {
  const rules = {
    typ: kind,
    currentDate: new Date(now),
    requiredClaims: ["exp"],
    keyManagementAlgorithms: ["dir"],
    contentEncryptionAlgorithms: ["A256GCM"],
  };
  const keyOf = ({ kid = "" }: { kid?: string }) => {
    const key = vault.keys.get(kid);
    if (key === undefined) throw new Error("Cannot open a text: its key is gone");
    return key;
  };
  return jwtDecrypt(text, keyOf, rules).then(
    ({ payload }) => payload["facts"],
    () => undefined,
  );
}
