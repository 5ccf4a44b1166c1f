import { checkHistory, lineOf } from "../history/check.ts";
import { findRepeats } from "../history/check-once.ts";
import { readHistory } from "../history/read-history.ts";
import { whenCleanedUp, whenOver } from "../history/settle.ts";
import type { BenchStack } from "../stack/bench-stack.ts";
import type { Member } from "./crowd.ts";

/** How long Postgres may be behind. */
const projectedMs = 60_000;

/**
 * Judges runs that nothing should have gone wrong with: each must be ready, performed and applied once, received in every
 * version once, and leave only its rows.
 *
 * @param after the ledger's entry before their first
 * @returns a line for each thing that is wrong
 */
export async function judge(stack: BenchStack, members: readonly Member[], after: number): Promise<readonly string[]> {
  await whenCleanedUp(stack);
  await whenOver(stack, projectedMs);
  const history = await readHistory(
    stack,
    members.map((member) => ({ ...member, clients: [member.followed.client] })),
    { after },
  );
  const ids = new Set(members.map(({ id }) => id));
  const findings = [...checkHistory(history), ...findRepeats(history)].filter(
    // Another round's tables are still there.
    ({ runId }) => runId === undefined || ids.has(runId),
  );
  const ends = members.flatMap(({ id, followed }) => {
    if (!followed.client.sawEnd) return [`${id}: did not end in time`];
    const { status, error } = followed.run;
    return status === "ready" ? [] : [`${id}: ${status}, ${error?.code}: ${error?.detail}`];
  });
  return [...ends, ...findings.map(lineOf)];
}
