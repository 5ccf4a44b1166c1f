import { answered, failed, type Answer, type MceFailure } from "#mce/failure.ts";
import { isMute } from "#mce/reason.ts";
import type { RunInHand } from "../run/run-in-hand.ts";
import type { Folders } from "../business-unit/folders.ts";
import { repeat } from "#async/backoff.ts";
import { isPassing, patienceOf, patiently, waitOf } from "../run/patience.ts";

export type Asset = { objectId: string; name: string };

/** How to make one asset under a name, and how to find the one that is there. */
export type Making = {
  create: (name: string) => Promise<Answer<{ objectId: string }>>;
  /** By our CustomerKey: what is found is ours. */
  find: () => Promise<Answer<Asset | undefined>>;
};

const stopped: MceFailure = { kind: "aborted", retry: "never", message: "" };

/**
 * Makes an asset in one of our folders. A folder that a user has deleted is healed, then the Create is sent once more
 * (R5).
 *
 * @param make what to do in a folder of that id
 */
export async function makeInFolder(
  run: RunInHand,
  folders: Folders,
  kind: keyof Folders,
  make: (folderId: number) => Promise<Answer<Asset>>,
): Promise<Answer<Asset>> {
  const made = await make(folders[kind]);
  if (made.ok || !mayBeTheFolder(made.failure) || run.signal.aborted) return made;
  const mistrusted = { [kind]: folders[kind] };
  const healed = await patiently(run, () => run.folders.find(run.mce, run.spec.tenancy, run.signal, mistrusted));
  return healed.ok ? make(healed.value[kind]) : made;
}

/** MCE's words for an unknown folder are not known; REST, where it gives a reason, says what that is about. */
function mayBeTheFolder(failure: MceFailure): boolean {
  if (failure.kind !== "rejected" || isAboutText(failure)) return false;
  return failure.code !== restRefused || isMute(failure.message) || /categor|folder/i.test(failure.message);
}

/** The code of a refusal by MCE's own check of a query's text, and of one by REST where it is asked for a reason. */
export const textRefused = "VALIDATE";
export const restRefused = "REST";

/** A refusal of the SQL itself, with which no other folder or name helps: its words are known (MCE 5.1). */
export function isAboutText(failure: MceFailure & { kind: "rejected" }): boolean {
  return failure.code === textRefused || /checking the query syntax/i.test(failure.message);
}

/**
 * Creates under the shortest free name, or adopts what an earlier Create has made (D15). A later start of the processor
 * looks first, because it is not proven that MCE refuses a second Create of one key.
 */
export async function createOrAdopt(run: RunInHand, names: readonly string[], making: Making): Promise<Answer<Asset>> {
  if (run.claim.epoch > 1) {
    const earlier = await patiently(run, making.find);
    if (!earlier.ok) return earlier;
    if (earlier.value !== undefined) return { ok: true, value: earlier.value };
  }
  let last = stopped;
  for (const name of names) {
    const made = await createOnce(run, making, name);
    if (made.ok) return made;
    last = made.failure;
    if (!isNameTaken(last)) break;
  }
  return failed(last);
}

/**
 * Creates under one name. After a refusal or a lost answer the asset is looked for; without a trace of it a Create
 * whose answer was lost is sent again, after a pause.
 */
async function createOnce(run: RunInHand, making: Making, name: string): Promise<Answer<Asset>> {
  let made: Answer<{ objectId: string }> | undefined;
  return repeat<Answer<Asset>>(run.platform, patienceOf(run), async () => {
    if (run.signal.aborted) return { kind: "done", value: failed(stopped) };
    // A look that failed comes before another Create.
    made ??= await making.create(name);
    if (made.ok) return { kind: "done", value: answered({ objectId: made.value.objectId, name }) };
    const { failure } = made;
    const isLost = failure.kind === "unavailable" && failure.effect === "unknown";
    const mayComeBack = { kind: isLost || isPassing(made) ? "again" : "done", value: failed(failure) } as const;
    const mayBeThere = isLost || (failure.kind === "rejected" && failure.code !== textRefused);
    if (!mayBeThere) {
      const wait = waitOf(made);
      made = undefined;
      return { ...mayComeBack, ...wait };
    }
    const found = await making.find();
    if (found.ok && found.value !== undefined) return { kind: "done", value: answered(found.value) };
    if (!found.ok) return { kind: isPassing(found) ? "again" : "done", value: failed(failure), ...waitOf(found) };
    made = undefined;
    return mayComeBack;
  });
}

/** A Data Extension's name or key at Create, and a name at a rename (MCE 4.4). */
const nameCodes = ["310003", "310007"];

/**
 * Of other objects MCE's words are not proven (MCE 14), so any of the usual ones; the next name costs one call when it is
 * wrong. What "does not exist" is no name that is in use.
 */
function isNameTaken(failure: MceFailure): boolean {
  if (failure.kind !== "rejected" || isAboutText(failure)) return false;
  if (nameCodes.includes(failure.code) || /\badd-only\b/i.test(failure.message)) return true;
  return /(?<!\b(?:not|n't|cannot|never) )exist|unique|duplicate|in use|taken/i.test(failure.message);
}
