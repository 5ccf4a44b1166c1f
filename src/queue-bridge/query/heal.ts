import { attemptOf, endHere, type RunInHand } from "../run/run-in-hand.ts";
import type { Outcome } from "../ending.ts";
import { clip } from "../run/failures.ts";
import type { Flow, Shell } from "../run/flow.ts";
import { longerTexts } from "./longer-texts.ts";
import type { Performed } from "./perform.ts";

/**
 * Asks for a second shell when a text of the result was too long for the table made for it. Once, and never for a table of
 * the user's (D24).
 *
 * @param message MCE's own words about the failure
 * @returns how this start ends, the next one makes the shell; undefined when nothing is gained by another
 */
export async function heal(
  run: RunInHand,
  flow: Flow,
  { columns }: Shell,
  { n }: Performed,
  message: string,
): Promise<Outcome<never> | undefined> {
  if (!flow.makesTable || attemptOf(run) > 1) return undefined;
  const longer = longerTexts(columns, message);
  if (longer === undefined) return undefined;
  run.report.put({ type: "misfit", n, columns: [...longer.columns], notes: [clip(longer.note, 500)] });
  await run.report.flushed();
  run.failPoint("misfit:after");
  return endHere(run, { kind: "later", waitMs: 0 });
}
