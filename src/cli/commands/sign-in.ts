import { nameOf, revokeAll, whoseIs } from "../account.ts";
import { addressOf, lookAround } from "../connection.ts";
import { openContextFor, type CommonOptions } from "../context.ts";
import { NotSignedIn, UsageError } from "../exit-code.ts";
import { visible } from "../format/visible.ts";
import { handOff } from "../hand-off.ts";
import { pathOfProfiles, profileName, readProfile, saveProfile, type Profile } from "../profiles.ts";
import { say, type Terminal } from "../terminal.ts";

/** `sqe login`: lets a person sign in by a browser, and keeps the key in a profile. */
export async function login(
  terminal: Terminal,
  { url: wanted, ...flags }: CommonOptions & { url?: string },
): Promise<void> {
  const name = profileName(terminal, flags.profile);
  const before = readProfile(terminal, name);
  const url = addressFor(terminal, wanted, before);
  // Before a person goes to the browser for nothing.
  const path = pathOfProfiles(terminal);
  const kept = await handOff(openContextFor(terminal, flags, { url }));
  const me = await whoseIs(url, kept);
  saveProfile(terminal, name, { url, userId: me.user.id, mid: kept.mid, keys: [kept] });
  // Keys that nobody holds any more would count until they expire.
  if (before !== undefined) await revokeAll(before);
  if (flags.quiet) return;
  const who = visible(nameOf(me));
  await say(terminal, `Signed in as ${who}, business unit ${kept.mid}, until ${kept.expiresAt}; the key is in ${path}`);
  if (terminal.env["SQE_TOKEN"]) await say(terminal, "SQE_TOKEN is set and comes first: unset it to use this sign-in");
}

/** `sqe logout`: revokes the keys of a profile, and removes it. */
export async function logout(terminal: Terminal, flags: CommonOptions): Promise<void> {
  const name = profileName(terminal, flags.profile);
  const profile = readProfile(terminal, name);
  if (profile === undefined) throw new NotSignedIn(`You are not signed in: there is no profile "${name}"`);
  const left = await revokeAll(profile);
  saveProfile(terminal, name, undefined);
  const ids = left.map(({ keyId, expiresAt }) => `${keyId} (until ${expiresAt})`);
  if (left.length > 0) await say(terminal, `Could not be revoked, and may still work: key ${ids.join(", key ")}`);
  if (!flags.quiet) await say(terminal, `Signed out of ${profile.url}; profile "${name}" is removed`);
}

function addressFor(terminal: Terminal, wanted: string | undefined, before: Profile | undefined): string {
  if (wanted !== undefined && !URL.canParse(wanted)) throw new UsageError(`--url is no address: ${wanted}`);
  const url = wanted ?? addressOf(terminal.env) ?? before?.url ?? addressNearby(terminal);
  if (url === undefined) throw new UsageError("Say where the engine is: sqe login --url ADDRESS");
  return url;
}

/** A profile that is about to be made is no place to look in. */
function addressNearby({ env, cwd }: Terminal): string | undefined {
  return lookAround({ env: { ...env, SQE_PROFILE: undefined }, cwd }).url;
}
