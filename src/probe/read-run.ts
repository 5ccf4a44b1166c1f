import { given } from "#lang/given.ts";
import type { Findings } from "./findings.ts";
import { progressOf, type Sight } from "./watch.ts";

/** What the sights of a run say. Pure. */
export function readRun(sights: readonly Sight[]): Findings {
  const { endMs } = progressOf(sights);
  return given({
    ...readStatus(sights),
    ...readIsRunning(sights, endMs),
    ...readRows(sights, endMs),
    durationMs: endMs === undefined ? undefined : durationOf(sights, endMs),
  });
}

/** Between the last sight of the run and the first one of its end. */
function durationOf(sights: readonly Sight[], endMs: number): number {
  return between(sights.findLast(({ atMs }) => atMs < endMs)?.atMs ?? 0, endMs);
}

/** Something happened between two sights. */
function between(before: number, since: number): number {
  return Math.round((before + since) / 2);
}

type Maybe<Name extends keyof Findings> = { [K in Name]: Findings[K] | undefined };

function readStatus(sights: readonly Sight[]): Maybe<"statusMissingPolls" | "statusStuck"> {
  const rows = sights.flatMap(({ row }) => row ?? []);
  const { endMs, isFinal, rowsMs } = progressOf(sights);
  const first = rows.findIndex((row) => row !== "missing");
  const last = sights.findLast(({ row }) => row !== undefined);
  const lastWord = last?.row === undefined || last.row === "missing" ? "" : last.row.status;
  const isQueued = endMs !== undefined && rowsMs !== undefined && !isFinal && /^queued/i.test(lastWord);
  return {
    statusMissingPolls: first < 0 ? undefined : first,
    statusStuck: isFinal ? false : isQueued || undefined,
  };
}

/** `isrunning` that was never true was late to the end. */
function readIsRunning(sights: readonly Sight[], endMs: number | undefined): Maybe<"isRunningLateMs"> {
  const asked = sights.filter(({ isRunning }) => isRunning !== undefined);
  const first = asked.findIndex(({ isRunning }) => isRunning === true);
  if (first < 0) return { isRunningLateMs: asked.length > 0 ? endMs : undefined };
  const [before, since] = [asked[first - 1], asked[first]];
  return { isRunningLateMs: before === undefined ? 0 : between(before.atMs, since?.atMs ?? before.atMs) };
}

function readRows(
  sights: readonly Sight[],
  endMs: number | undefined,
): Maybe<"rowsetLateMs" | "rowsetLateStatus" | "rowsVisibleEarly"> {
  const { rowsMs } = progressOf(sights);
  const refused = sights.flatMap(({ rows }) => (rows?.kind === "refused" ? rows.status : []));
  const status = refused.find((it) => it === 400 || it === 404);
  const early = rowsMs === undefined ? undefined : areEarly(sights, endMs);
  const late = rowsMs === undefined || endMs === undefined ? undefined : lateOf(sights, rowsMs, endMs);
  return {
    rowsetLateMs: early === true ? 0 : late,
    rowsetLateStatus: rowsMs === undefined ? undefined : status,
    rowsVisibleEarly: early,
  };
}

/** How long after the end the rows came: not at all when they were there as soon as it was seen. */
function lateOf(sights: readonly Sight[], rowsMs: number, endMs: number): number {
  const lastWithout = sights.findLast(({ rows, atMs }) => rows !== undefined && atMs < rowsMs)?.atMs ?? 0;
  const isAtOnce = sights.filter(({ atMs }) => atMs >= endMs && atMs < rowsMs).length <= 1;
  return isAtOnce ? 0 : Math.max(0, between(lastWithout, rowsMs) - durationOf(sights, endMs));
}

/**
 * Whether rows could be read while the query ran: `isrunning` is asked after them, so one that is true proves it. Not known
 * when no sight was late enough in the run.
 */
function areEarly(sights: readonly Sight[], endMs: number | undefined): boolean | undefined {
  const first = sights.findIndex(({ rows }) => rows?.kind === "rows" && rows.count > 0);
  if (sights.slice(first).some(({ isRunning }) => isRunning === true)) return true;
  const lastRunning = sights.findLast(isStillRunning)?.atMs;
  return lastRunning !== undefined && endMs !== undefined && lastRunning >= endMs / 2 ? false : undefined;
}

function isStillRunning({ isRunning, row }: Sight): boolean {
  return isRunning === true || (row !== undefined && row !== "missing" && /^processing/i.test(row.status));
}
