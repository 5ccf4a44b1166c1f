/**
 * Measures how long after the end of a query its user gets `ready`: `npm run bench:lag [-- --json]`.
 *
 * Each duration runs on its own stack with divided time, so that twenty minutes pass in one: first a batch with no known
 * duration, then batches of the same shape until the schedule has learned. For comparison: what a schedule of
 * "30 s, then every 24 to 36 s, and a confirmation after 15 s" would have taken for the same ends.
 */
import { parseArgs } from "node:util";
import { mean, printTable, quantile } from "./stack/figures.ts";
import { openBenchStack, type BenchStack } from "./stack/bench-stack.ts";
import { openUser, type User } from "./stack/user.ts";

const { values } = parseArgs({ options: { json: { type: "boolean" }, only: { type: "string" } } });

/** Seconds of a query, the divisor of time, and the number of batches. */
const plans = [
  { seconds: 1, scale: 1, batches: 3 },
  { seconds: 5, scale: 1, batches: 3 },
  { seconds: 30, scale: 4, batches: 3 },
  { seconds: 180, scale: 12, batches: 3 },
  { seconds: 1200, scale: 24, batches: 2 },
].filter(({ seconds }) => values.only === undefined || values.only.split(",").includes(String(seconds)));

/** As many as one business unit may have at once (D13). */
const batchSize = 8;

type Outcome = { endMs: number; lagMs: number };
type Batch = { outcomes: Outcome[]; polls: number; calls: number };

async function runBatch(stack: BenchStack, seconds: number, scale: number): Promise<Batch> {
  const { edge, tokens } = stack.file();
  const user = openUser(edge, tokens.alice);
  const first = (await stack.ledger(0)).at(-1)?.seq ?? 0;
  const ids: string[] = [];
  for (let at = 0; at < batchSize; at += 1) {
    // Durations vary by ± 8 %, as those of a repeated query do.
    const spread = 0.92 + (0.16 * ((at * 5) % batchSize)) / (batchSize - 1);
    await stack.control("behaviours", { durationMs: Math.round(seconds * 1000 * spread) });
    const { id } = await user.submit("SELECT TOP 3 * FROM Customers");
    ids.push(id);
    await performed(stack, user, id);
  }
  const followed = await Promise.all(ids.map((id) => user.follow(id)));
  const real = await stack.realTime();
  const entries = await stack.ledger(first);
  const outcomes = followed.map(({ run, at }) => {
    const start = entries.find(({ event, queryKey }) => event === "perform" && queryKey?.includes(run.id));
    const done = entries.find(({ event, taskId }) => event === "done" && taskId === start?.taskId);
    if (run.status !== "ready" || start === undefined || done === undefined)
      throw new Error(`Run "${run.id}" ended ${run.status}: ${JSON.stringify(run.error)}`);
    return { endMs: done.at - start.at, lagMs: (at - real(done.at)) * scale };
  });
  const called = (name: string) => entries.filter(({ call }) => call === name).length / batchSize;
  const follow = ["SOAP Retrieve AsyncActivityStatus", "REST isrunning", "REST rowset"];
  const calls = follow.reduce((sum, name) => sum + called(name), 0);
  return { outcomes, polls: called("SOAP Retrieve AsyncActivityStatus"), calls };
}

async function performed(stack: BenchStack, user: User, id: string): Promise<void> {
  for (;;) {
    const entries = await stack.ledger(0);
    if (entries.some(({ event, queryKey }) => event === "perform" && queryKey?.includes(id))) return;
    const { status, error } = await user.read(id);
    if (status === "failed") throw new Error(`Run "${id}" failed: ${JSON.stringify(error)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The lag of the other schedule: status and row probe at each poll, and a second look 15 s after the first sign. */
function otherSchedule(endMs: number): { lagMs: number; polls: number; calls: number } {
  let at = 30_000;
  let polls = 1;
  for (; at < endMs; polls += 1) at += 24_000 + 12_000 * Math.random();
  return { lagMs: at + 15_000 - endMs, polls: polls + 1, calls: 2 * (polls + 1) };
}

function rowOf(seconds: number, what: string, batch: Batch): (string | number)[] {
  const lags = batch.outcomes.map(({ lagMs }) => lagMs / 1000);
  return [`${seconds} s`, what, mean(lags), quantile(lags, 0.95), batch.polls, batch.calls];
}

function otherRow(seconds: number, ends: readonly Outcome[]): (string | number)[] {
  const others = Array.from({ length: 50 }).flatMap(() => ends.map(({ endMs }) => otherSchedule(endMs)));
  const lags = others.map(({ lagMs }) => lagMs / 1000);
  const polls = mean(others.map((one) => one.polls));
  return [`${seconds} s`, "30 s, 24–36 s, +15 s", mean(lags), quantile(lags, 0.95), polls, 2 * polls];
}

const rows: (string | number)[][] = [];
for (const { seconds, scale, batches } of plans) {
  const stack = await openBenchStack(scale);
  try {
    const runs: Batch[] = [];
    // The first run of a stack reads tokens, folders and fields, which is not measured here.
    await stack.control("behaviours", { durationMs: 100 });
    const user = openUser(stack.file().edge, stack.file().tokens.alice);
    const { run } = await user.follow((await user.submit("SELECT TOP 1 CustomerKey FROM Customers")).id);
    if (run.status !== "ready") throw new Error(`Run "${run.id}" ended ${run.status}: ${JSON.stringify(run.error)}`);
    for (let at = 0; at < batches; at += 1) runs.push(await runBatch(stack, seconds, scale));
    const [cold] = runs;
    const learned = runs.at(-1);
    if (cold === undefined || learned === undefined) continue;
    rows.push(rowOf(seconds, "nothing known", cold));
    rows.push(rowOf(seconds, `after ${(batches - 1) * batchSize} runs`, learned));
    rows.push(
      otherRow(
        seconds,
        runs.flatMap(({ outcomes }) => outcomes),
      ),
    );
  } finally {
    await stack.stop();
  }
}
const headings = ["query", "schedule", "lag mean s", "lag p95 s", "polls", "MCE calls"];
if (values.json) console.log(JSON.stringify({ bench: "lag", headings, rows }));
else printTable(headings, rows);
