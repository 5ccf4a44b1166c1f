/**
 * Measures the edge and what a run costs in Redis: `npm run bench:edge [-- --only latency|commands] [--json]`.
 *
 * - latency: POST → 202, compared with `/healthz`, a bare Hono route of the same Worker; a change of a run → its SSE clients,
 *   at 1, 100 and 1,000 streams (the change is a cancel, whose request is included); a results page, compared with the
 *   rowset call it makes; runs a second;
 * - commands: Redis commands for a run of 30 s (duration unknown, then learned) and for a minute without runs, with limits on;
 *   requests to a run's object.
 *
 * Each part has a stack of its own and an end: on an idle machine they take about 2 and 5 minutes.
 */
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { measureCommands } from "./edge/commands.ts";
import { measureLatency, type Tell } from "./edge/latency.ts";
import { openBenchStack, type BenchStack } from "./stack/bench-stack.ts";
import { printTable, quantile } from "./stack/figures.ts";

type Part = {
  env: Record<string, string>;
  /** What does not end by then is given up; what was measured is printed. */
  seconds: number;
  measure: (stack: BenchStack, tell: Tell) => Promise<void>;
};
const parts: Record<string, Part> = {
  latency: { env: {}, seconds: 300, measure: measureLatency },
  commands: { env: { SQE_LIMITS: "on" }, seconds: 420, measure: measureCommands },
};

const { values } = parseArgs({ options: { json: { type: "boolean" }, only: { type: "string" } } });
const wanted = Object.entries(parts).filter(([name]) => values.only === undefined || values.only === name);
if (wanted.length === 0) throw new Error(`Cannot bench: --only is one of ${Object.keys(parts).join(", ")}`);

const headings = ["what", "p50", "p99", "samples"];
const rows: (string | number)[][] = [];
for (const [name, { env, seconds, measure }] of wanted) {
  const stack = await openBenchStack(1, env);
  const tell: Tell = (what, samples) => {
    rows.push([what, quantile(samples, 0.5), quantile(samples, 0.99), samples.length]);
    // So that a part that is given up, or ended by hand, has told what it had.
    console.error(`${name}: ${what}: ${quantile(samples, 0.5).toFixed(1)}`);
  };
  const late = sleep(seconds * 1000, "late", { ref: false });
  const end = await Promise.race([measure(stack, tell), late]).catch((error: unknown) => error);
  await stack.stop();
  if (end === undefined) continue;
  console.error(end === "late" ? `${name}: given up after ${seconds} s` : end);
  process.exitCode = 1;
}
if (values.json) console.log(JSON.stringify({ bench: "edge", headings, rows }));
else printTable(headings, rows);
// What was given up may still wait for its stack.
process.exit();
