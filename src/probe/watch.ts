import { isQueryRunning } from "#mce/rest/is-running.ts";
import { readAsyncStatus, type StatusRow } from "#mce/soap/async-status.ts";
import type { Probing } from "./probing.ts";
import type { Made } from "./room.ts";
import { seeRowset, type RowsetSight } from "./rowset.ts";

/** What Marketing Cloud said of a run at one moment, `atMs` after its Perform; absent: it was not asked, or did not answer. */
export type Sight = {
  atMs: number;
  rows?: RowsetSight;
  isRunning?: boolean;
  row?: StatusRow | "missing";
};

/** What of a run is over, as far as it was seen. */
export type Progress = {
  /** When it was first seen to have ended. */
  endMs?: number;
  /** The status row has a last word. */
  isFinal: boolean;
  /** `isrunning` has been true and is false again, or the row is Complete and it is false. */
  isStopped: boolean;
  /** When its rows could first be read. */
  rowsMs?: number;
  /** The status row says that it failed. */
  hasFailed: boolean;
};

/** The words of a status row for a run that has failed (MCE 6). */
export const failureWords = /error|fail|abort|cancel/i;

/** What has been seen of a run, in the order of the sights. Pure. */
export function progressOf(sights: readonly Sight[]): Progress {
  const found: Progress = { isFinal: false, isStopped: false, hasFailed: false };
  const lastRunning = sights.findLastIndex(({ isRunning }) => isRunning === true);
  for (const [index, { atMs, rows, isRunning, row }] of sights.entries()) {
    const word = row === undefined || row === "missing" ? "" : row.status;
    const hasFailed = row !== undefined && row !== "missing" && (failureWords.test(word) || row.errorMsg !== "");
    const isComplete = /^complete/i.test(word);
    if (hasFailed) found.hasFailed = true;
    if (isComplete || hasFailed) found.isFinal = true;
    const hasRun = lastRunning >= 0 && index > lastRunning;
    if (isRunning === false && (hasRun || found.isFinal)) found.isStopped = true;
    if (rows?.kind === "rows" && rows.count > 0) found.rowsMs ??= atMs;
    // Rows alone may be early: one that is seen to run later has not ended.
    const hasRowsAlone = lastRunning < 0 && found.rowsMs !== undefined && isRunning === false;
    if (found.isStopped || found.isFinal || hasRowsAlone) found.endMs ??= atMs;
  }
  return found;
}

/** The waits between sights, in milliseconds; the last one repeats. */
const waits = [900, 900, 1400, 1900, 2900, 4400, 6900, 9900, 14_900];
/** After the end: short, to see when rows and the last word come. */
const afterWaits = [900, 1400, 1900, 1900, 2900, 2900, 4900, 4900];
/** How long the rows and the row's last word are waited for after the end. */
const afterMs = 25_000;
const stuckMs = 8000;

type Watching = {
  run: { taskId: string; query: Made; table: Made };
  maxMs: number;
  maxCalls: number;
  /** How long after its Perform it is first looked at. */
  firstMs?: number;
};

/** Watches a run from its Perform to its end, its rows, and the last word of its status row; or as long as it may. */
export async function watchRun(probing: Probing, { run, maxMs, maxCalls, firstMs = 0 }: Watching): Promise<Sight[]> {
  const { platform, allowance, signal } = probing;
  const from = platform.monotonic();
  const callsBefore = allowance.calls();
  const sights: Sight[] = [];
  let waited = 0;
  let waitedAfter = 0;
  if (firstMs > 0) await platform.sleep(firstMs, signal);
  for (;;) {
    const before = progressOf(sights);
    const sight = await seeRun(probing, run, before, platform.monotonic() - from);
    sights.push(sight);
    const now = progressOf(sights);
    // The rows may have come between the two questions: only a refusal after the end counts as late.
    if (now.endMs !== undefined && before.endMs === undefined && now.rowsMs === undefined) {
      const rows = await seeRowset(probing, run.table);
      sights.push({ atMs: platform.monotonic() - from, rows });
    }
    const elapsed = platform.monotonic() - from;
    const spent = allowance.calls() - callsBefore;
    if (isSeen(progressOf(sights), elapsed) || elapsed > maxMs || spent >= maxCalls || !allowance.has(6)) return sights;
    const isOver = progressOf(sights).endMs !== undefined;
    const wait = isOver ? afterWaits[waitedAfter++] : waits[waited++];
    if (!(await platform.sleep(wait ?? (isOver ? 4900 : 14_900), signal))) return sights;
  }
}

/** Whether nothing more is to be seen. */
function isSeen({ endMs, rowsMs, isFinal, isStopped, hasFailed }: Progress, elapsedMs: number): boolean {
  if (endMs === undefined) return false;
  const sinceEnd = elapsedMs - endMs;
  if (hasFailed) return true;
  if (rowsMs === undefined) return sinceEnd > afterMs;
  return isStopped && (isFinal || sinceEnd > stuckMs) ? true : sinceEnd > afterMs;
}

/** One look at a run: rows first, so that an `isrunning` that is true after them says that they came early. */
async function seeRun(
  probing: Probing,
  { taskId, query, table }: Watching["run"],
  { rowsMs, isStopped, isFinal }: Progress,
  atMs: number,
): Promise<Sight> {
  const { mce, signal } = probing;
  const sight: Sight = { atMs };
  if (rowsMs === undefined) sight.rows = await seeRowset(probing, table);
  if (!isStopped) {
    const isRunning = await isQueryRunning(mce, { objectId: query.objectId, signal });
    if (isRunning.ok) sight.isRunning = isRunning.value;
  }
  if (!isFinal) {
    const row = await readAsyncStatus(mce, { taskId, signal });
    if (row.ok) sight.row = row.value ?? "missing";
  }
  return sight;
}
