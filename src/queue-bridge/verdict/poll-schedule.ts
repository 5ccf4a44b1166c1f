import { hazard, type UsualDuration } from "./usual-duration.ts";

export type PollLimits = { pollMinMs: number; pollMaxMs: number };

/** A curve of waits, in units of `pollMinMs`: `growth`·√t after t units, and at least `least`. */
export type Curve = { growth: number; least: number };

/** For a query that runs: as few calls as the bounds on lag allow (DESIGN 7, 9). */
export const whileRunning: Curve = { growth: 1.4, least: 3.9 };
/** For a query that seems to be over. */
export const atTheEnd: Curve = { growth: 1, least: 1 };

/** How many times longer than the plain wait a learned wait may be: this bounds the cost of a wrong duration. */
const mostStretch = 2;

/** Steps of the numeric integration; more steps change no wait by 1 %. */
const pieces = 64;

/**
 * How long to wait before MCE is asked again (D10), ± 5 %. A time scale that divides the limits divides the curve with
 * them, because `pollMinMs` is its unit.
 *
 * With a usual duration the polls move to where the end is likely: one poll is worth half a unit of lag, so their density is
 * √hazard.
 *
 * @param sinceMs time since Perform
 * @param random in [0, 1): spreads polls that began together
 */
export function pollWait(
  sinceMs: number,
  limits: PollLimits,
  random: number,
  { growth, least }: Curve,
  usual?: UsualDuration,
): number {
  const unit = limits.pollMinMs;
  const since = Math.max(0, sinceMs) / unit;
  const most = limits.pollMaxMs / unit;
  const plain = Math.min(Math.max(growth * Math.sqrt(since), least), most);
  const wait = usual === undefined ? plain : learnedWait(since, Math.min(mostStretch * plain, most), usual);
  return wait * unit * (0.95 + 0.1 * random);
}

/** The shortest wait over which √hazard adds up to one poll, between 1 and `most`. */
function learnedWait(since: number, most: number, usual: UsualDuration): number {
  const step = most / pieces;
  let sum = 0;
  for (let piece = 0; piece < pieces; piece += 1) {
    sum += Math.sqrt(hazard(since + (piece + 0.5) * step, usual)) * step;
    if (sum >= 1) return Math.max(1, (piece + 1) * step);
  }
  return most;
}
