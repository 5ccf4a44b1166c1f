/**
 * The facts a log line may contain: ids, counts, times and our own words. SQL, rows, tokens and texts of others have no
 * field here, so they cannot get into a log by accident (R13).
 */
export type LogFacts = {
  runId?: string;
  tenantId?: string;
  mid?: number;
  jobId?: string;
  sweepId?: string;
  entryId?: string;
  delivery?: number;
  epoch?: number;
  seq?: number;
  task?: string;
  status?: string;
  ending?: string;
  code?: string;
  call?: string;
  httpStatus?: number;
  failure?: string;
  ms?: number;
  waitMs?: number;
  count?: number;
  /** Where an error was thrown: places in the code only, without its message. */
  places?: readonly string[];
  why?: string;
};

/** Writes one event. */
export type Log = (event: string, facts?: LogFacts) => void;

/** Opens a log of JSON lines, one per event, with the time in ISO 8601. */
export function openLog(write: (line: string) => void, now: () => number): Log {
  return (event, facts = {}) => write(`${JSON.stringify({ at: new Date(now()).toISOString(), event, ...facts })}\n`);
}

/** The places in the code that threw an error, without its message, which may quote data. */
export function placesOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [];
  const lines = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return lines.slice(0, 6).map((line) => line.trim());
}
