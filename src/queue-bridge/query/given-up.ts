import { given } from "#lang/given.ts";
import type { Evidence } from "#protocol/evidence.ts";
import { customerKeyOf } from "#run/names.ts";
import { attemptOf, type RunInHand } from "../run/run-in-hand.ts";
import type { Ending } from "../ending.ts";
import { outcomeUnknown, rowsUnreadable } from "../run/query-failures.ts";
import { describeRowCounts } from "../into-target/row-count.ts";

/** Adds to a time-out what the last polls saw; if the query had ended, only its rows are given up. */
export function withEvidence(run: RunInHand, ending: Ending, last: { evidence?: Evidence }): Ending {
  if (ending.kind !== "failed") return ending;
  const why = last.evidence?.why;
  const isEnded = why === "rowset-silent" || why === "rowset-not-asked";
  return isEnded ? rowsGivenUp(run, "", last) : { ...ending, ...last };
}

/** How a run ends when its query has ended but the rows cannot be read: its own table stays until it expires. */
export function rowsGivenUp(run: RunInHand, message: string, seen: { evidence?: Evidence }): Ending {
  const { target } = run.spec;
  if (target !== undefined) return { kind: "failed", error: rowsUnreadable({ target }, message, run.spec), ...seen };
  const attempt = attemptOf(run);
  const table = run.report.ledger().find((entry) => entry.asset === "dataExtension" && entry.attempt === attempt);
  const name = table?.name ?? customerKeyOf(run.spec.id, attempt);
  return { kind: "failed", error: rowsUnreadable({ name }, message, run.spec), ...seen, keepsTable: true };
}

/**
 * How a run ends when it is unknown whether its query ran, or how it ended (D4).
 *
 * @param perform `at`: when it was granted, by the object's clock
 */
export async function unknownEnding(
  run: RunInHand,
  known: Parameters<typeof outcomeUnknown>[1],
  { at, evidence }: { at: number; evidence?: Evidence },
): Promise<Ending> {
  const error = outcomeUnknown(run.spec, known, await describeRowCounts(run, at));
  return { kind: "failed", error, ...given({ evidence }) };
}
