import { ok } from "#lang/result.ts";
import type { Answer, MceFailure } from "#mce/failure.ts";

/** How to ask for objects of one kind: those with some keys, or all. Keys are compared regardless of case. */
export type Source<T> = {
  some(keys: readonly string[]): Promise<Answer<readonly T[]>>;
  all(): Promise<Answer<readonly T[]>>;
  keyOf(value: T): string;
};

/** What was found, and the keys that MCE refuses to answer. A key that is neither does not exist. */
export type Found<T> = { values: readonly T[]; refused: readonly { key: string; failure: MceFailure }[] };

/** More keys than this are not asked one by one, because reading everything costs fewer calls. */
const singlesMax = 4;

/**
 * Looks up objects by their keys, even when MCE refuses: then one key at a time, because many in one filter may be too
 * much, then everything without a filter, to pick the wanted ones from it. A refusal is not a failure here.
 *
 * @param pause is awaited before each further call
 * @returns a failure only when the same call may work later, or when the request or the sign-in is at fault
 */
export async function lookUp<T>(
  keys: readonly string[],
  source: Source<T>,
  pause: () => Promise<unknown>,
): Promise<Answer<Found<T>>> {
  if (keys.length === 0) return ok({ values: [], refused: [] });
  const together = await source.some(keys);
  if (together.ok) return ok({ values: together.value, refused: [] });
  if (!isRefusal(together.error)) return together;
  const { error: failure } = together;
  const none: Found<T> = { values: [], refused: keys.map((key) => ({ key, failure })) };
  const isFew = keys.length > 1 && keys.length <= singlesMax;
  const singly = isFew ? await oneByOne(keys, source, pause) : ok(none);
  if (!singly.ok || singly.value.refused.length === 0) return singly;
  await pause();
  const everything = await source.all();
  if (!everything.ok) return endsLookUp(everything.error) ? everything : isBadRequest(failure) ? together : singly;
  const wanted = new Set(keys.map((key) => key.toLowerCase()));
  return ok({
    values: everything.value.filter((value) => wanted.has(source.keyOf(value).toLowerCase())),
    refused: [],
  });
}

async function oneByOne<T>(
  keys: readonly string[],
  source: Source<T>,
  pause: () => Promise<unknown>,
): Promise<Answer<Found<T>>> {
  const values: T[] = [];
  const refused: { key: string; failure: MceFailure }[] = [];
  for (const key of keys) {
    await pause();
    const found = await source.some([key]);
    if (found.ok) values.push(...found.value);
    else if (isRefusal(found.error)) refused.push({ key, failure: found.error });
    else return found;
  }
  return ok({ values, refused });
}

/** Whether MCE has answered, and would answer the same again. */
function isRefusal({ kind }: MceFailure): boolean {
  return kind === "rejected" || kind === "forbidden";
}

/** Whether the request was refused before it was read, as later ones will be (MCE 2.5). */
function isBadRequest(failure: MceFailure): boolean {
  return failure.kind === "rejected" && failure.code.startsWith("HTTP ");
}

/** Whether the look-up has to end. A read of everything that is too large, or hangs, is no reason to. */
function endsLookUp({ kind }: MceFailure): boolean {
  return kind === "throttled" || kind === "aborted" || kind === "unauthorized";
}
