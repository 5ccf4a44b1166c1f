import { availableParallelism, loadavg } from "node:os";
import { editorReadyMs, firstLoadKiB } from "./console/load.ts";
import { measureGrid } from "./console/grid.ts";
import { measureTyping } from "./console/typing.ts";
import { openBenchStack } from "./stack/bench-stack.ts";
import { quantile } from "./stack/figures.ts";

// npm run bench:console: the budgets of the console (DESIGN 9), in browsers that have nothing yet, and what a minute of typing
// asks of the edge and of Marketing Cloud. About 2 minutes; needs /usr/bin/chromium. Exit 1: a budget is exceeded.
const rounds = 5;
const longestMs = 4 * 60_000;

let isOver = false;
const late = setTimeout(() => {
  console.error(`Cannot measure: not done after ${longestMs / 60_000} minutes`);
  process.exit(1);
}, longestMs);

const stack = await openBenchStack(1, { SANDBOX_DURATION_MS: "300" });
try {
  const url = `${stack.file().edge}/`;
  console.log(
    `load ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} processors; ${rounds} rounds each, median\n`,
  );
  say("first load", await firstLoadKiB(), "KiB gzip", 300);
  // The Worker's first answer is slow, which is no matter of the page.
  await editorReadyMs(url, 1);
  say("editor ready, cold", await medianOf(() => editorReadyMs(url, 1)), "ms", 600);
  say("… with a processor ÷ 4", await medianOf(() => editorReadyMs(url, 4)), "ms", 2000);
  const grids = [];
  for (let round = 0; round < 3; round += 1) grids.push(await measureGrid(url));
  say("50 × 200 grid, first paint", median(grids.map(({ paintMs }) => paintMs)), "ms", 150);
  say("… p95 of its frames", median(grids.map(({ frameP95Ms }) => frameP95Ms)), "ms", 25);
  const typed = await measureTyping(url, callsToMce);
  console.log(`\n${typed.keys} keys in ${typed.seconds.toFixed(1)} s, at most 1 s apart`);
  say("calls to Marketing Cloud", typed.callsToMce, "", 0);
  say("calls to the edge", typed.callsToEdge, "");
  say("slowest key, to its frame", typed.slowestKeyMs, "ms");
} finally {
  await stack.stop();
  clearTimeout(late);
}
process.exit(isOver ? 1 : 0);

async function callsToMce(): Promise<string[]> {
  return (await stack.ledger(0)).flatMap(({ event, call }) => (event === "call" ? [call ?? ""] : []));
}

async function medianOf(measure: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let round = 0; round < rounds; round += 1) values.push(await measure());
  return median(values);
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

function say(what: string, value: number, unit: string, atMost?: number): void {
  const bound = atMost === undefined ? "" : `  (at most ${atMost})${value > atMost ? "  OVER" : ""}`;
  if (atMost !== undefined && !(value <= atMost)) isOver = true;
  console.log(`${what.padEnd(28)} ${value.toFixed(1).padStart(7)} ${unit.padEnd(8)}${bound}`);
}
