import type { Answer, MceFailure } from "#mce/failure.ts";
import { asciiAssetNames, assetNames } from "#run/names.ts";
import { attemptOf, type RunInHand } from "../run/run-in-hand.ts";
import { isAboutText, type Asset } from "./create-or-adopt.ts";

/** Makes an asset under one of some names, shortest first. */
type Make = (names: readonly string[]) => Promise<Answer<Asset>>;

/**
 * Tells what to call an asset of a run: in the letters of its snippet, or, where MCE refuses that once, in ASCII's.
 *
 * MCE's words for a letter it does not take are not known, so any refusal may mean it; the account counts as one that takes
 * ASCII only when ASCII has helped. It is tried once for each asset.
 */
export function openNaming(run: RunInHand): (make: Make) => Promise<Answer<Asset>> {
  const { id, snippetName, tenancy } = run.spec;
  // The first shell's name may be blocked for a while after its deletion (MCE 4.4).
  const usedUp = attemptOf(run) - 1;
  const ascii = asciiAssetNames(id, snippetName).slice(usedUp);
  const own = run.alphabets.isAsciiOnly(tenancy.eid) ? ascii : assetNames(id, snippetName).slice(usedUp);
  let isLeft = own[0] !== ascii[0];
  return async (make) => {
    const made = await make(own);
    if (made.ok || !isLeft || run.signal.aborted || !mayBeTheName(made.failure)) return made;
    isLeft = false;
    const plain = await make(ascii);
    if (!plain.ok) return made;
    run.alphabets.keepToAscii(tenancy.eid);
    return plain;
  };
}

/** All but what is about the SQL: even a name that is "taken" with the run's whole id in it. */
function mayBeTheName(failure: MceFailure): boolean {
  return failure.kind === "rejected" && !isAboutText(failure);
}
