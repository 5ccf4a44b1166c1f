import type { LedgerEntry, LedgerNote } from "#protocol/ledger-note.ts";

/**
 * Adds a note to the ledger; a deleted asset stays deleted, even if an older note arrives late.
 *
 * @returns the same entries when the note is not news
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
 * Lists what the run still has to delete (R11). After `failed` or `canceled`: everything. After `ready`, or when a failed
 * run keeps its table (it has an `expiresAt`): its QueryDefinitions and the tables of earlier shells at once, its Data
 * Extension when the result has expired. Before the end: only what a later shell has replaced.
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
      return left.filter((entry) => entry.asset === "queryDefinition" || now >= until || isReplaced(entry, entries));
    }
    default:
      return left.filter((entry) => isReplaced(entry, entries));
  }
}

/** Whether a later shell has replaced it. */
function isReplaced({ asset, attempt }: LedgerEntry, entries: readonly LedgerEntry[]): boolean {
  return entries.some((other) => other.asset === asset && other.attempt > attempt);
}
