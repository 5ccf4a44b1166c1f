/**
 * Measures what one tenant's queue does to another tenant (D13): `npm run bench:fairness -- [--json] [--samples 20]`.
 *
 * On a stack of real processes tenant A (alice) queues runs whose queries take ten minutes; tenant B (carol) submits one
 * at a time and cancels it when it has started. A start delay is `startedAt` minus `createdAt`, both from the run object.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { openBenchStack } from "./stack/bench-stack.ts";
import { printTable, quantile } from "./stack/figures.ts";
import { openUser } from "./stack/user.ts";

const { values } = parseArgs({
  options: { json: { type: "boolean", default: false }, samples: { type: "string", default: "20" } },
});
const samples = Number(values.samples);
const sql = "SELECT CustomerKey FROM Customers";
const parallelSubmits = 20;
const askAgainMs = 20;
const settleMs = 1000;

type Delay = { ms: number; position: number | undefined };
type Row = { queued: number; medianMs: number; maxMs: number; positionOfB: string; positionOfLastA: string };

const stack = await openBenchStack(1, { SANDBOX_DURATION_MS: "600000" });
const { edge, tokens } = stack.file();
const alice = openUser(edge, tokens.alice);
const carol = openUser(edge, tokens.carol);
try {
  const rows = [await measure(0)];
  const burst: Delay[] = [];
  for (const queued of [500, 1000]) {
    const last = await queueUpTo(500);
    // Directly after the burst, while the bridge is still busy with it.
    burst.push(await startOne());
    await settled(last);
    rows.push(await measure(queued, last));
  }
  report(rows, burst);
} finally {
  await stack.stop();
}

/** Submits one run of tenant B and cancels it when it has started. */
async function startOne(): Promise<Delay> {
  const { id } = await carol.submit(sql);
  let position: number | undefined;
  for (;;) {
    const run = await carol.read(id);
    position ??= run.queuePosition;
    const { createdAt, startedAt } = run;
    if (startedAt !== undefined) {
      await carol.cancel(id);
      return { ms: Date.parse(startedAt) - Date.parse(createdAt), position };
    }
    if (run.status !== "queued") throw new Error(`Cannot bench: a run of tenant B is ${run.status}`);
    await sleep(askAgainMs);
  }
}

async function measure(queued: number, lastOfA?: string): Promise<Row> {
  const delays: Delay[] = [];
  for (let n = 0; n < samples; n += 1) {
    delays.push(await startOne());
    await sleep(settleMs);
  }
  const times = delays.map(({ ms }) => ms);
  const position = delays.find((delay) => delay.position !== undefined)?.position;
  return {
    queued,
    medianMs: quantile(times, 0.5),
    maxMs: Math.max(...times),
    positionOfB: position === undefined ? "started at once" : String(position),
    positionOfLastA: lastOfA === undefined ? "–" : String((await alice.read(lastOfA)).queuePosition ?? "–"),
  };
}

/** Queues more runs of tenant A. @returns the id of the last one */
async function queueUpTo(count: number): Promise<string> {
  let last = "";
  for (let left = count; left > 0; left -= parallelSubmits) {
    const batch = Array.from({ length: Math.min(left, parallelSubmits) }, () => alice.submit(sql));
    last = (await Promise.all(batch)).at(-1)?.id ?? last;
  }
  return last;
}

/** Waits until all of tenant A's runs are in the line: the place of the last one no longer changes. */
async function settled(last: string): Promise<void> {
  for (let before: number | undefined = -1; ;) {
    await sleep(settleMs);
    const now = (await alice.read(last)).queuePosition;
    if (now === before) return;
    before = now;
  }
}

function report(rows: readonly Row[], burst: readonly Delay[]): void {
  const burstMs = burst.map(({ ms }) => ms);
  if (values.json) {
    console.log(JSON.stringify({ samples, rows, rightBehindABurstMs: burstMs }));
    return;
  }
  printTable(
    ["A queued", "B starts after ms (median)", "(max)", "B's place shown", "place of A's last"],
    rows.map((row) => [row.queued, row.medianMs, row.maxMs, row.positionOfB, row.positionOfLastA]),
  );
  console.log(`One run of B directly after each burst of 500 runs of A started after ${burstMs.join(" and ")} ms`);
}
