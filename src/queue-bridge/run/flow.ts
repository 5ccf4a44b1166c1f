import type { Answer } from "#mce/failure.ts";
import type { Column } from "#protocol/column.ts";
import type { RunSpec } from "#protocol/claim.ts";
import type { FlowName } from "#protocol/target.ts";
import type { ResultHandle } from "#protocol/transition.ts";
import type { Look } from "#sql/rewrite/rewrite.ts";
import type { RunInHand } from "./run-in-hand.ts";
import type { Outcome } from "../ending.ts";
import type { Folders } from "../business-unit/folders.ts";

/** The query that will run: the SELECT with `*` expanded, and its columns. */
export type Plan = {
  sql: string;
  columns: readonly Column[];
  /** The same query as a look at its first rows; absent where all rows are written. */
  look?: Look;
  notes: readonly string[];
};

/** The Data Extension that a query writes to. */
export type Table = { customerKey: string; name: string };

/** What MCE answers now about the rows of a result. */
export type ResultState =
  | { kind: "silent" }
  /**
   * `count`: rows in the table, absent when they prove nothing; `rowCount`: rows that the query has, absent when unknown;
   * `truncated`: whether it has more than the table, which holds the first rows only; `notes`: what its user must know.
   */
  | {
      kind: "answers";
      count?: number;
      rowCount?: number;
      truncated?: boolean;
      handle: ResultHandle;
      notes?: readonly string[];
    }
  /** Neither way to read them works, and the time for it is over; `message` is MCE's own, unmasked. */
  | { kind: "unreadable"; message: string };

/** What is known when the rows are requested. */
export type RowsAsk = {
  columns: readonly Column[];
  /** MCE's own count of the rows, if it gives one. */
  processed?: number;
  /** The run's deadline by the object's clock; absent while the query may still be running. */
  endedUntil?: number;
};

/**
 * One way to run a SELECT (R2). The steps are the same for all (drive.ts); a flow decides what the query writes to, how, and
 * where its rows are read. A new flow is a new file and a line in the registry.
 */
export type Flow = {
  name: FlowName;
  /** The table is our own, so it can be created again, and wider; else it is the user's and stays as it is. */
  makesTable: boolean;
  /** How MCE applies the rows to the table. */
  updateType(spec: RunSpec): "Overwrite" | "Append" | "Update";
  /**
   * Whether Perform may be sent again once it is certain that MCE is not running it (D4): only when twice has the same effect
   * as once, because what MCE did before is unknown.
   */
  mayRepeat(run: RunInHand): Promise<boolean>;
  /** The query as it is saved in MCE; `plain`: how it is saved when MCE refuses that. */
  queryText(plan: Plan): { sql: string; plain?: string };
  /** The table belongs to one run alone, so rows in it prove that the query ran (D9). */
  rowsProve: boolean;
  /**
   * Prepares the table, or ends the run with the reason why it cannot be used. Safe to repeat.
   *
   * @param planning still under way, so that calls that need no plan run in parallel; if it fails, its ending is returned
   */
  openTable(run: RunInHand, planning: Promise<Outcome<Plan>>, folders: FindFolders): Promise<Outcome<Table>>;
  /** Reads the rows of a query that has ended, or seems to have, from MCE. */
  readResult(run: RunInHand, ask: RowsAsk): Promise<Answer<ResultState>>;
};

/** Finds or creates the two folders; later calls return the same answer. */
type FindFolders = () => Promise<Outcome<Folders>>;

/** The query that was created in MCE for a run, and the columns of its result. */
export type Shell = { queryObjectId: string; columns: readonly Column[] };
