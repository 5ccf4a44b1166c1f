import { nameOf, openAccount, revokeAll, whoseIs } from "../account.ts";
import { openContextFor, type CommonOptions } from "../context.ts";
import { NotSignedIn, UsageError } from "../exit-code.ts";
import { gridOf, print, type Format } from "../format/print.ts";
import { visible } from "../format/visible.ts";
import { handOff } from "../hand-off.ts";
import { profileName, readProfile, saveProfile, type KeptKey, type Profile } from "../profiles.ts";
import { say, type Terminal } from "../terminal.ts";

type Flags = CommonOptions & { format?: Format };

/** `sqe bu`: lists the business units where you worked, and for which of them a key is kept. */
export async function businessUnits(terminal: Terminal, flags: Flags): Promise<void> {
  const { client, from } = openAccount(terminal, flags);
  const me = await client.me();
  const name = profileName(terminal, flags.profile);
  const kept = from === `profile "${name}"` ? (readProfile(terminal, name)?.keys ?? []) : [];
  const mids = [...new Set([...me.businessUnits, ...kept].map(({ mid }) => mid))].toSorted((one, other) => one - other);
  const units = mids.map((mid) => {
    const key = kept.find((it) => it.mid === mid);
    const unitName = me.businessUnits.find((it) => it.mid === mid)?.name;
    const isCurrent = mid === me.businessUnit.mid;
    return {
      mid,
      isCurrent,
      ...(unitName !== undefined && { name: unitName }),
      ...(key && { keyUntil: key.expiresAt }),
    };
  });
  const grid = gridOf(units, {
    mid: ({ mid }) => mid,
    name: (unit) => unit.name,
    current: ({ isCurrent }) => (isCurrent ? "current" : undefined),
    keyUntil: ({ keyUntil }) => keyUntil,
  });
  await print(terminal, { answer: { businessUnits: units }, grid }, flags.format);
}

/**
 * `sqe bu MID`: works in another business unit from now on. A key is for one unit, so one that is not kept yet is signed in to.
 */
export async function switchUnit(terminal: Terminal, mid: number, flags: CommonOptions): Promise<void> {
  const name = profileName(terminal, flags.profile);
  const { from } = openAccount(terminal, flags);
  const profile = readProfile(terminal, name);
  if (profile === undefined || from !== `profile "${name}"`)
    throw new UsageError(`The token of ${from} is for one business unit; sqe login makes a profile that can switch`);
  const isKept = profile.keys.some((it) => it.mid === mid && Date.parse(it.expiresAt) > Date.now());
  const keys = isKept ? profile.keys : await signInTo(terminal, mid, profile, flags);
  saveProfile(terminal, name, { ...profile, mid, keys });
  if (!flags.quiet) await say(terminal, `Business unit ${mid} from now on`);
}

/** Gets a key of the same person in another unit. @returns all keys of the profile */
async function signInTo(
  terminal: Terminal,
  mid: number,
  profile: Profile,
  flags: CommonOptions,
): Promise<readonly KeptKey[]> {
  const { url, keys, userId } = profile;
  const account = new URL("/auth/account", url).href;
  const hint = `A key is for one business unit. Switch to ${mid} at ${account} first (it is confirmed for the unit there), then:`;
  const kept = await handOff(openContextFor(terminal, flags, { url }), hint);
  const me = await whoseIs(url, kept);
  if (kept.mid === mid && me.user.id === userId) {
    const old = keys.filter((it) => it.mid === mid);
    await revokeAll({ url, keys: old });
    return [...keys.filter((it) => it.mid !== mid), kept];
  }
  await revokeAll({ url, keys: [kept] });
  const where = `${visible(nameOf(me))} in business unit ${kept.mid}`;
  if (me.user.id !== userId) throw new NotSignedIn(`Confirmed as ${where}, another person than before: sqe login`);
  throw new NotSignedIn(`Confirmed as ${where}, not ${mid}: nothing has changed. Switch at ${account}, and try again`);
}
