import { z } from "zod";
import { Column } from "./column.ts";
import { Evidence } from "./evidence.ts";
import { LedgerNote } from "./ledger-note.ts";
import { readable } from "./readable.ts";
import { RunError } from "./run-error.ts";
import { displayText } from "./storable-text.ts";

/** Every transition has the epoch of its claim and the next `seq` (D5). */
const head = { epoch: z.int().positive(), seq: z.int().positive() };

/** Marketing Cloud's tokens are GUIDs; one much longer does not fit in a URL. */
export const requestTokenMax = 1000;

/** Where to read the rows of a ready run: the DE's key and the token of the rowset snapshot that was confirmed. */
export const ResultHandle = z.object({
  customerKey: z.string().min(1).max(200),
  /** A token that is too long is dropped: then each page is read from a snapshot of its own, in the same order. */
  requestToken: z.string().max(requestTokenMax).optional().catch(undefined),
  /** Epoch milliseconds, from MCE's answer; after it the snapshot gives no pages. */
  tokenExpiresAt: z.number().optional(),
  /** The field to sort by: it gives the query's order, or at least the same order every time. */
  orderBy: z.string().min(1).max(128).optional(),
  /**
   * Present when MCE did not sort the first page by `orderBy`, which numbers the rows: then all rows are read at once,
   * which are few enough for it, and each page is picked from them.
   */
  isSortedHere: z.literal(true).optional(),
  /** Present when rowsets do not answer: pages are picked from the first SOAP batch, in the order of `orderBy`. */
  readBy: z.literal("soap").optional(),
  /**
   * Present when the rows are in a user's own Data Extension: its fields in order, and whether it belongs to the
   * enterprise, where only a sign-in to the enterprise sees its rows (MCE 4.7).
   */
  target: z.object({ columns: z.array(Column).max(1000), isShared: z.literal(true).optional() }).optional(),
});
export type ResultHandle = z.infer<typeof ResultHandle>;

/** Notes beyond the limits are dropped: no note is worth failing a run. */
const Notes = readable(displayText(500).min(1)).transform((notes) => notes.slice(0, 50));

/** For debugging only, so evidence that cannot be read is absent. */
const Shown = Evidence.optional().catch(undefined);

/**
 * What a bridge reports about a run. An unknown type is refused: an edge that does not understand what happened must not
 * go on as if nothing had. The bridge then ends the run (docs/operations.md says which of the two is deployed first).
 */
export const Transition = z.discriminatedUnion("type", [
  /** The inferred columns, which the user may see before the first row. */
  z.object({
    ...head,
    type: z.literal("planned"),
    columns: z.array(Column).min(1).max(1000),
    notes: Notes,
  }),
  /** A ledger note; invisible, and accepted after the end too (D6). */
  z.object({ ...head, type: z.literal("noted"), note: LedgerNote }),
  /** MCE accepted Perform `n`; without a taskId its answer was lost, but other evidence shows that the query ran. */
  z.object({
    ...head,
    type: z.literal("performed"),
    n: z.int().positive(),
    taskId: z.string().max(40).optional(),
  }),
  /**
   * Perform `n` certainly has no effect, so `n + 1` may be granted: `refused` by a definite answer from MCE (any mode), or
   * `not-running` by reading after a lost answer (not for an append: D4).
   */
  z.object({
    ...head,
    type: z.literal("performRejected"),
    n: z.int().positive(),
    evidence: z.enum(["refused", "not-running"]),
  }),
  /**
   * MCE ended Perform `n` because the result did not fit our own table, or in a deadlock: a second shell is created, and
   * its table has these columns. At most once, and never for a target.
   */
  z.object({
    ...head,
    type: z.literal("misfit"),
    n: z.int().positive(),
    columns: z.array(Column).min(1).max(1000),
    notes: Notes,
  }),
  /** The query seems to have ended; its rows are being checked. */
  z.object({ ...head, type: z.literal("confirming"), evidence: Shown }),
  z.object({
    ...head,
    type: z.literal("ready"),
    result: ResultHandle,
    rowCount: z.int().nonnegative().optional(),
    /** Present when the table holds a look at the first rows: whether there were more. */
    truncated: z.boolean().optional(),
    columns: z.array(Column).min(1).max(1000),
    notes: Notes,
    evidence: Shown,
  }),
  z.object({
    ...head,
    type: z.literal("failed"),
    error: RunError,
    evidence: Shown,
    /** The query wrote its rows, and only reading them failed: its table stays as long as a result does. */
    keepsTable: z.literal(true).optional(),
  }),
]);
export type Transition = z.infer<typeof Transition>;
