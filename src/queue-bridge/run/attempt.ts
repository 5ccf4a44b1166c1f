import type { DrivenRun } from "./run-in-hand.ts";

/** Which shell of the run is in use: its table and its query have this number in their keys (D19). */
export function attemptOf({ claim }: DrivenRun): number {
  return claim.attempt ?? 1;
}
