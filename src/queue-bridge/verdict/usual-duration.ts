import { z } from "zod";

/**
 * How long queries of one shape have taken: a lognormal distribution. Times are in units of the shortest poll wait, so that
 * a time scale changes nothing.
 */
export const UsualDuration = z.object({
  /** The number of runs it is based on; older ones count less. */
  runs: z.number().positive(),
  /** Mean and variance of the logarithm of the duration. */
  mean: z.number(),
  variance: z.number().nonnegative(),
});
export type UsualDuration = z.infer<typeof UsualDuration>;

/** The number of runs at which the learned distribution has half of the weight. */
const trustedRuns = 3;
/** The smallest standard deviation of the logarithm that is assumed. */
const leastDeviation = 0.12;
/** The standard deviation that is assumed before there are runs. */
const priorDeviation = 0.35;

/**
 * The chance that a query which has run until `t` ends right then, per unit of time.
 *
 * A mixture of the learned distribution and a heavy tail, 1/t, which stands for no knowledge: for a query that outlives the
 * usual duration, the tail takes over.
 *
 * @param t in units, above 0
 */
export function hazard(t: number, { runs, mean, variance }: UsualDuration): number {
  const trust = runs / (runs + trustedRuns);
  const shrunk = (runs * variance + trustedRuns * priorDeviation ** 2) / (runs + trustedRuns);
  const deviation = Math.max(leastDeviation, Math.sqrt(shrunk));
  const z0 = (Math.log(t) - mean) / deviation;
  const ends = Math.exp((-z0 * z0) / 2) / (t * deviation * Math.sqrt(2 * Math.PI));
  const lives = normalTail(z0);
  const tailEnds = t > 1 ? 1 / (t * t) : 0;
  const tailLives = t > 1 ? 1 / t : 1;
  const alive = trust * lives + (1 - trust) * tailLives;
  return (trust * ends + (1 - trust) * tailEnds) / alive;
}

/** The chance that a standard normal variable is above `z` (Abramowitz and Stegun 7.1.26, error below 2e-7). */
function normalTail(z0: number): number {
  const x = Math.abs(z0) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = (series * Math.exp(-x * x)) / 2;
  return z0 >= 0 ? tail : 1 - tail;
}
