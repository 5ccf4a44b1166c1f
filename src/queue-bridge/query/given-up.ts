import { given } from "#lang/given.ts";
import type { Evidence } from "#protocol/evidence.ts";
import { customerKeyOf } from "#run/names.ts";
import { attemptOf, type RunInHand } from "../run/run-in-hand.ts";
import type { Ending } from "../ending.ts";
import { outcomeUnknown, rowsUnreadable } from "../run/failures.ts";
import { rowsTold } from "../into-target/row-count.ts";

/** Tells the end of a run's time with what its last polls saw: a query that has ended did not take too long. */
export function toldWith(run: RunInHand, ending: Ending, last: { evidence?: Evidence }): Ending {
  if (ending.kind !== "failed") return ending;
  const why = last.evidence?.why;
  const isEnded = why === "rowset-silent" || why === "rowset-not-asked";
  return isEnded ? rowsGivenUp(run, "", last) : { ...ending, ...last };
}

/** How a run ends whose query has ended and whose rows cannot be read: a table of its own stays until it expires. */
export function rowsGivenUp(run: RunInHand, message: string, told: { evidence?: Evidence }): Ending {
  const { target } = run.spec;
  if (target !== undefined) return { kind: "failed", error: rowsUnreadable({ target }, message, run.spec), ...told };
  const attempt = attemptOf(run);
  const table = run.report.ledger().find((entry) => entry.asset === "dataExtension" && entry.attempt === attempt);
  const name = table?.name ?? customerKeyOf(run.spec.id, attempt);
  return { kind: "failed", error: rowsUnreadable({ name }, message, run.spec), ...told, keepsTable: true };
}

/**
 * How a run ends of which nobody can tell whether its query ran, or how it ended (D4).
 *
 * @param perform `at`: when it was granted, by the object's clock
 */
export async function unknownEnding(
  run: RunInHand,
  known: Parameters<typeof outcomeUnknown>[1],
  { at, evidence }: { at: number; evidence?: Evidence },
): Promise<Ending> {
  const error = outcomeUnknown(run.spec, known, await rowsTold(run, at));
  return { kind: "failed", error, ...given({ evidence }) };
}
