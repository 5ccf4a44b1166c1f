import type { RunStatus } from "#protocol/run-status.ts";
import type { LedgerEntry } from "../stack/bench-stack.ts";

/** What is known of a stack's runs when all should have ended: Marketing Cloud's side, the engine's, and each client's. */
export type History = {
  runs: readonly RunHistory[];
  /** What Marketing Cloud has heard and done, as the sandbox's ledger has it (DESIGN 8). */
  ledger: readonly LedgerEntry[];
  /** What Marketing Cloud still has of ours. */
  assets: readonly Asset[];
  /** How many calls a business unit may get in a minute of the sandbox's clock; absent: as many as it likes. */
  callsPerMinute?: number;
};

/** A query that can be started, or a table, under a key of ours. */
export type Asset = { kind: "query" | "table"; key: string; mid: number };

/** One run that the engine has accepted. */
export type RunHistory = {
  id: string;
  /** The business unit it belongs to. */
  mid: number;
  /** Writing its rows twice is not the same as once. */
  isAppend: boolean;
  /** Its rows are promised to be there still. */
  keepsTable: boolean;
  /** A cancel was answered with `canceled`. */
  isCancelAcknowledged: boolean;
  /** Each version that the engine tells, read from the first one when all was over. */
  log: readonly Version[];
  /** The reports of bridges that the object took, in order. */
  steps: readonly Step[];
  /** The last Perform that the object has granted: its number and when, in the object's epoch milliseconds. */
  grant?: { n: number; at: number };
  /** The last version in Postgres; absent: Postgres does not know the run. */
  projected?: Pick<Version, "version" | "status">;
  /** Who followed the run to its end. */
  clients: readonly Client[];
  /** When it came to what; absent: the engine does not know the run. */
  moments?: Moments;
};

/** When a run came to what, in the object's epoch milliseconds; absent: never. */
export type Moments = {
  createdAt: number;
  /** The first claim. */
  startedAt?: number;
  endedAt?: number;
  /** It has a table that stays after its end. */
  hasResult: boolean;
  /** When the object took which report; `asset`: what a note is about, and what became of it. */
  reports: readonly { at: number; type: string; asset?: string }[];
};

/** `endedAt`: when it ended, in the object's epoch milliseconds; `code`: why it failed. */
export type Version = { version: number; status: RunStatus; endedAt?: number; code?: string };
type Step = { seq: number; epoch: number };

/** One follower of a run, and the streams it had one after another. */
export type Client = { streams: readonly Stream[]; sawEnd: boolean };

/** What came on one stream that was opened with this Last-Event-ID: the ids of its events, in the order of arrival. */
export type Stream = { after: number; ids: readonly number[] };

/** Something that must not be: which of the invariants I1 … I10 of docs/reliability.md it breaks, and for which run. */
export type Finding = { invariant: Invariant; what: string; runId?: string };

/** The invariants that a history can break; I6, no row values in any store, is proved by `npm run prove:zero-data`. */
export const invariants = {
  I1: "each accepted run ends once, and Postgres knows its end",
  I2: "an append is applied at most once, and once when it is ready; no Perform without its grant",
  I3: "a log has no gap, one end, and nothing after it",
  I4: "no report of a bridge is taken that was replaced, none twice",
  I5: "each client gets each version once, in order, to the end",
  I7: "nothing of ours is left in Marketing Cloud",
  I8: "each call is made with the token of its run's business unit",
  I9: "the calls to a business unit stay within its budget",
  I10: "a run that was canceled stays canceled, and starts nothing after it",
} as const;
type Invariant = keyof typeof invariants;
