import { openPlatform, type Platform } from "#async/platform.ts";
import { given } from "#lang/given.ts";
import type { MceAccess } from "#mce/access.ts";
import type { Answer } from "#mce/failure.ts";
import { mintToken } from "#mce/token-request.ts";
import type { Token } from "#mce/token.ts";

const readTimeoutMs = 30_000;

/** Asks for a token of one business unit with a package that is not stored yet. */
export function signIn(
  access: Omit<MceAccess, "connectionId">,
  { platform = openPlatform(), sandboxUrl }: { platform?: Platform; sandboxUrl?: string | undefined } = {},
): Promise<Answer<Token>> {
  return mintToken({ connectionId: "new", ...access }, { platform, readTimeoutMs, ...given({ sandboxUrl }) });
}
