import { readRowset } from "#mce/rest/rowset.ts";
import type { Target } from "#protocol/target.ts";
import type { RunInHand } from "../run/run-in-hand.ts";

/**
 * Remembers how many rows a target has, in case the query's effect is unknown later. The run does not wait for it: a count
 * that arrives after the grant is recognized by its time.
 */
export function noteRowsBefore(run: RunInHand, customerKey: string): void {
  const note = async () => {
    const count = await countRows(run, customerKey);
    if (count !== undefined) await run.memory.save({ rowsBefore: { count, at: run.now() } });
  };
  void note();
}

/**
 * How many rows the target had before its Perform was granted and has now, in words, and what that proves.
 *
 * @param grantedAt by the object's clock
 * @returns undefined when they were not counted before
 */
export async function describeRowCounts(run: RunInHand, grantedAt: number): Promise<string | undefined> {
  const { target } = run.spec;
  const { rowsBefore } = run.memory.read();
  if (target === undefined || rowsBefore === undefined || rowsBefore.at > grantedAt) return undefined;
  return describeRows(target, rowsBefore.count, await countRows(run, target.customerKey));
}

/** Pure. Others may write there too, so a number is a hint, not proof. */
export function describeRows({ customerKey, mode }: Target, before: number, now: number | undefined): string {
  const had = `"${customerKey}" had ${rows(before)} before`;
  if (now === undefined) return had;
  return `${had}, has ${digits(now)} now: ${meaning(mode, now - before)}`;
}

function meaning(mode: Target["mode"], more: number): string {
  if (more > 0) return `${digits(more)} more, which are the query's unless someone else wrote to it in the meantime`;
  if (more < 0) return "someone else writes to it too, so the numbers prove nothing";
  return mode === "update"
    ? "an update may change rows without adding any, so this proves nothing"
    : "the query has added none so far, unless as many were deleted in the meantime";
}

/** A page of one row has the count of all rows (MCE 7.1). */
async function countRows(run: RunInHand, customerKey: string): Promise<number | undefined> {
  const signal = AbortSignal.any([run.signal, run.platform.timeout(run.settings.validateTimeoutMs)]);
  const page = await readRowset(run.mce, { customerKey, page: 1, pageSize: 1, signal });
  return page.ok ? page.value?.count : undefined;
}

function rows(count: number): string {
  return `${digits(count)} ${count === 1 ? "row" : "rows"}`;
}

function digits(count: number): string {
  return count.toLocaleString("en-US");
}
