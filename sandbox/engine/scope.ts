import type { Field, Value } from "./types.ts";

/** Where and when a query runs: business unit, its enterprise, and the sandbox clock in epoch milliseconds (GETDATE is UTC-6 of it). */
export type Scope = {
  mid: number;
  eid: number;
  now: number;
  /** Whether child business units see a data extension of their enterprise (MCE 4.7); absent: all of them. */
  isShared?: (name: string) => boolean;
};

/** Why a query was not run, in MCE's words; `unsupported` when only the sandbox cannot run it. */
export type Refusal = { kind: "refused"; message: string; unsupported?: true };

/** The rows of a SELECT. */
export type Rows = { kind: "rows"; columns: { name: string }[]; rows: Value[][] };

/** A table that a query writes to. `mayBeRead`: an Overwrite or Append may read its own target. */
export type CheckTarget = { name: string; fields: readonly Field[]; updateType: UpdateType; mayBeRead?: boolean };
export type UpdateType = "Overwrite" | "Append" | "Update";

/** The outcome of writing rows. */
export type Applied = { kind: "applied"; rows: number } | { kind: "failed"; message: string };
