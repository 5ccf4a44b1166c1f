import { createClient } from "#client/client.ts";
import type { Me } from "#client/schema-types.ts";
import { SqeError } from "#client/sqe-error.ts";
import { lookAround } from "./connection.ts";
import { openContextFor, type CommonOptions, type Context } from "./context.ts";
import { NotSignedIn } from "./exit-code.ts";
import type { KeptKey, Profile } from "./profiles.ts";
import type { Terminal } from "./terminal.ts";

/** What a command about the caller works with; `from` says where the token comes from. */
export type Account = Context & { url: string; token: string; from: string };

/** Opens the engine for a command about the caller. @throws NotSignedIn when there is no credential */
export function openAccount(terminal: Terminal, flags: CommonOptions): Account {
  const { url, token, from } = lookAround(terminal, flags.profile);
  if (url === undefined || token === undefined || from === undefined)
    throw new NotSignedIn(`You are not signed in: sqe login${url === undefined ? " --url ADDRESS" : ""}`);
  return { ...openContextFor(terminal, flags, { url, token }), url, token, from };
}

/** Asks whose a new key is. One that nobody could name is not left behind. */
export async function whoseIs(url: string, kept: KeptKey): Promise<Me> {
  try {
    return await createClient({ url, token: kept.key }).me();
  } catch (error) {
    await revokeAll({ url, keys: [kept] });
    throw error;
  }
}

/** Revokes keys of a profile, each with itself. @returns those that may still work */
export async function revokeAll({ url, keys }: Pick<Profile, "url" | "keys">): Promise<KeptKey[]> {
  const tried = keys.map(async (kept) => {
    try {
      await createClient({ url, token: kept.key, patienceMs: 5000 }).revokeKey(kept.keyId);
      return [];
    } catch (error) {
      // One that the engine no longer takes is over already.
      return error instanceof SqeError && error.status === 401 ? [] : [kept];
    }
  });
  return (await Promise.all(tried)).flat();
}

/** A user's name and id, or the id alone. */
export function nameOf({ user }: Pick<Me, "user">): string {
  return user.name === undefined ? user.id : `${user.name} (${user.id})`;
}
