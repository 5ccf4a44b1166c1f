import { vi } from "vitest";

/** Repeats a check every 20 ms until it passes, for at most 30 s. */
export function soon<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 30_000, interval: 20 });
}
