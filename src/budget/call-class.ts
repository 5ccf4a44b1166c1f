/**
 * What a call to MCE is for, the most urgent first: what ends a run (polls, clean-ups), pages of rows, a run on its way to
 * Perform, a run that has not begun, checks of a text, and what can wait (previews, lists, the sweep).
 */
const callClasses = ["ends", "pages", "starts", "new-runs", "checks", "previews"] as const;
export type CallClass = (typeof callClasses)[number];

/** The share of a full bucket that a class leaves to the more urgent ones. A run needs about as many calls to end as to start. */
const leaves: Readonly<Record<CallClass, number>> = {
  ends: 0,
  pages: 0.1,
  starts: 0.2,
  "new-runs": 0.4,
  checks: 0.5,
  previews: 0.6,
};

/** How many units have to be left in the bucket after a call of this class. */
export function floorOf(callClass: CallClass, capacity: number): number {
  return leaves[callClass] * capacity;
}
