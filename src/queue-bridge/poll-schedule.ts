export type PollLimits = { pollMinMs: number; pollMaxMs: number };

/**
 * How long to wait before MCE is asked again (D10): √t seconds after t seconds, within the limits, ± 5 %. A time scale
 * that divides the limits divides the curve with them, because `pollMinMs` is its unit.
 *
 * @param sinceMs time since Perform
 * @param random in [0, 1): spreads polls that began together
 */
export function pollWait(sinceMs: number, limits: PollLimits, random: number): number {
  const unit = limits.pollMinMs;
  const root = unit * Math.sqrt(Math.max(0, sinceMs) / unit);
  const clamped = Math.min(Math.max(root, limits.pollMinMs), limits.pollMaxMs);
  return clamped * (0.95 + 0.1 * random);
}
