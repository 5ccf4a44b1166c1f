import type { Caller } from "./callers.ts";
import { asks } from "./rules.ts";
import { send, type Sent } from "./send.ts";
import { isSameTenant, marksOf, ownerNames, type OwnerName, type Owners } from "./things.ts";

/** Whose things a request is tried with: everybody's, where it is for one. */
export function ownersFor(ask: string): readonly OwnerName[] {
  return asks[ask]?.of === undefined ? ["nobody"] : ownerNames;
}

/** Sends one request of every caller for the things of some. @returns what came, and a line for each wrong answer */
export async function tryAsk(
  name: string,
  callers: readonly Caller[],
  owners: Owners,
  whose: (at: number) => readonly OwnerName[],
): Promise<{ sent: Sent[]; wrong: string[] }> {
  const ask = asks[name];
  if (ask === undefined) throw new Error(`Cannot try ${name}: there is no rule for it`);
  const sent: Sent[] = [];
  const wrong: string[] = [];
  for (const [at, caller] of callers.entries())
    for (const owner of whose(at)) {
      const one = await send(name, ask, caller, owner, owners);
      const what = `${caller.name}: ${name}${ask.of === undefined ? "" : `, ${owner}'s`}`;
      sent.push(one);
      if (one.came !== one.wanted) wrong.push(`${what}: ${one.came}, not ${one.wanted}`);
      for (const other of toldOf(one.text, caller, owners)) wrong.push(`${what}: tells what is ${other}'s`);
    }
  return { sent, wrong };
}

/** Whose things an answer tells of who are not the caller's to know: an administrator knows the tenant's. */
function toldOf(text: string, { is, isAdministrator }: Caller, owners: Owners): string[] {
  return Object.entries(owners).flatMap(([name, owner]) => {
    const other = name as OwnerName;
    const mayKnow = is === other || (isAdministrator && isSameTenant(is as OwnerName, other));
    return !mayKnow && marksOf(owner).some((mark) => text.includes(mark)) ? [other] : [];
  });
}
