import type { Claim, Database } from "#db/database.ts";
import { noteMember, readStanding, type Standing } from "#db/members.ts";
import { keptFor } from "#lang/kept-for.ts";
import { cacheTtlMs } from "./revocation.ts";

/** Whether the people that tokens name may come in. Answers are kept, so that not every request asks Postgres. */
export type KnownMembers = {
  /** The standing of the person that a token of ours names. */
  standing(who: Required<Claim>): Promise<Standing>;
  /** The same for a trusted issuer's token. A person who is new becomes a member, so that administrators see who comes. */
  noted(who: Required<Claim>): Promise<Standing>;
  /** Asks Postgres the next time, because a member was changed. */
  forget(who: Required<Claim>): void;
};

const membersMax = 1000;

/** Opens the members of one isolate. */
export function openKnownMembers(app: () => Promise<Database>, now: () => number): KnownMembers {
  const kept = keptFor<Standing>(cacheTtlMs, now, { max: membersMax, weightOf: () => 1 });

  async function find(who: Required<Claim>, ask: typeof readStanding): Promise<Standing> {
    const known = kept.get(keyOf(who));
    if (known !== undefined) return known;
    const standing = await ask(await app(), who);
    // Somebody unknown may be noted the next moment.
    if (standing !== "unknown") kept.set(keyOf(who), standing);
    return standing;
  }

  return {
    standing: (who) => find(who, readStanding),
    noted: (who) => find(who, noteMember),
    forget: (who) => kept.forget(keyOf(who)),
  };
}

function keyOf({ tenantId, userId }: Required<Claim>): string {
  return `${tenantId}/${userId}`;
}
