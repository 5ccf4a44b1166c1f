import { hazard, type UsualDuration } from "./usual-duration.ts";

export type PollLimits = { pollMinMs: number; pollMaxMs: number };

/** A curve of waits, in units: `growth`·√t after t units, and no less than `least`. */
export type Curve = { growth: number; least: number };

/** Between polls of a query that runs: as few calls as the bounds of DESIGN 7 and 9 on lag and calls allow. */
export const whileRunning: Curve = { growth: 1.4, least: 3.9 };
/** Of one that seems to be over. */
export const atTheEnd: Curve = { growth: 1, least: 1 };

/** A habit may make a wait so many times longer than the plain one, never more: that bounds what a wrong one costs. */
const mostStretch = 2;

/** Pieces a wait is measured in; more change no wait by a hundredth. */
const pieces = 64;

/**
 * How long to wait before MCE is asked again (D10), ± 5 %. A time scale that divides the limits divides the curve with
 * them, because `pollMinMs` is its unit.
 *
 * With a habit the polls move to where the end is likely: one poll is worth half a unit of lag, so they stand √hazard apart.
 *
 * @param sinceMs time since Perform
 * @param random in [0, 1): spreads polls that began together
 */
export function pollWait(
  sinceMs: number,
  limits: PollLimits,
  random: number,
  { growth, least }: Curve,
  habit?: UsualDuration,
): number {
  const unit = limits.pollMinMs;
  const since = Math.max(0, sinceMs) / unit;
  const most = limits.pollMaxMs / unit;
  const plain = Math.min(Math.max(growth * Math.sqrt(since), least), most);
  const wait = habit === undefined ? plain : learnedWait(since, Math.min(mostStretch * plain, most), habit);
  return wait * unit * (0.95 + 0.1 * random);
}

/** The shortest wait over which √hazard adds up to one poll, between 1 and `most`. */
function learnedWait(since: number, most: number, habit: UsualDuration): number {
  const step = most / pieces;
  let sum = 0;
  for (let piece = 0; piece < pieces; piece += 1) {
    sum += Math.sqrt(hazard(since + (piece + 0.5) * step, habit)) * step;
    if (sum >= 1) return Math.max(1, (piece + 1) * step);
  }
  return most;
}
