/** What MCE has told about one query so far. An absent field means: not asked, or no answer. */
export type Signals = {
  /** Time since Perform, by the run object's clock. */
  sincePerformMs: number;
  /** AsyncActivityStatus row of the TaskID; its CompletedDate is no signal (FACTS 6). */
  row?: { status: string; errorMsg: string };
  isRunning?: boolean;
  /** `isrunning` has been true in some earlier poll. */
  seenRunning: boolean;
  /** Rows of the result; `silent`: the rowset does not answer yet. */
  rowset?: { kind: "silent" } | { kind: "answers"; count: number };
  /** False after a lost answer to Perform: then nothing ties an empty result to this run (D4). */
  isTaskKnown: boolean;
};

export type Verdict =
  | { kind: "pending" }
  /** `message` is MCE's own text, unmasked; empty when MCE gave none. */
  | { kind: "failed"; message: string }
  /** The query has ended; the rowset must answer before anybody is told. */
  | { kind: "confirm" }
  | { kind: "ready"; count: number }
  /** The query has ended without a row, and it is not sure that it ever began. */
  | { kind: "unproven" };

/**
 * Judges whether a query has ended (D9). Pure and safe with an empty history: what a lost job forgot only delays.
 *
 * @param graceMs `isrunning` may be false for a while right after the start (FACTS 5.5); later it counts by itself
 */
export function judge(signals: Signals, graceMs: number): Verdict {
  const { row, rowset } = signals;
  if (row !== undefined && (/error/i.test(row.status) || row.errorMsg !== "")) {
    return { kind: "failed", message: row.errorMsg };
  }
  if (!hasEnded(signals, graceMs)) return { kind: "pending" };
  if (rowset === undefined || rowset.kind === "silent") return { kind: "confirm" };
  if (rowset.count === 0 && !signals.isTaskKnown) return { kind: "unproven" };
  return { kind: "ready", count: rowset.count };
}

/** Tells whether `isrunning` is worth a call: a row that moves says more than it does. */
export function wantsIsRunning(signals: Pick<Signals, "row" | "sincePerformMs">, graceMs: number): boolean {
  const status = signals.row?.status.toLowerCase();
  if (status === "complete") return false;
  return status !== "processing" || signals.sincePerformMs >= graceMs;
}

function hasEnded(signals: Signals, graceMs: number): boolean {
  if (signals.row?.status.toLowerCase() === "complete") return true;
  return signals.isRunning === false && (signals.seenRunning || signals.sincePerformMs >= graceMs);
}
