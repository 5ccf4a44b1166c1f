import type { LedgerEntry, LedgerNote } from "#protocol/ledger-note.ts";

/**
 * Folds a note into the ledger; a deleted asset stays deleted, whatever arrives late.
 *
 * @returns the same entries when the note says nothing new
 */
export function noteAsset(entries: readonly LedgerEntry[], note: LedgerNote): readonly LedgerEntry[] {
  const at = entries.findIndex((entry) => entry.customerKey === note.customerKey && entry.asset === note.asset);
  const known = entries[at];
  if (known === undefined) return [...entries, note];
  if (RANK[note.state] <= RANK[known.state]) return entries;
  return entries.with(at, { ...known, ...note });
}

const RANK = { intended: 0, created: 1, deleted: 2 } as const;

/**
 * Lists what the run still has to delete (R11): everything after `failed` or `canceled`; after `ready`, or where a failed
 * run keeps its table (it has an `expiresAt`), its QueryDefinitions at once and the tables of earlier shells, its Data
 * Extension when the result has expired; while it lives only what a later shell has replaced.
 */
export function owedAssets(
  entries: readonly LedgerEntry[],
  run: { status: string; expiresAt?: number },
  now: number,
): readonly LedgerEntry[] {
  const left = entries.filter((entry) => entry.state !== "deleted");
  switch (run.status) {
    case "canceled":
      return left;
    case "failed":
    case "ready": {
      const until = run.expiresAt ?? (run.status === "ready" ? Infinity : -Infinity);
      return left.filter((entry) => entry.asset === "queryDefinition" || now >= until || isOutdone(entry, entries));
    }
    default:
      return left.filter((entry) => isOutdone(entry, entries));
  }
}

/** A later shell has taken its place: nobody reads it any more. */
function isOutdone({ asset, attempt }: LedgerEntry, entries: readonly LedgerEntry[]): boolean {
  return entries.some((other) => other.asset === asset && other.attempt > attempt);
}
