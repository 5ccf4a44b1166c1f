/**
 * Loads one stack in ways that its users may, and holds each figure to a bound: `npm run load -- [--small] [--only
 * storm,events,large,typing]`. The exit code is 1 when a bound is broken.
 *
 * `storm`: 1,000 watchers are cut at once. `events`: 10,000 events to one object, beside clients that do not read. `large`:
 * 100,000 characters of SQL, 250 columns. `typing`: 50 runs at once in one business unit while ten people type, with queries
 * of 5 s and Marketing Cloud's usual number of calls. `--small` shows within two minutes that all of it works.
 */
import { parseArgs } from "node:util";
import { events } from "./load/events.ts";
import { printFigures, type Figure } from "./load/figure.ts";
import { large } from "./load/large.ts";
import { storm } from "./load/storm.ts";
import { typing } from "./load/typing.ts";
import { openBenchStack, type BenchStack } from "./stack/bench-stack.ts";

const { values } = parseArgs({
  options: {
    small: { type: "boolean", default: false },
    only: { type: "string", default: "storm,events,large,typing" },
  },
});
const size = (whole: number, small: number) => (values.small ? small : whole);
/** Of the business units of Marketing Cloud (D27). */
const usualCalls = "300";

const loads: Record<string, { env: Record<string, string>; put: (stack: BenchStack) => Promise<Figure[]> }> = {
  storm: { env: {}, put: (stack) => storm(stack, size(1000, 100)) },
  events: { env: {}, put: (stack) => events(stack, size(10_000, 500)) },
  large: { env: {}, put: large },
  typing: {
    env: { SANDBOX_DURATION_MS: "5000", MCE_CALLS_PER_MINUTE: usualCalls },
    put: (stack) => typing(stack, size(50, 8)),
  },
};

const figures: Figure[] = [];
for (const name of values.only.split(",")) {
  const load = loads[name];
  if (load === undefined) throw new Error(`There is no load "${name}"; there are ${Object.keys(loads).join(", ")}`);
  const stack = await openBenchStack(1, load.env);
  try {
    figures.push(...(await load.put(stack)));
  } finally {
    await stack.stop();
  }
}
process.exitCode = printFigures(figures) ? 0 : 1;
