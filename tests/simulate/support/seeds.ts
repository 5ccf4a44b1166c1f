import * as fc from "fast-check";
import type { Script } from "./script.ts";
import { aScript, scriptOf } from "./scripts.ts";
import { simulate, type Outcome } from "./simulate.ts";

/** A seed whose script broke an invariant, and what is left of the script when all is taken away that does not matter. */
export type Broken = { seed: number; violations: readonly string[]; script: Script; print: () => string };

/** How long a failing script is made smaller. */
const shrinkMs = 60_000;

/** Plays the script of a seed. @returns what broke, made as small as it gets; undefined when all invariants held */
export async function trySeed(
  seed: number,
  onPlayed: (outcome: Outcome) => void = () => {},
): Promise<Broken | undefined> {
  const script = scriptOf(seed);
  const outcome = await simulate(script);
  onPlayed(outcome);
  if (outcome.violations.length === 0) return undefined;
  let smallest: Broken = { seed, violations: outcome.violations, script, print: outcome.print };
  const property = fc.asyncProperty(fc.noBias(aScript), async (smaller) => {
    const { violations, print } = await simulate(smaller);
    if (violations.length === 0) return true;
    smallest = { seed, violations, script: smaller, print };
    return false;
  });
  await fc.check(property, { seed, numRuns: 1, interruptAfterTimeLimit: shrinkMs });
  return smallest;
}

/** A broken seed for people: what broke, the script, and what happened. */
export function tell({ seed, violations, script, print }: Broken): string {
  const { runs, faults, ...rest } = script;
  const lines = (items: readonly object[]) => items.map((item) => `  ${JSON.stringify(item)}`);
  return [
    `seed ${seed} breaks:`,
    ...violations.map((what) => `  ${what}`),
    `script: ${JSON.stringify(rest)}`,
    "runs:",
    ...lines(runs),
    "faults:",
    ...lines(faults),
    "what happened:",
    print(),
  ].join("\n");
}

/** Plays seeds in order, to the first that breaks an invariant. @returns what broke; empty: nothing did */
export async function trySeeds(first: number, count: number): Promise<string> {
  for (let seed = first; seed < first + count; seed += 1) {
    const broken = await trySeed(seed);
    if (broken !== undefined) return tell(broken);
  }
  return "";
}
