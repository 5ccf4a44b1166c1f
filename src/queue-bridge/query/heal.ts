import { attemptOf, endHere, type RunInHand } from "../run/run-in-hand.ts";
import type { Outcome } from "../ending.ts";
import { clip } from "#lang/clip.ts";
import type { Flow, Shell } from "../run/flow.ts";
import { longerTexts } from "./longer-texts.ts";
import type { Performed } from "./perform.ts";

/**
 * Requests a second shell when a text of the result was too long for our table. Only once, and never for a user's table
 * (D24).
 *
 * @param message MCE's own words about the failure
 * @returns how this start ends: the next one creates the shell; undefined when a second shell would not help
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
