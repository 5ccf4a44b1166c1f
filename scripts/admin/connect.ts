import { given } from "#lang/given.ts";
import { openPlatform } from "#async/platform.ts";
import { tryConnection } from "#mce/try-connection.ts";
import { saveConnection, type Connected, type NewConnection } from "../setup/connection.ts";
import type { Installation } from "./installation.ts";

const timeoutMs = 30_000;

/**
 * Adds a tenant with its installed package, or changes the package it has. It is tried in each business unit first: a token,
 * its permissions, the folders.
 *
 * @throws with what is missing; nothing is stored then
 */
export async function connect(
  { owner, vaultKeys, sandboxUrl }: Installation,
  wanted: NewConnection,
  say: (line: string) => void,
): Promise<Connected> {
  if (vaultKeys === undefined)
    throw new Error("Cannot connect: there are no keys to seal the secret; run npm run setup first");
  const { eid, subdomain, clientId, clientSecret } = wanted;
  for (const mid of wanted.mids) {
    const access = { connectionId: "new", eid, subdomain, clientId, clientSecret, mid };
    const tried = await tryConnection(access, {
      platform: openPlatform(),
      // Two calls by hand, outside the budget.
      gate: { enter: () => Promise.resolve({ ok: true, value: () => undefined }) },
      readTimeoutMs: timeoutMs,
      effectTimeoutMs: timeoutMs,
      ...given({ sandboxUrl }),
    });
    if (!tried.ok) throw new Error(`Cannot connect: business unit ${mid}: ${tried.error.message}`);
    say(`business unit ${mid}: Marketing Cloud gives a token, with the permissions that runs need`);
  }
  return saveConnection(owner, vaultKeys, wanted);
}
