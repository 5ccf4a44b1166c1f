import { answered, type Answer, type MceFailure } from "#mce/failure.ts";

/** How objects of one kind are asked for: those of some keys, or all there are; keys are compared without regard to case. */
export type Door<T> = {
  some(keys: readonly string[]): Promise<Answer<readonly T[]>>;
  all(): Promise<Answer<readonly T[]>>;
  keyOf(value: T): string;
};

/** What was found, and of which keys MCE refuses to tell; a key that is neither is not there. */
export type Found<T> = { values: readonly T[]; refused: readonly { key: string; failure: MceFailure }[] };

/** More keys than this are not asked one by one: everything in one go costs fewer calls. */
const singlesMax = 4;

/**
 * Looks up objects by their keys, although MCE may refuse to: one key at a time, since many in one filter may be too much,
 * then everything without a filter, from which the wanted ones are picked. No refusal is a failure here.
 *
 * @param pause is waited for before each further call
 * @returns a failure only where the same call makes sense later, or where the request or the sign-in is at fault
 */
export async function lookUp<T>(
  keys: readonly string[],
  door: Door<T>,
  pause: () => Promise<unknown>,
): Promise<Answer<Found<T>>> {
  if (keys.length === 0) return answered({ values: [], refused: [] });
  const together = await door.some(keys);
  if (together.ok) return answered({ values: together.value, refused: [] });
  if (!isRefusal(together.failure)) return together;
  const { failure } = together;
  const none: Found<T> = { values: [], refused: keys.map((key) => ({ key, failure })) };
  const isFew = keys.length > 1 && keys.length <= singlesMax;
  const singly = isFew ? await oneByOne(keys, door, pause) : answered(none);
  if (!singly.ok || singly.value.refused.length === 0) return singly;
  await pause();
  const everything = await door.all();
  if (!everything.ok) return comesLater(everything.failure) ? everything : isAtTheDoor(failure) ? together : singly;
  const wanted = new Set(keys.map((key) => key.toLowerCase()));
  return answered({
    values: everything.value.filter((value) => wanted.has(door.keyOf(value).toLowerCase())),
    refused: [],
  });
}

async function oneByOne<T>(
  keys: readonly string[],
  door: Door<T>,
  pause: () => Promise<unknown>,
): Promise<Answer<Found<T>>> {
  const values: T[] = [];
  const refused: { key: string; failure: MceFailure }[] = [];
  for (const key of keys) {
    await pause();
    const found = await door.some([key]);
    if (found.ok) values.push(...found.value);
    else if (isRefusal(found.failure)) refused.push({ key, failure: found.failure });
    else return found;
  }
  return answered({ values, refused });
}

/** MCE has answered, and will say the same again. */
function isRefusal({ kind }: MceFailure): boolean {
  return kind === "rejected" || kind === "forbidden";
}

/** Refused for what it is and not for what it asks: later requests fare no better (MCE 2.5). */
function isAtTheDoor(failure: MceFailure): boolean {
  return failure.kind === "rejected" && failure.code.startsWith("HTTP ");
}

/** A read of everything that is too large, or hangs, is no reason to give up what is known. */
function comesLater({ kind }: MceFailure): boolean {
  return kind === "throttled" || kind === "aborted" || kind === "unauthorized";
}
