import { closeSync, openSync } from "node:fs";

/** The places where a test may kill the bridge; each is beside the step it is named after. */
export const failPointNames = [
  "claim:after",
  "wake:before",
  "wake:after",
  "folders:after",
  "target:after",
  "de:before",
  "de:after",
  "qd:before",
  "qd:after",
  "grant:before",
  "grant:after",
  "perform:after",
  "performed:after",
  "poll",
  "misfit:after",
  "confirm:before",
  "ready:before",
  "ready:after",
  "cleanup:before",
  "cleanup:after",
] as const;
export type FailPointName = (typeof failPointNames)[number];

/** Kills the process at the chosen place, and does nothing at any other. */
export type FailPoint = (name: FailPointName) => void;

/**
 * Opens the fail points of a development bridge.
 *
 * @param chosen absent in production; with `onceFile` only the bridge that can create that file dies, so that the
 *   next one continues
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
