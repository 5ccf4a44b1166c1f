import type { Line } from "./findings.ts";
import { readRun } from "./read-run.ts";
import type { RowsetSight } from "./rowset.ts";
import { failureWords, progressOf, type Sight } from "./watch.ts";

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** The sights of a run for the report: who said what when. Pure. */
export function linesOfRun(sights: readonly Sight[]): Line[] {
  const { endMs, rowsMs } = progressOf(sights);
  const { rowsVisibleEarly: areEarly } = readRun(sights);
  const row = sights.flatMap((sight) => (sight.row === undefined ? [] : at(sight, wordOf(sight.row))));
  const running = sights.flatMap((sight) => (sight.isRunning === undefined ? [] : at(sight, String(sight.isRunning))));
  const rows = sights.flatMap((sight) => (sight.rows === undefined ? [] : at(sight, rowsOf(sight.rows))));
  const open = { isOpen: true } as const;
  return [
    {
      question: "The run: its end",
      answer: endMs === undefined ? "not seen" : `seen at ${seconds(endMs)}`,
      ...(endMs === undefined && open),
    },
    { question: "The run: the status row", answer: row.join(", "), ...errorOf(sights) },
    { question: "The run: CompletedDate while Queued", answer: sights.some(isEarlyDate) ? "set" : "never seen" },
    { question: "The run: isrunning", answer: running.join(", ") },
    { question: "The run: the rowset", answer: rows.join(", ") },
    areEarly === undefined
      ? { question: "The run: rows before its end", answer: "not settled", ...open }
      : { question: "The run: rows before its end", answer: areEarly ? "yes" : "no" },
    { question: "The run: first rows", answer: rowsMs === undefined ? "never by rowset" : `at ${seconds(rowsMs)}` },
  ];
}

function at({ atMs }: Sight, said: string): string {
  return `${said} at ${seconds(atMs)}`;
}

function wordOf(row: NonNullable<Sight["row"]>): string {
  return row === "missing" ? "no row" : row.status;
}

function rowsOf(rows: RowsetSight): string {
  if (rows.kind === "rows") return `${rows.count} rows`;
  return rows.kind === "refused" ? `HTTP ${rows.status}` : "no answer";
}

function isEarlyDate({ row }: Sight): boolean {
  return row !== undefined && row !== "missing" && /^queued/i.test(row.status) && row.completedDate !== undefined;
}

function errorOf(sights: readonly Sight[]): { text?: string } {
  for (const { row } of sights)
    if (row !== undefined && row !== "missing" && (failureWords.test(row.status) || row.errorMsg !== ""))
      return { text: row.errorMsg };
  return {};
}
