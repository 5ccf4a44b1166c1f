import type { LedgerEntry } from "#protocol/ledger-note.ts";
import type { Run } from "./run.ts";

/** Everything one run object keeps beside its event log and outbox. */
export type RunRecord = {
  run: Run;
  ledger: readonly LedgerEntry[];
  /** Of the request that opened the run: tells a repeated Idempotency-Key from a misused one. */
  bodyHash: string;
  /** The SELECT as ciphertext; dropped when the run is over (D2). */
  sealedSql?: string;
  upkeep: Upkeep;
};

/** What the object owes to others, and when it last heard from a bridge. Times are epoch milliseconds. */
export type Upkeep = {
  /** Newest version that Postgres has. */
  projectedVersion: number;
  projectTries: number;
  projectAt: number;
  /** Last claim, transition or `alive` of a bridge, or the last delivery: whatever is younger. */
  lastSignAt: number;
  /** When a bridge was last heard of, by its own word; absent: never. */
  heardAt?: number;
  /** The delivery whose job holds the run: that of the last admitted claim, when the bridge said it. */
  holder?: number;
  /** When the run's Redis log was read last; absent: never (D7). */
  logReadAt?: number;
  deliveries: number;
  /** Deliveries put for clean-up since the ledger last moved (D6: up to 5, then the sweeper). */
  cleanupPuts: number;
};

/** Notes a bridge's sign of life. */
export function heard(upkeep: Upkeep, now: number): Upkeep {
  return { ...upkeep, lastSignAt: now, heardAt: now };
}

/** One row of the outbox: a job that Redis has not taken yet. */
export type OutboxRow = { delivery: number; tries: number; nextTryAt: number };
