import type { ClaimAnswer } from "#protocol/claim.ts";
import type { Transition } from "#protocol/transition.ts";

/** A phase that a run has left, and how long it was in it. */
export type Passed = { phase: "queued" | "preparing" | "executing" | "confirming"; ms: number };

/** Follows one claimed run from phase to phase, by the object's clock. */
export type PhaseClock = {
  /** The wait in the queue, which the first claim ends. */
  queued: Passed | undefined;
  /** @returns the phase that this report ends; undefined when it ends none, or its start is not known here */
  report(type: Transition["type"], now: number): Passed | undefined;
};

type Claim = Pick<ClaimAnswer, "epoch" | "now" | "grant" | "task"> & { createdAt?: number };

/** `isResumed`: an earlier claim was in this phase, and perhaps in the next one. */
type Position = { phase: Passed["phase"]; since?: number; isResumed?: true };

/** The phase that a run is in after a report of this type. */
const after: Partial<Record<Transition["type"], Passed["phase"] | "over">> = {
  performed: "executing",
  confirming: "confirming",
  // A second shell is made.
  misfit: "preparing",
  ready: "over",
  failed: "over",
};

/** Opens the clock of one claim. Pure: times come in. What began in another claim is measured only where the claim shows its start. */
export function openPhaseClock({ epoch, now, grant, task, createdAt }: Claim): PhaseClock {
  const isFirst = epoch === 1 && task === "run";
  let at = positionAt(isFirst ? now : undefined, grant);
  return {
    queued: isFirst && createdAt !== undefined ? { phase: "queued", ms: Math.max(0, now - createdAt) } : undefined,
    report(type, reportedAt) {
      const next = after[type];
      if (next === undefined || next === at.phase) return undefined;
      const { phase, since, isResumed } = at;
      at = next === "over" ? { phase } : { phase: next, since: reportedAt };
      if (since === undefined || (isResumed && next === "over")) return undefined;
      return { phase, ms: Math.max(0, reportedAt - since) };
    },
  };
}

function positionAt(firstClaimAt: number | undefined, grant: ClaimAnswer["grant"]): Position {
  if (firstClaimAt !== undefined) return { phase: "preparing", since: firstClaimAt };
  return grant?.state === "performed"
    ? { phase: "executing", since: grant.at, isResumed: true }
    : { phase: "preparing" };
}
