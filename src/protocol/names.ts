import type { RunId } from "./ids.ts";

/** Both folders carry this name (R5): one of content type dataextension, one of queryactivity. */
export const folderName = "QueryPlusPlus Results";

/** Every asset of ours has a key and a name that begin like this (R6). */
export const namePrefix = "QPP_";

/** MCE cuts query names at 64 characters (FACTS 4.4), so ours stay within it. */
const nameMax = 64;
const hashLengths = [4, 8, 30] as const;

/** `QPP_<runId>_<attempt>`: exactly MCE's 36 characters, and a pure function, so a retry finds what the first try made. */
export function customerKeyOf(runId: RunId, attempt: number): string {
  return `QPP_${runId}_${attempt}`;
}

/** Reads a CustomerKey of ours back; undefined for every other key. */
export function readCustomerKey(key: string): { runId: string; attempt: number } | undefined {
  const match = /^QPP_([0-9a-f]{30})_([1-9])$/.exec(key);
  return match?.[1] === undefined ? undefined : { runId: match[1], attempt: Number(match[2]) };
}

/**
 * The names to try for a run's assets, shortest hash first; the next one is for when MCE says the name is taken.
 *
 * @param snippetName as the user typed it; only letters, digits, `_`, `-` and single spaces survive
 */
export function assetNames(runId: RunId, snippetName: string | undefined): readonly string[] {
  const clean = cleanSnippet(snippetName ?? "");
  return hashLengths.map((length) => {
    const hash = runId.slice(0, length);
    const room = nameMax - "QPP__".length - hash.length;
    return `QPP_${clean.slice(0, room).trim() || "Results"}_${hash}`;
  });
}

/** DE names take only these characters in practice (FACTS 4.4); a tone mark goes, its letter stays. */
function cleanSnippet(name: string): string {
  return name
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^A-Za-z0-9_-]+/g, " ")
    .trim();
}
