/**
 * Loads one stack in ways that its users may, and holds each figure to a bound: `npm run load -- [--small] [--only
 * storm,events,large,typing,tenants,hour] [--minutes 6]`. The exit code is 1 when a bound is broken.
 *
 * `storm`: 2,000 watchers are cut at once. `events`: 10,000 events to one object, beside clients that do not read. `large`:
 * 100,000 characters of SQL, 250 columns. `typing`: 50 runs at once in one business unit while ten people type, with queries
 * of 5 s and Marketing Cloud's usual number of calls. `tenants`: 2,000 runs of 40 tenants, each with its watcher, while bridge,
 * edge, Redis and calls to Marketing Cloud fail. `hour`: the memory of every process over an hour of the sandbox's clock, which
 * is `--minutes 6` of ours. `--small` shows within four minutes that all of it works.
 */
import { parseArgs } from "node:util";
import { events } from "./load/events.ts";
import { printFigures, type Figure } from "./load/figure.ts";
import { hour } from "./load/hour.ts";
import { large } from "./load/large.ts";
import { storm } from "./load/storm.ts";
import { tenants, tenantsScale, tenantsSettings } from "./load/tenants.ts";
import { typing } from "./load/typing.ts";
import { openBenchStack, type BenchStack } from "./stack/bench-stack.ts";
import { enterprisesFor } from "./stack/tenants.ts";

const { values } = parseArgs({
  options: {
    small: { type: "boolean", default: false },
    only: { type: "string", default: "storm,events,large,typing,tenants,hour" },
    minutes: { type: "string" },
  },
});
const size = (whole: number, small: number) => (values.small ? small : whole);
const tenantsCount = size(40, 4);
/** Of the business units of Marketing Cloud (D27). */
const usualCalls = "300";

type Load = (stack: BenchStack) => Promise<Figure[]>;
const loads: Record<string, () => Promise<Figure[]>> = {
  storm: () => put(1, {}, (stack) => storm(stack, size(2000, 100))),
  events: () => put(1, {}, (stack) => events(stack, size(10_000, 1000))),
  large: () => put(1, {}, large),
  typing: () =>
    put(1, { SANDBOX_DURATION_MS: "5000", MCE_CALLS_PER_MINUTE: usualCalls }, (stack) => typing(stack, size(50, 8))),
  tenants: () =>
    put(tenantsScale, { ...tenantsSettings, ...enterprisesFor(tenantsCount) }, (stack) =>
      tenants(stack, {
        tenants: tenantsCount,
        users: size(5, 2),
        runs: size(10, 5),
        faultsMs: size(60_000, 10_000),
      }),
    ),
  hour: () => hour(Number(values.minutes ?? size(6, 1))),
};

const figures: Figure[] = [];
for (const name of values.only.split(",")) {
  const load = loads[name];
  if (load === undefined) throw new Error(`There is no load "${name}"; there are ${Object.keys(loads).join(", ")}`);
  figures.push(...(await load()));
}
process.exitCode = printFigures(figures) ? 0 : 1;

/** Puts a load on a stack of its own. */
async function put(scale: number, env: Record<string, string>, load: Load): Promise<Figure[]> {
  const stack = await openBenchStack(scale, env);
  try {
    return await load(stack);
  } finally {
    await stack.stop();
  }
}
