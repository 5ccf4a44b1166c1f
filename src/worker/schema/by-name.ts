import type { NamePlace } from "#api/parts.ts";
import { given } from "#lang/given.ts";

/** A page of a list by name, and the place of its last entry when there are more. */
export type NamePage<T> = { entries: T[]; last?: NamePlace };

/**
 * Cuts a page out of a list that is in the order of its lower-cased names: those that begin with `q` first, then those
 * that have it elsewhere.
 */
export function pageByName<T extends { name: string }>(
  list: readonly T[],
  { q = "", limit, after }: { q?: string | undefined; limit: number; after?: NamePlace | undefined },
): NamePage<T> {
  const wanted = q.toLowerCase();
  const entries: T[] = [];
  let last: NamePlace | undefined;
  for (const rank of [0, 1] as const) {
    if (after !== undefined && rank < after.rank) continue;
    for (const entry of list) {
      const name = entry.name.toLowerCase();
      const found = name.indexOf(wanted);
      if (found < 0 || (found === 0) !== (rank === 0)) continue;
      if (after?.rank === rank && name <= after.name) continue;
      if (entries.length === limit) return { entries, ...given({ last }) };
      entries.push(entry);
      last = { rank, name };
    }
  }
  return { entries };
}
