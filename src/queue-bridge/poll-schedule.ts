import type { Habit } from "./habit.ts";
import { hazard } from "./habit.ts";

export type PollLimits = { pollMinMs: number; pollMaxMs: number };

/** A habit may make a wait so many times longer than the plain one, never more: that bounds what a wrong one costs. */
const mostStretch = 3;

/** Pieces a wait is measured in; more change no wait by a hundredth. */
const pieces = 64;

/**
 * How long to wait before MCE is asked again (D10): √t seconds after t seconds, within the limits, ± 5 %. A time scale
 * that divides the limits divides the curve with them, because `pollMinMs` is its unit.
 *
 * With a habit the polls move to where the end is likely: one poll is worth half a unit of lag, so they stand √hazard apart.
 *
 * @param sinceMs time since Perform
 * @param random in [0, 1): spreads polls that began together
 */
export function pollWait(sinceMs: number, limits: PollLimits, random: number, habit?: Habit): number {
  const unit = limits.pollMinMs;
  const since = Math.max(0, sinceMs) / unit;
  const most = limits.pollMaxMs / unit;
  const plain = Math.min(Math.max(Math.sqrt(since), 1), most);
  const wait = habit === undefined ? plain : learnedWait(since, Math.min(mostStretch * plain, most), habit);
  return wait * unit * (0.95 + 0.1 * random);
}

/** The shortest wait over which √hazard adds up to one poll, between 1 and `most`. */
function learnedWait(since: number, most: number, habit: Habit): number {
  const step = most / pieces;
  let sum = 0;
  for (let piece = 0; piece < pieces; piece += 1) {
    sum += Math.sqrt(hazard(since + (piece + 0.5) * step, habit)) * step;
    if (sum >= 1) return Math.max(1, (piece + 1) * step);
  }
  return most;
}
