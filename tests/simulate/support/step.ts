import type { RunRecord } from "#run/record.ts";
import { isOver } from "#protocol/run-status.ts";

/** The steps of a run that docs/reliability-matrix.md has; H, what watchers get, is not played. */
export const steps = ["A", "B", "C", "D", "E", "F", "G"] as const;
export type Step = (typeof steps)[number];

/** Something that somebody is about to do for the first run, and what strikes it there. */
export type Reached = {
  /** Strikes before it is done; absent when nothing does. */
  strike?: () => void;
  /** Strikes after it is done, before anybody hears of it. */
  end: () => void;
};

/** A place where a strike may come: the nth thing done at a step. */
export type Place = { step: Step; nth: number; what: string };

/** Something that is done for a run: its object's state by then, who does what, and whether its query has ended. */
type Deed = { record: RunRecord; what: string; hasQueryEnded: boolean };

/** What the object itself does to others begins with this word. */
export const ofObject = (what: string): boolean => what.startsWith("object ");

/**
 * The step a run is at, by what is true and not by what a bridge believes: **A** until a bridge has its job, **B** until it is
 * claimed, **C** until a grant is asked for, **D** until the object knows that it was performed, **E** while the query runs,
 * **F** until the run is over, **G** from then on.
 */
export function stepOf({ record: { run }, what, hasQueryEnded }: Deed): Step {
  if (isOver(run.status)) return "G";
  if (run.status === "queued") return ofObject(what) ? "A" : "B";
  if (run.grant === undefined) return what === "edge grant" ? "D" : "C";
  if (run.grant.state !== "performed") return "D";
  return hasQueryEnded ? "F" : "E";
}
