import { err, ok, type Result } from "#lang/result.ts";
import type { MceAccess } from "./access.ts";
import { openMce } from "./client.ts";
import type { MceFailure } from "./failure.ts";
import { shownMessage } from "./mask.ts";
import type { MceDeps } from "./session.ts";
import { lackingScopes, scopesText } from "./scopes.ts";
import { findFolders } from "./soap/folder.ts";
import { openTokenCache, type Token, type TokenCache } from "./token.ts";

/** Why a connection cannot be used in a business unit. */
export type Unusable =
  | { kind: "credentials"; message: string }
  | { kind: "scopes"; message: string }
  | { kind: "folders"; message: string }
  /** Nobody can say: ask again later. */
  | { kind: "unknown"; message: string };

/**
 * Tries what every run needs of a connection in one business unit: a token, its permissions, the folders.
 *
 * @returns what is missing, in words for the person who set the package up
 */
export async function tryConnection(
  access: MceAccess,
  deps: Omit<MceDeps, "tokens" | "renew">,
): Promise<Result<void, Unusable>> {
  const { tokens, last } = openWatchedCache();
  const folders = await findFolders(openMce(access, { ...deps, tokens }), { contentType: "dataextension" });
  const token = last();
  if (token === undefined) return folders.ok ? ok(undefined) : err(refusedToken(folders.error));
  const lacking = lackingScopes(token);
  if (lacking.length > 0) {
    return err({ kind: "scopes", message: `The installed package lacks ${scopesText(lacking)}` });
  }
  return folders.ok ? ok(undefined) : err(refusedFolders(folders.error));
}

/** A cache that tells which token it gave last: only a token says which permissions a package has. */
function openWatchedCache(): { tokens: TokenCache; last: () => Token | undefined } {
  const tokens = openTokenCache();
  let last: Token | undefined;
  const get: TokenCache["get"] = async (...asked) => {
    const token = await tokens.get(...asked);
    if (token.ok) last = token.value;
    return token;
  };
  return { tokens: { ...tokens, get }, last: () => last };
}

function refusedToken(failure: MceFailure): Unusable {
  if (isPassing(failure))
    return { kind: "unknown", message: `Marketing Cloud did not answer: ${shownMessage(failure)}` };
  return { kind: "credentials", message: `Marketing Cloud gives no token: ${shownMessage(failure)}` };
}

function refusedFolders(failure: MceFailure): Unusable {
  if (isPassing(failure))
    return { kind: "unknown", message: `Marketing Cloud did not answer: ${shownMessage(failure)}` };
  return { kind: "folders", message: `The folders cannot be read: ${shownMessage(failure)}` };
}

function isPassing({ kind }: MceFailure): boolean {
  return kind === "throttled" || kind === "unavailable" || kind === "aborted";
}
