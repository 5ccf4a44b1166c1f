import { failPointNames } from "../../src/queue-bridge/fail-point.ts";
import type { ChaosResult } from "./chaos.ts";
import { faultNames, wholeMs } from "./plan.ts";

/** What did not happen in a time of chaos, each in a sentence. */
type Unmet = {
  /** Without it the time proves less than it says. */
  demanded: readonly string[];
  /** What chance may leave out. */
  left: readonly string[];
};

/** What is read of the result. */
type Shown = {
  struck: readonly Pick<ChaosResult["struck"][number], "name">[];
  deaths: readonly Pick<ChaosResult["deaths"][number], "point">[];
  history: { runs: readonly { log: readonly { status: string }[] }[] };
};

/**
 * Tells what a time of chaos should have shown, besides that nothing is broken, and did not: runs that get ready and, in a
 * whole one, each fault and bridges that die at their points.
 */
export function findUnmet({ struck, deaths, history: { runs } }: Shown, lengthMs: number): Unmet {
  const isReady = runs.some(({ log }) => log.some(({ status }) => status === "ready"));
  const unready = isReady ? [] : [`none of ${runs.length} runs got ready`];
  if (lengthMs < wholeMs) return { demanded: unready, left: [] };
  const hit = new Set(struck.map(({ name }) => name));
  const spared = faultNames.filter((name) => !hit.has(name)).map((name) => `"${name}" never struck`);
  const points = new Set<string>(deaths.map(({ point }) => point));
  if (points.size === 0) return { demanded: [...unready, ...spared, "no bridge died at a fail point"], left: [] };
  const passed = failPointNames.filter((name) => !points.has(name)).map((name) => `no bridge died at "${name}"`);
  return { demanded: [...unready, ...spared], left: passed };
}
