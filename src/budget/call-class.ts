/**
 * What a call to MCE is for, most urgent first: what ends a run (polls, clean-ups), pages of rows, a run before its
 * Perform, a run that has not started, checks of a query, and what can wait (previews, lists, the sweep).
 */
const callClasses = ["ends", "pages", "starts", "new-runs", "checks", "previews"] as const;
export type CallClass = (typeof callClasses)[number];

/** The share of a full bucket that a class leaves for the more urgent ones. A run needs about as many calls to end as to start. */
const leaves: Readonly<Record<CallClass, number>> = {
  ends: 0,
  pages: 0.1,
  starts: 0.2,
  "new-runs": 0.4,
  checks: 0.5,
  previews: 0.6,
};

/** How many units a call of this class has to leave in the bucket. */
export function floorOf(callClass: CallClass, capacity: number): number {
  return leaves[callClass] * capacity;
}
