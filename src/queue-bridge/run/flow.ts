import type { Answer } from "#mce/failure.ts";
import type { Column } from "#protocol/column.ts";
import type { RunSpec } from "#protocol/claim.ts";
import type { FlowName } from "#protocol/target.ts";
import type { ResultHandle } from "#protocol/transition.ts";
import type { RunInHand } from "./run-in-hand.ts";
import type { Outcome } from "../ending.ts";
import type { Folders } from "../business-unit/folders.ts";

/** What is going to run: the SELECT with stars written out, and the columns it gives. */
export type Plan = {
  sql: string;
  columns: readonly Column[];
  /** The same query with its ORDER BY kept in one more column, which numbers the rows; absent without an order. */
  ordered?: { sql: string; column: string };
  notes: readonly string[];
};

/** The Data Extension a query writes into. */
export type Table = { customerKey: string; name: string };

/** The rows of a result, as far as MCE answers for them now. */
export type ResultState =
  | { kind: "silent" }
  /**
   * `count`: rows the table holds, absent where they would prove nothing; `rowCount`: rows this run made, absent when
   * nobody can tell; `notes`: what its user has to know of it.
   */
  | { kind: "answers"; count?: number; rowCount?: number; handle: ResultHandle; notes?: readonly string[] }
  /** No road to them gives anything, and the patience for it is spent; `message` is MCE's words, unmasked. */
  | { kind: "unreadable"; message: string };

/** What is known when the rows are asked for. */
export type RowsAsk = {
  columns: readonly Column[];
  /** Rows by MCE's own count, where it gives one. */
  processed?: number;
  /** When the run's time is over by the object's clock; absent while the query may still be running. */
  endedUntil?: number;
};

/**
 * One way to run a SELECT (R2). The road is the same for all (drive.ts); a flow says what the query writes into, how,
 * and where its rows are read. A new flow is a new file and a line in the registry.
 */
export type Flow = {
  name: FlowName;
  /** The table is made here, so it can be made anew, and wider; else it is the user's and stays as it is. */
  makesTable: boolean;
  /** How MCE applies the rows to the table. */
  updateType(spec: RunSpec): "Overwrite" | "Append" | "Update";
  /**
   * Whether Perform may be sent again once MCE surely is not running it (D4): only when twice does the same as once.
   * What MCE did before it stopped cannot be told.
   */
  mayRepeat(run: RunInHand): Promise<boolean>;
  /** The query as it is saved in MCE. */
  queryText(plan: Plan): string;
  /** The table is made for one run alone: rows in it prove that the query ran (D9). */
  rowsProve: boolean;
  /**
   * Gets the table ready, or ends the run with what is wrong with it. Safe to repeat.
   *
   * @param planning still under way: what needs no plan is asked beside it; a plan that failed is the answer
   */
  openTable(run: RunInHand, planning: Promise<Outcome<Plan>>, folders: FindFolders): Promise<Outcome<Table>>;
  /** Asks MCE for the rows of a query that has ended, or seems to have. */
  readResult(run: RunInHand, ask: RowsAsk): Promise<Answer<ResultState>>;
};

/** Finds the two folders, or makes them; asked again it gives the same answer. */
type FindFolders = () => Promise<Outcome<Folders>>;

/** What has been made in MCE for a run, and what comes out of it. */
export type Shell = { queryObjectId: string; columns: readonly Column[] };
