import { err, ok } from "#lang/result.ts";
import type { Answer, MceFailure } from "#mce/failure.ts";
import { isMute } from "#mce/reason.ts";
import type { RunInHand } from "../run/run-in-hand.ts";
import type { Folders } from "../business-unit/folders.ts";
import { repeat } from "#async/backoff.ts";
import { isPassing, patienceOf, patiently, waitOf } from "../run/patience.ts";

export type Asset = { objectId: string; name: string };

/** How to create one asset under a name, and how to find the one that exists. */
export type Making = {
  create: (name: string) => Promise<Answer<{ objectId: string }>>;
  /** By our CustomerKey, so that whatever is found is ours. */
  find: () => Promise<Answer<Asset | undefined>>;
};

const stopped: MceFailure = { kind: "aborted", retry: "never", message: "" };

/**
 * Creates an asset in one of our folders. If a user has deleted the folder, it is created again, and so is the asset (R5).
 *
 * @param make creates the asset in the folder with that id
 */
export async function makeInFolder(
  run: RunInHand,
  folders: Folders,
  kind: keyof Folders,
  make: (folderId: number) => Promise<Answer<Asset>>,
): Promise<Answer<Asset>> {
  const made = await make(folders[kind]);
  if (made.ok || !mayBeTheFolder(made.error) || run.signal.aborted) return made;
  const mistrusted = { [kind]: folders[kind] };
  const healed = await patiently(run, () => run.folders.find(run.mce, run.spec.tenancy, run.signal, mistrusted));
  return healed.ok ? make(healed.value[kind]) : made;
}

/** MCE's message for an unknown folder is unknown; a reason from REST names its subject. */
function mayBeTheFolder(failure: MceFailure): boolean {
  if (failure.kind !== "rejected" || isAboutText(failure)) return false;
  return failure.code !== restRefused || isMute(failure.message) || /categor|folder/i.test(failure.message);
}

/** The codes of a refusal by MCE's own check of a query, and of one by REST when it is asked for a reason. */
export const textRefused = "VALIDATE";
export const restRefused = "REST";

/** A refusal of the SQL itself, for which another folder or name does not help: its message is known (MCE 5.1). */
export function isAboutText(failure: MceFailure & { kind: "rejected" }): boolean {
  return failure.code === textRefused || /checking the query syntax/i.test(failure.message);
}

/** A refusal that another text may not get: of the SQL, or of what is not said. Those of a target, a folder or a name say so. */
export function mayBeTheText(failure: MceFailure): boolean {
  if (failure.kind !== "rejected") return false;
  return isAboutText(failure) || !(isNameTaken(failure) || /target|categor|folder/i.test(failure.message));
}

/**
 * Creates an asset under the shortest free name, or adopts the one of an earlier Create (D15). A later start of the processor
 * looks first, because it is not proven that MCE refuses a second Create of the same key.
 */
export async function createOrAdopt(run: RunInHand, names: readonly string[], making: Making): Promise<Answer<Asset>> {
  if (run.claim.epoch > 1) {
    const earlier = await patiently(run, making.find);
    if (!earlier.ok) return earlier;
    if (earlier.value !== undefined) return ok(earlier.value);
  }
  let last = stopped;
  for (const name of names) {
    const made = await createOnce(run, making, name);
    if (made.ok) return made;
    last = made.error;
    if (!isNameTaken(last)) break;
  }
  return err(last);
}

/**
 * Creates an asset under one name. After a refusal or a lost answer it looks for the asset; if it finds none, a Create whose
 * answer was lost is sent again, after a pause.
 */
async function createOnce(run: RunInHand, making: Making, name: string): Promise<Answer<Asset>> {
  let made: Answer<{ objectId: string }> | undefined;
  return repeat<Answer<Asset>>(run.platform, patienceOf(run), async () => {
    if (run.signal.aborted) return { kind: "done", value: err(stopped) };
    // After a failed look-up, look again before another Create.
    made ??= await making.create(name);
    if (made.ok) return { kind: "done", value: ok({ objectId: made.value.objectId, name }) };
    const { error: failure } = made;
    const isLost = failure.kind === "unavailable" && failure.effect === "unknown";
    const mayComeBack = { kind: isLost || isPassing(made) ? "again" : "done", value: err(failure) } as const;
    const mayBeThere = isLost || (failure.kind === "rejected" && failure.code !== textRefused);
    if (!mayBeThere) {
      const wait = waitOf(made);
      made = undefined;
      return { ...mayComeBack, ...wait };
    }
    const found = await making.find();
    if (found.ok && found.value !== undefined) return { kind: "done", value: ok(found.value) };
    if (!found.ok) return { kind: isPassing(found) ? "again" : "done", value: err(failure), ...waitOf(found) };
    made = undefined;
    return mayComeBack;
  });
}

/** A Data Extension's name or key is taken at Create, or its name at a rename (MCE 4.4). */
const nameCodes = ["310003", "310007"];

/**
 * For other objects MCE's message is not proven (MCE 14), so any of the usual words count; a wrong guess costs one call with
 * the next name. "Does not exist" does not mean that a name is in use.
 */
function isNameTaken(failure: MceFailure): boolean {
  if (failure.kind !== "rejected" || isAboutText(failure)) return false;
  if (nameCodes.includes(failure.code) || /\badd-only\b/i.test(failure.message)) return true;
  return /(?<!\b(?:not|n't|cannot|never) )exist|unique|duplicate|in use|taken/i.test(failure.message);
}
