/** How many calls a business unit may make, and in which bursts. Times are milliseconds. */
export type Limits = {
  /** Units in a full bucket; one unit is one call. */
  capacity: number;
  /** Units added per millisecond. */
  rate: number;
  /** A reserved unit that is not used within this time is lost. */
  lapseMs: number;
  /** The minute of the budget. After a 429 the bucket fills at half its rate for one. */
  minuteMs: number;
};

/** The largest bucket, in units, and its share of a small budget. */
const capacityMax = 60;
const capacityShare = 0.2;

/** A process without Redis keeps to this share of the budget, so that ten of them stay within it. */
const aloneShare = 0.1;

/** Units reserved up to this part of a minute ago may still be used, or their calls be under way. */
const lateShare = 2 / 60;

/**
 * Computes the bucket of a budget. What it holds, what is added in any minute and what was reserved just before that
 * minute are together no more than the budget.
 *
 * @param callsPerMinute the budget; 300 gives a bucket of 60 units that fills by 3.9 units a second
 * @param minuteMs the minute, which a test may shorten
 */
export function limitsOf(callsPerMinute: number, minuteMs: number): Limits {
  const capacity = Math.min(capacityMax, Math.max(1, Math.floor(callsPerMinute * capacityShare)));
  const rate = (callsPerMinute - capacity) / (minuteMs * (1 + lateShare));
  return { capacity, rate, lapseMs: minuteMs / 40, minuteMs };
}

/** The limits of one process while Redis is away. */
export function limitsAlone({ capacity, rate, ...rest }: Limits): Limits {
  return { capacity: Math.max(1, Math.floor(capacity * aloneShare)), rate: rate * aloneShare, ...rest };
}
