import { z } from "zod";
import { Column } from "./column.ts";
import { Evidence } from "./evidence.ts";
import { LedgerNote } from "./ledger-note.ts";
import { readable } from "./readable.ts";
import { RunError } from "./run-error.ts";
import { toldText } from "./storable-text.ts";

/** What the bridge tells the run object. Every transition has the epoch of its claim and the next `seq` (D5). */
const head = { epoch: z.int().positive(), seq: z.int().positive() };

/** Marketing Cloud's own tokens are GUIDs; one much longer fits in no address. */
export const requestTokenMax = 1000;

/** Where the rows of a ready run are read: the DE's key and the handle of the rowset snapshot that was confirmed. */
export const ResultHandle = z.object({
  customerKey: z.string().min(1).max(200),
  /** One too long to be asked for is not kept: then each page is read from a snapshot of its own, in the same order. */
  requestToken: z.string().max(requestTokenMax).optional().catch(undefined),
  /** Epoch milliseconds by MCE's answer; the snapshot answers no page after it. */
  tokenExpiresAt: z.number().optional(),
  /** Field by whose values the rows come in the query's order, or at least always in the same one. */
  orderBy: z.string().min(1).max(128).optional(),
  /**
   * Present when MCE did not sort the first page by `orderBy`, which numbers the rows: each page is picked out of one
   * read of all of them, as they are few enough for it.
   */
  isSortedHere: z.literal(true).optional(),
  /** Present when rowsets do not answer: pages are picked out of the first batch by SOAP, in the order of `orderBy`. */
  readBy: z.literal("soap").optional(),
  /**
   * Present when the rows are those of a Data Extension of the user's: its fields in their order, and whether it is the
   * enterprise's, whose rows only a sign-in there shows (MCE 4.7).
   */
  target: z.object({ columns: z.array(Column).max(1000), isShared: z.literal(true).optional() }).optional(),
});
export type ResultHandle = z.infer<typeof ResultHandle>;

/** What is beyond the bounds is left out, because no note is worth a run. */
const Notes = readable(toldText(500).min(1)).transform((notes) => notes.slice(0, 50));

/** Shown to those who debug, and decides nothing: what cannot be read of it is absent. */
const Shown = Evidence.optional().catch(undefined);

/**
 * One of a type that is not here is refused: an edge that cannot tell what happened must not go on as if nothing had. The
 * bridge then ends the run (docs/operations.md says which of the two is deployed first).
 */
export const Transition = z.discriminatedUnion("type", [
  /** Columns are inferred: the user may see them before the first row is there. */
  z.object({
    ...head,
    type: z.literal("planned"),
    columns: z.array(Column).min(1).max(1000),
    notes: Notes,
  }),
  /** A ledger note; invisible, accepted after the end too (D6). */
  z.object({ ...head, type: z.literal("noted"), note: LedgerNote }),
  /** MCE took Perform `n`; without a taskId its answer was lost but other evidence shows that the query runs. */
  z.object({
    ...head,
    type: z.literal("performed"),
    n: z.int().positive(),
    taskId: z.string().max(40).optional(),
  }),
  /**
   * Perform `n` surely has no effect, so `n + 1` is free: `refused` by a definite answer of MCE (any mode), or
   * `not-running` by reading after a lost answer (not for an append: D4).
   */
  z.object({
    ...head,
    type: z.literal("performRejected"),
    n: z.int().positive(),
    evidence: z.enum(["refused", "not-running"]),
  }),
  /**
   * MCE ended Perform `n` because the result did not fit our own table, or in a deadlock: a second shell is made, whose
   * table has these columns. Once, and never for a target.
   */
  z.object({
    ...head,
    type: z.literal("misfit"),
    n: z.int().positive(),
    columns: z.array(Column).min(1).max(1000),
    notes: Notes,
  }),
  /** MCE has ended the query, as it seems; its rows are being checked. */
  z.object({ ...head, type: z.literal("confirming"), evidence: Shown }),
  z.object({
    ...head,
    type: z.literal("ready"),
    result: ResultHandle,
    rowCount: z.int().nonnegative().optional(),
    columns: z.array(Column).min(1).max(1000),
    notes: Notes,
    evidence: Shown,
  }),
  z.object({
    ...head,
    type: z.literal("failed"),
    error: RunError,
    evidence: Shown,
    /** The query has made its rows, and only reading them failed: its table stays for as long as a result does. */
    keepsTable: z.literal(true).optional(),
  }),
]);
export type Transition = z.infer<typeof Transition>;
