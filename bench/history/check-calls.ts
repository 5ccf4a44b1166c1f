import type { Finding, History } from "./history.ts";

const minuteMs = 60_000;

/** I9: the calls that any business unit got in any minute of the sandbox's clock. */
export function findBadCalls({ ledger, callsPerMinute }: History): readonly Finding[] {
  if (callsPerMinute === undefined) return [];
  return [...busiestMinutes(ledger)].flatMap(([mid, calls]): readonly Finding[] =>
    calls <= callsPerMinute
      ? []
      : [{ invariant: "I9", what: `business unit ${mid} got ${calls} calls in a minute instead of ${callsPerMinute}` }],
  );
}

/** The most calls in any minute, by business unit. */
export function busiestMinutes(ledger: History["ledger"]): ReadonlyMap<number, number> {
  const times = new Map<number, number[]>();
  for (const { event, mid, at } of ledger)
    if (event === "call" && mid !== undefined) (times.get(mid) ?? times.set(mid, []).get(mid))?.push(at);
  return new Map([...times].map(([mid, at]) => [mid, mostInAMinute(at.sort((one, other) => one - other))]));
}

/** @param times in order */
function mostInAMinute(times: readonly number[]): number {
  let first = 0;
  let most = 0;
  for (const [at, time] of times.entries()) {
    while ((times[first] ?? time) <= time - minuteMs) first += 1;
    most = Math.max(most, at - first + 1);
  }
  return most;
}
