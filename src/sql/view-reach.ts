/** How far back a data view goes, and which of its columns tell when a row came to be. */
export type Reach = { months?: number; days?: number; columns: readonly string[] };

const tracking: Reach = { months: 6, columns: ["eventdate"] };
const shared: Reach = { months: 6, columns: ["transactiontime"] };

/**
 * The views that forget; the others keep what they have, or nobody says. Source: MCE 8.7, "How far back" (2026-11).
 *
 * A job made long ago may still send by a trigger, so its CreatedDate tells nothing.
 */
const reaches: Readonly<Record<string, Reach>> = {
  _sent: tracking,
  _open: tracking,
  _click: tracking,
  _bounce: tracking,
  _complaint: tracking,
  _unsubscribe: tracking,
  _surveyresponse: tracking,
  _ftaf: shared,
  _socialnetworkimpressions: shared,
  _socialnetworktracking: shared,
  _job: { months: 6, columns: ["schedtime", "pickuptime", "deliveredtime"] },
  _automationinstance: {
    days: 31,
    columns: [
      "automationinstancescheduledtime_utc",
      "automationinstancestarttime_utc",
      "automationinstanceendtime_utc",
    ],
  },
  _automationactivityinstance: {
    days: 31,
    columns: ["activityinstancestarttime_utc", "activityinstanceendtime_utc"],
  },
  _reconcilabledispositionview: { days: 7, columns: ["starttime"] },
};

/** How far back a data view goes; nothing for one that keeps its rows. */
export function reachOf(view: string): Reach | undefined {
  const name = view.toLowerCase();
  return Object.hasOwn(reaches, name) ? reaches[name] : undefined;
}

/** The reach in words. */
export function reachWords({ months, days }: Reach): string {
  return months === undefined ? `${days} days` : `${months} months`;
}

/** The moment of the oldest row a view may have, in epoch milliseconds. */
export function oldestMoment({ months = 0, days = 0 }: Reach, now: number): number {
  const date = new Date(now);
  date.setUTCMonth(date.getUTCMonth() - months);
  return date.getTime() - days * 86_400_000;
}
