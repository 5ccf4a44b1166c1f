import { err, ok } from "#lang/result.ts";
import type { Platform } from "#async/platform.ts";
import type { Gate } from "#mce/gate.ts";

/** How many calls and how much time a probe may take, clean-up included. */
export type Bounds = {
  maxCalls: number;
  maxMs: number;
  /** Calls and time that only the clean-up may use. */
  keptCalls: number;
  keptMs: number;
  /** The least time between two calls: some endpoints answer 500 when they are hurried (MCE 2.6). */
  paceMs: number;
};

/** What the project promises: at most 150 calls and 10 minutes. */
export const usualBounds: Bounds = {
  maxCalls: 150,
  maxMs: 10 * 60_000,
  keptCalls: 24,
  keptMs: 90_000,
  paceMs: 150,
};

/** Counts what a probe uses, and lets nothing through that would be too much. */
export type Allowance = {
  gate: Gate;
  calls(): number;
  tookMs(): number;
  /** Milliseconds that are left for questions. */
  leftMs(): number;
  /** Whether so many calls more may be spent on questions. */
  has(calls: number): boolean;
  /** The HTTP status of the last answer to a call of that name. */
  lastStatus(name: string): number | undefined;
  /** From now on what was kept for the clean-up may be used, also after the signal. */
  clean(): void;
};

type Deps = { platform: Pick<Platform, "monotonic" | "sleep">; signal: AbortSignal; bounds: Bounds };

/** Opens an allowance. @param spent calls that were made before */
export function openAllowance({ platform, signal, bounds }: Deps, spent: number): Allowance {
  const began = platform.monotonic();
  const statuses = new Map<string, number>();
  let calls = spent;
  let isCleaning = false;
  let lastAt = -Infinity;
  const tookMs = () => platform.monotonic() - began;
  const leftMs = () => bounds.maxMs - (isCleaning ? 0 : bounds.keptMs) - tookMs();
  const leftCalls = () => bounds.maxCalls - (isCleaning ? 0 : bounds.keptCalls) - calls;

  function whyNot(): string | undefined {
    if (signal.aborted && !isCleaning) return "The probe was stopped";
    if (leftCalls() <= 0) return "The probe's calls are used up";
    return leftMs() <= 0 ? "The probe's time is over" : undefined;
  }

  return {
    calls: () => calls,
    tookMs,
    leftMs,
    has: (wanted) => leftCalls() >= wanted && leftMs() > 0,
    lastStatus: (name) => statuses.get(name),
    clean: () => void (isCleaning = true),
    gate: {
      async enter({ name }) {
        await platform.sleep(lastAt + bounds.paceMs - platform.monotonic());
        const message = whyNot();
        if (message !== undefined) return err({ kind: "aborted", retry: "never", message });
        calls += 1;
        lastAt = platform.monotonic();
        statuses.delete(name);
        return ok(({ status }) => void (status !== undefined && statuses.set(name, status)));
      },
    },
  };
}
