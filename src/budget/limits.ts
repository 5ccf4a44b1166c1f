/** How many calls a business unit may make, and how they may be bunched. Times are milliseconds. */
export type Limits = {
  /** Units the full bucket holds: one is one call. */
  capacity: number;
  /** Units that flow in per millisecond. */
  rate: number;
  /** A reserved unit that nobody has used by then is gone. */
  lapseMs: number;
  /** The minute of the budget: after a 429 the bucket fills at half its rate for so long. */
  minuteMs: number;
};

/** The most a bucket holds, and the part of a small budget that it may be. */
const capacityMax = 60;
const capacityShare = 0.2;

/** A process that cannot ask Redis keeps to this part of the budget, so that ten of them stay within it. */
const aloneShare = 0.1;

/** Units reserved up to this part of a minute ago may still be used, and their calls be on their way. */
const lateShare = 2 / 60;

/**
 * The bucket of a budget. What it holds and what flows in during any minute, with the units reserved just before it, are
 * together no more than the budget.
 *
 * @param callsPerMinute the budget; 300 gives a bucket of 60 that fills by 3.9 a second
 * @param minuteMs the minute, which a test may divide
 */
export function limitsOf(callsPerMinute: number, minuteMs: number): Limits {
  const capacity = Math.min(capacityMax, Math.max(1, Math.floor(callsPerMinute * capacityShare)));
  const rate = (callsPerMinute - capacity) / (minuteMs * (1 + lateShare));
  return { capacity, rate, lapseMs: minuteMs / 40, minuteMs };
}

/** What one process keeps to by itself while Redis is away. */
export function limitsAlone({ capacity, rate, ...rest }: Limits): Limits {
  return { capacity: Math.max(1, Math.floor(capacity * aloneShare)), rate: rate * aloneShare, ...rest };
}
