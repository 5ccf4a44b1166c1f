import { closeSync, openSync } from "node:fs";

/** The places where a test may kill the bridge; each stands beside the step it is named after. */
export type FailPointName =
  | "claim:after"
  | "wake:before"
  | "wake:after"
  | "folders:after"
  | "target:after"
  | "de:before"
  | "de:after"
  | "qd:before"
  | "qd:after"
  | "grant:before"
  | "grant:after"
  | "perform:after"
  | "performed:after"
  | "poll"
  | "misfit:after"
  | "confirm:before"
  | "ready:before"
  | "ready:after"
  | "cleanup:before"
  | "cleanup:after";

/** Called at a named place; does nothing unless it is the chosen one. */
export type FailPoint = (name: FailPointName) => void;

/**
 * Opens the fail points of a development bridge.
 *
 * @param chosen absent in production; with `onceFile` only the bridge that can create that file dies, so the next one
 *   goes on
 */
export function openFailPoints(chosen: { name: string; onceFile?: string } | undefined): FailPoint {
  if (chosen === undefined) return () => {};
  return (name) => {
    if (name !== chosen.name) return;
    if (chosen.onceFile !== undefined && !createdFirst(chosen.onceFile)) return;
    process.kill(process.pid, "SIGKILL");
  };
}

function createdFirst(path: string): boolean {
  try {
    closeSync(openSync(path, "wx"));
    return true;
  } catch {
    return false;
  }
}
