import type { RunId } from "#protocol/ids.ts";

/** Both folders carry this name (R5): one of content type dataextension, one of queryactivity. */
export const folderName = "QueryPlusPlus Results";

/** The prefix of every key and name of ours (R6). */
export const namePrefix = "QPP_";

/** MCE cuts query names at 64 characters (MCE 4.4), so ours stay within it. */
const nameMax = 64;
const hashLengths = [4, 8, 30] as const;

/** `QPP_<runId>_<attempt>`: exactly MCE's 36 characters, and a pure function, so that a retry finds what the first try created. */
export function customerKeyOf(runId: RunId, attempt: number): string {
  return `QPP_${runId}_${attempt}`;
}

/** The run and attempt of one of our CustomerKeys; undefined for any other key. */
export function readCustomerKey(key: string): { runId: string; attempt: number } | undefined {
  const match = /^QPP_([0-9a-f]{30})_([1-9])$/.exec(key);
  return match?.[1] === undefined ? undefined : { runId: match[1], attempt: Number(match[2]) };
}

/**
 * The names to try for a run's assets, shortest hash first; the next one is for a name that is taken.
 *
 * @param snippetName as the user typed it; only letters, marks and digits of any script, `_`, `-` and single spaces survive
 */
export function assetNames(runId: RunId, snippetName: string | undefined): readonly string[] {
  return namesWith(runId, cleanSnippet(snippetName ?? ""));
}

/** The same names in ASCII only, for an account that refuses other letters; `Results` when nothing is left. */
export function asciiAssetNames(runId: RunId, snippetName: string | undefined): readonly string[] {
  return namesWith(runId, asciiSnippet(snippetName ?? ""));
}

function namesWith(runId: RunId, clean: string): string[] {
  return hashLengths.map((length) => {
    const hash = runId.slice(0, length);
    const room = nameMax - "QPP__".length - hash.length;
    return `QPP_${cut(clean, room).trim() || "Results"}_${hash}`;
  });
}

/** As many whole leading characters as fit: MCE counts UTF-16 units, as SQL Server does. */
function cut(text: string, maxLength: number): string {
  let length = 0;
  for (const point of text) {
    if (length + point.length > maxLength) break;
    length += point.length;
  }
  return text.slice(0, length);
}

/** Real names have letters, digits, `_`, `-` and spaces only (MCE 4.4); a mark without a letter before it is dropped too. */
function cleanSnippet(name: string): string {
  return name
    .normalize("NFC")
    .replaceAll(/[^\p{L}\p{M}\p{N}_-]+/gu, " ")
    .replaceAll(/(?<![\p{L}\p{M}\p{N}])\p{M}+/gu, "")
    .replaceAll(/ {2,}/g, " ")
    .trim();
}

/** Drops accents and keeps their letters. */
function asciiSnippet(name: string): string {
  return name
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^A-Za-z0-9_-]+/g, " ")
    .trim();
}
