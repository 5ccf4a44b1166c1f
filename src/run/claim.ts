import type { Run } from "./run.ts";

export type ClaimDecision = { run: Run; visible: boolean };

/** Admits a claim: a new claimId raises the epoch, the first one ever makes the run `running` (D5). */
export function claim(run: Run, claimId: string, now: number): ClaimDecision {
  if (run.claimId === claimId) return { run, visible: false };
  const claimed = { ...run, claimId, epoch: run.epoch + 1 };
  if (claimed.status !== "queued") return { run: claimed, visible: false };
  const version = claimed.version + 1;
  return {
    run: { ...claimed, version, status: "running", phase: "preparing", startedAt: now, spent: { since: now } },
    visible: true,
  };
}
