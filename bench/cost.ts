/**
 * Prints what a month costs at 10,000, 100,000 and 1,000,000 runs: `npm run cost [-- --json]`.
 *
 * What a run uses is measured on a local stack (`cost/measure.ts`: a run of 5 s, followed by SSE, two pages read), prices are
 * those of `cost/prices.ts`. Assumed are the habits below, six alarms a run, and what the cloud's round trips take.
 */
import { parseArgs } from "node:util";
import { billOf, type Habit, type Item } from "./cost/bill.ts";
import { measureUse, type Measured } from "./cost/measure.ts";
import { printTable } from "./stack/figures.ts";

const { values } = parseArgs({ options: { json: { type: "boolean" } } });

const workDays = 22;
const workHours = 10;
const habits: readonly Habit[] = [
  { runs: 10_000, bridges: 1, workDays, workHours, computeUnits: 0.25, keptDays: 90 },
  { runs: 100_000, bridges: 1, workDays, workHours, computeUnits: 0.25, keptDays: 90 },
  { runs: 1_000_000, bridges: 2, workDays, workHours, computeUnits: 0.5, keptDays: 90 },
];

const use = await measureUse();
const bills = habits.map((habit) => ({ habit, items: billOf(use, habit) }));
if (values.json) console.log(JSON.stringify({ bench: "cost", use, bills }));
else {
  printUse(use);
  console.log();
  printBills(bills);
}

function printUse(measured: Measured): void {
  const lines: [string, number][] = [
    ["Worker requests", measured.workerRequests],
    ["… of users", measured.userRequests],
    ["… of the bridge", measured.bridgeRequests],
    ["Worker and object CPU, ms (all of workerd)", measured.workerCpuMs],
    ["object requests, alarms included", measured.objectRequests],
    ["object active, ms", measured.objectActiveMs],
    ["object rows written", measured.objectRowsWritten],
    ["SSE stream open, s (the object sleeps meanwhile)", measured.sseSeconds],
    ["Redis commands", measured.redisCommands],
    ["Postgres queries", measured.postgresQueries],
    ["Postgres bytes kept, with indexes", measured.postgresBytes],
    ["bridge CPU, ms", measured.bridgeCpuMs],
    ["Redis commands of an idle bridge, a minute", measured.redisCommandsIdleMinute],
  ];
  printTable(["a run uses", "mean"], lines);
}

function printBills(all: readonly { habit: Habit; items: readonly Item[] }[]): void {
  const [first] = all;
  const rows = (first?.items ?? []).map(({ service }, at) => {
    const items = all.map(({ items }) => items[at]);
    const what =
      items.find((item) => item !== undefined)?.what.replace(/ \(awake .*|, (fixed plan|as you go)/, "") ?? "";
    return [service, what, ...items.map((item) => (item === undefined ? "" : cellOf(item)))];
  });
  const total = all.map(({ items }) => dollars(items.reduce((sum, { usd }) => sum + usd, 0)));
  const headings = all.map(
    ({ habit: { runs, bridges } }) => `${runs.toLocaleString("en")} runs, ${bridges} bridge${bridges > 1 ? "s" : ""}`,
  );
  printTable(["service", "what", ...headings], [...rows, ["", "a month, US dollars", ...total]]);
}

function cellOf({ amount, usd }: Item): string {
  return `${dollars(usd)}  (${amount.toLocaleString("en", { maximumFractionDigits: amount < 10 ? 2 : 0 })})`;
}

function dollars(usd: number): string {
  return usd.toFixed(2).padStart(6);
}
