import { readRowset } from "#mce/rest/rowset.ts";
import type { Target } from "#protocol/target.ts";
import type { RunInHand } from "../run/run-in-hand.ts";

/**
 * Notes how many rows a target has, should nobody be able to tell later what the query did to it. Holds up nothing: a count
 * that comes after Perform was granted is told apart by its time.
 */
export function noteRowsBefore(run: RunInHand, customerKey: string): void {
  const note = async () => {
    const count = await countRows(run, customerKey);
    if (count !== undefined) await run.memory.save({ rowsBefore: { count, at: run.now() } });
  };
  void note();
}

/**
 * Says how many rows the target had before its Perform was granted and has now, and what that is worth.
 *
 * @param grantedAt by the object's clock
 * @returns undefined where nobody counted them before
 */
export async function rowsTold(run: RunInHand, grantedAt: number): Promise<string | undefined> {
  const { target } = run.spec;
  const { rowsBefore } = run.memory.read();
  if (target === undefined || rowsBefore === undefined || rowsBefore.at > grantedAt) return undefined;
  return tell(target, rowsBefore.count, await countRows(run, target.customerKey));
}

/** Pure. Others may write there too, so a number is a hint and no proof. */
export function tell({ customerKey, mode }: Target, before: number, now: number | undefined): string {
  const had = `"${customerKey}" had ${rows(before)} before`;
  if (now === undefined) return had;
  return `${had}, has ${digits(now)} now: ${meaning(mode, now - before)}`;
}

function meaning(mode: Target["mode"], more: number): string {
  if (more > 0) return `${digits(more)} more, which are the query's unless somebody else wrote there meanwhile`;
  if (more < 0) return "others write there too, so the numbers prove nothing";
  return mode === "update"
    ? "an update may change rows without adding any, so this proves nothing"
    : "the query has added none so far, unless as many were deleted meanwhile";
}

/** A page of one row tells the number of all (MCE 7.1). */
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
