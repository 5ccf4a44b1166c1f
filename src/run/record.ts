import type { LedgerEntry } from "#protocol/ledger-note.ts";
import type { Run } from "./run.ts";

/** Everything a run object stores besides its event log and outbox. */
export type RunRecord = {
  run: Run;
  ledger: readonly LedgerEntry[];
  /** Of the request that opened the run: distinguishes a repeated Idempotency-Key from a misused one. */
  bodyHash: string;
  /** The SELECT as ciphertext; dropped when the run is over (D2). */
  sealedSql?: string;
  /** Where the SELECT has parameters' values, as ciphertext; absent: nowhere. */
  sealedFilled?: string;
  /** It has one of the places that its user has for active runs (D59), until it is over. */
  isCounted?: true;
  upkeep: Upkeep;
};

/** What the object still has to do, and when it last heard from a bridge. Times are epoch milliseconds. */
export type Upkeep = {
  /** Newest version that Postgres has. */
  projectedVersion: number;
  projectTries: number;
  projectAt: number;
  /** Last claim, transition or `alive` of a bridge, or the last delivery, whichever is later. */
  lastSignAt: number;
  /** Last claim, transition or `alive` of a bridge; absent: none yet. */
  heardAt?: number;
  /** The delivery whose job is working on the run: that of the last admitted claim, if the claim named it. */
  holder?: number;
  /** When the run's Redis log was last read; absent: never (D7). */
  logReadAt?: number;
  deliveries: number;
  /** Deliveries for clean-up since the ledger last changed (D6: up to 5, then the sweeper). */
  cleanupPuts: number;
};

/** Records a bridge's sign of life. */
export function withSignOfLife(upkeep: Upkeep, now: number): Upkeep {
  return { ...upkeep, lastSignAt: now, heardAt: now };
}

/** One row of the outbox: a job that Redis has not taken yet. */
export type OutboxRow = { delivery: number; tries: number; nextTryAt: number };
