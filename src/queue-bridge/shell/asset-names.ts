import type { Answer, MceFailure } from "#mce/failure.ts";
import { asciiAssetNames, assetNames } from "#run/names.ts";
import { attemptOf, type RunInHand } from "../run/run-in-hand.ts";
import { isAboutText, type Asset } from "./create-or-adopt.ts";

/** Creates an asset under the first of the names that is free. */
type Make = (names: readonly string[]) => Promise<Answer<Asset>>;

/**
 * Names an asset of a run: with the letters of its snippet, or in ASCII after MCE has refused that.
 *
 * MCE's message for a letter that it does not accept is unknown, so any refusal may mean it; the account counts as ASCII-only
 * once an ASCII name has worked. ASCII is tried once for each asset.
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
    if (made.ok || !isLeft || run.signal.aborted || !mayBeTheName(made.error)) return made;
    isLeft = false;
    const plain = await make(ascii);
    if (!plain.ok) return made;
    run.alphabets.keepToAscii(tenancy.eid);
    return plain;
  };
}

/** Any refusal that is not about the SQL, even "taken" for a name with the run's whole id in it. */
function mayBeTheName(failure: MceFailure): boolean {
  return failure.kind === "rejected" && !isAboutText(failure);
}
