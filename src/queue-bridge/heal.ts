import type { Column } from "#protocol/column.ts";
import { explainSqlError } from "#sql/error-catalogue.ts";
import { attemptOf } from "./attempt.ts";
import type { DrivenRun } from "./driven-run.ts";
import { endHere } from "./driven-run.ts";
import type { Outcome } from "./ending.ts";
import type { Flow, Shell } from "./flow.ts";
import type { Performed } from "./perform.ts";

/** A column that takes any value: MCE's longest Text (FACTS 4.2), into which everything converts by itself (FACTS 8.4). */
const wide = { type: "Text", maxLength: 4000, assumed: true } as const;

/**
 * Asks for a second shell when a result did not fit the table made for it: every column of the new one takes anything.
 * Once, and never for a table of the user's (D24).
 *
 * @param message MCE's own words about the failure
 * @returns how this start ends, the next one makes the shell; undefined when nothing is gained by another
 */
export async function heal(
  run: DrivenRun,
  flow: Flow,
  { columns }: Shell,
  { n }: Performed,
  message: string,
): Promise<Outcome<never> | undefined> {
  const known = explainSqlError(message);
  if (!flow.makesTable || attemptOf(run) > 1 || known?.mayHeal !== true || columns.every(isWide)) return undefined;
  const note = `${known.title}: the query was run a second time, with every column as Text(4000)`;
  run.report.put({ type: "misfit", n, columns: columns.map(({ name }) => ({ name, ...wide })), notes: [note] });
  await run.report.flushed();
  run.failPoint("misfit:after");
  return endHere(run, { kind: "later", waitMs: 0 });
}

function isWide({ type, maxLength }: Column): boolean {
  return type === wide.type && maxLength === wide.maxLength;
}
