import { explainSqlError } from "#sql/error-catalogue.ts";
import { attemptOf, endHere, type RunInHand } from "../run/run-in-hand.ts";
import type { Outcome } from "../ending.ts";
import type { Flow, Shell } from "../run/flow.ts";
import type { Performed } from "./perform.ts";

const note = "Marketing Cloud's database ended the query in a deadlock: it was run a second time";

/**
 * Requests a second shell, like the first, when a deadlock ended the query: SQL Server itself says to run it again. Only
 * once, and never for a user's table, which may have received some of the rows (D24).
 *
 * @param message MCE's own words about the failure
 * @returns how this start ends: the next one creates the shell; undefined for any other failure
 */
export async function runAgain(
  run: RunInHand,
  flow: Flow,
  { columns }: Shell,
  { n }: Performed,
  message: string,
): Promise<Outcome<never> | undefined> {
  if (!flow.makesTable || attemptOf(run) > 1 || explainSqlError(message)?.code !== "DEADLOCK") return undefined;
  run.report.put({ type: "misfit", n, columns: [...columns], notes: [note] });
  await run.report.flushed();
  run.failPoint("misfit:after");
  return endHere(run, { kind: "later", waitMs: 0 });
}
