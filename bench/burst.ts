/**
 * Many runs of one business unit at once, with the default budget of calls: `npm run bench:burst [-- --json] [--runs 16,64]`.
 *
 * For each burst: how long after its query's end a run is ready, the longest gap between polls of a running query, and the
 * most calls that Marketing Cloud got in any minute. The exit code is 1 when a bound is missed.
 */
import { parseArgs } from "node:util";
import { z } from "zod";
import { openBenchStack, type BenchStack } from "./stack/bench-stack.ts";
import { mean, printTable, quantile } from "./stack/figures.ts";
import { openUser } from "./stack/user.ts";

const { values } = parseArgs({ options: { json: { type: "boolean" }, runs: { type: "string" } } });
const bursts = (values.runs ?? "16,64").split(",").map(Number);

const durationMs = 5000;
const callsPerMinute = 300;
const bounds = { lagS: 4, gapS: 5, perMinute: callsPerMinute };
const alice = 7_000_001;

const Debug = z.looseObject({
  debug: z.looseObject({ verdicts: z.array(z.looseObject({ at: z.number() })) }),
});

type Row = {
  runs: number;
  ready: number;
  seconds: number;
  lagS: number;
  lagP95S: number;
  gapS: number;
  perMinute: number;
};

const rows: Row[] = [];
for (const runs of bursts) {
  const stack = await openBenchStack(1, { MCE_CALLS_PER_MINUTE: String(callsPerMinute) });
  try {
    rows.push(await burst(stack, runs));
  } finally {
    await stack.stop();
  }
}
const isWithin = ({ runs, ready, lagS, gapS, perMinute }: Row) =>
  ready === runs && lagS <= bounds.lagS && gapS <= bounds.gapS && perMinute <= bounds.perMinute;
if (values.json) console.log(JSON.stringify({ bench: "burst", bounds, rows }));
else {
  printTable(
    [
      "runs at once",
      "ready",
      "all over after s",
      "end → ready, mean s",
      "p95 s",
      "longest gap of polling s",
      "calls in any minute",
    ],
    rows.map((row) => [row.runs, row.ready, row.seconds, row.lagS, row.lagP95S, row.gapS, row.perMinute]),
  );
  console.log(`\nBounds: mean ${bounds.lagS} s, gap ${bounds.gapS} s, ${bounds.perMinute} calls in any 60 s`);
}
process.exitCode = rows.every(isWithin) ? 0 : 1;

async function burst(stack: BenchStack, runs: number): Promise<Row> {
  const { edge, tokens } = stack.file();
  const user = openUser(edge, tokens.alice);
  await stack.control("behaviours", { durationMs: 100 });
  // Folder and fields are known from here on, as in an active business unit.
  await user.follow((await user.submit("SELECT TOP 1 CustomerKey FROM Customers")).id);
  // The budget has recovered what the first run used.
  await new Promise((resolve) => setTimeout(resolve, 15_000));
  await stack.control("behaviours", { durationMs });
  const first = (await stack.ledger(0)).at(-1)?.seq ?? 0;
  const from = Date.now();
  const followed = await Promise.all(
    Array.from({ length: runs }, async (_, n) => {
      const { id } = await user.submit(`SELECT TOP 3 CustomerKey, ${n} AS N FROM Customers`);
      return user.follow(id);
    }),
  );
  const seconds = (Date.now() - from) / 1000;
  const real = await stack.realTime();
  const entries = await stack.ledger(first);
  const lags: number[] = [];
  const gaps: number[] = [];
  for (const { run, at } of followed.filter(({ run: { status } }) => status === "ready")) {
    const start = entries.find(({ event, queryKey }) => event === "perform" && queryKey?.includes(run.id));
    const done = entries.find(({ event, taskId }) => event === "done" && taskId === start?.taskId);
    if (start === undefined || done === undefined) throw new Error(`Run "${run.id}" left no trace in the sandbox`);
    lags.push((at - real(done.at)) / 1000);
    const { debug } = Debug.parse(await (await user.call(`/v1/runs/${run.id}?debug=1`)).json());
    const polls = debug.verdicts.map((verdict) => verdict.at);
    const moments = [start.at, ...polls.filter((poll) => poll > start.at), at];
    gaps.push(...moments.slice(1).map((moment, index) => (moment - (moments[index] ?? moment)) / 1000));
  }
  const calls = entries.filter(({ event, mid }) => event === "call" && (mid ?? alice) === alice).map(({ at }) => at);
  const inMinute = (at: number) => calls.filter((call) => call >= at && call < at + 60_000).length;
  return {
    runs,
    ready: lags.length,
    seconds,
    lagS: mean(lags),
    lagP95S: quantile(lags, 0.95),
    gapS: Math.max(...gaps),
    perMinute: Math.max(...calls.map(inMinute)),
  };
}
