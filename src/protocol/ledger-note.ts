import { z } from "zod";

/** What a run may create in MCE. Runs share folders, so those are never in a run's ledger. */
export const AssetKind = z.enum(["dataExtension", "queryDefinition"]);
export type AssetKind = z.infer<typeof AssetKind>;

/** 1..9: the last character of a CustomerKey (R6). */
const Attempt = z.int().min(1).max(9);

const asset = { asset: AssetKind, attempt: Attempt, customerKey: z.string().min(1).max(36) };

/**
 * What the bridge knows about one asset. `intended` is noted before the Create is sent, so that a lost answer leaves a
 * trace; `created` has MCE's ObjectID; `deleted` also means that the asset was already gone.
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

/** One asset in the run object's ledger: the newest note, completed by older ones. */
export const LedgerEntry = z.object({
  asset: AssetKind,
  attempt: z.int(),
  customerKey: z.string(),
  state: z.enum(["intended", "created", "deleted"]),
  objectId: z.string().exactOptional(),
  name: z.string().exactOptional(),
});
export type LedgerEntry = z.infer<typeof LedgerEntry>;
