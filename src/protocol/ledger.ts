import { z } from "zod";

/** What a run may make in MCE. Folders are shared by runs and therefore never in a run's ledger. */
export const AssetKind = z.enum(["dataExtension", "queryDefinition"]);
export type AssetKind = z.infer<typeof AssetKind>;

/** 1..9: the last character of a CustomerKey (R6). */
const Attempt = z.int().min(1).max(9);

const asset = { asset: AssetKind, attempt: Attempt, customerKey: z.string().min(1).max(36) };

/**
 * What the bridge knows about one asset. `intended` stands before the Create is sent, so that a lost answer leaves a
 * trace; `created` carries MCE's ObjectID; `deleted` also says "was not there any more".
 */
export const LedgerNote = z.discriminatedUnion("state", [
  z.object({ state: z.literal("intended"), ...asset }),
  z.object({
    state: z.literal("created"),
    ...asset,
    objectId: z.string().min(1).max(64),
    name: z.string().max(128),
  }),
  z.object({ state: z.literal("deleted"), ...asset }),
]);
export type LedgerNote = z.infer<typeof LedgerNote>;

/** One asset as the run object remembers it: the newest note, with what older ones told. */
export const LedgerEntry = z.object({
  asset: AssetKind,
  attempt: z.int(),
  customerKey: z.string(),
  state: z.enum(["intended", "created", "deleted"]),
  objectId: z.string().exactOptional(),
  name: z.string().exactOptional(),
});
export type LedgerEntry = z.infer<typeof LedgerEntry>;

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
