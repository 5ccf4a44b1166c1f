/**
 * Prints the calls to Marketing Cloud a run makes, up to its Perform (D14) and in all: `npm run bench:calls [-- --json]`.
 *
 * Each flow runs on its own stack: first when nothing is known and no folder exists, then with another table whose fields
 * are not known yet, then once more with that table. The sandbox delays every answer, so that `?debug=1` shows which calls
 * waited for which. Then queries of several durations run to their clean-up, with folders and fields known, each on a new
 * stack that has learned no duration. The exit code is 1 when a bound is missed.
 */
import { parseArgs } from "node:util";
import type { Target } from "#client/run-state.ts";
import { z } from "zod";
import { openBenchStack, type BenchStack } from "./stack/bench-stack.ts";
import { printTable } from "./stack/figures.ts";
import { openUser, type User } from "./stack/user.ts";

const { values } = parseArgs({ options: { json: { type: "boolean" } } });

const inARowMax = 4;
/** The delay of every answer: far more than the time between two simultaneous calls on a busy machine. */
const lateMs = 250;
/** Calls that overlap by at most this count as consecutive; times are rounded. */
const overlapMs = 20;

const Debug = z.looseObject({
  debug: z.looseObject({ calls: z.array(z.looseObject({ at: z.number(), call: z.string(), ms: z.number() })) }),
});
type Call = { at: number; call: string; ms: number };
type Row = { flow: string; caches: string; inARow: number; calls: number; steps: string };

const targetKey = "No Rows";
const flows: { flow: string; target?: Target }[] = [
  { flow: "run-to-temp" },
  ...(["overwrite", "append", "update"] as const).map((mode) => ({
    flow: `run-to-target, ${mode}`,
    target: { customerKey: targetKey, mode },
  })),
];
/** One row, with a new key each time, so that an append does not repeat an earlier one. */
const queryOf = (table: string, id: number) => `SELECT TOP 1 ${id} AS Id, 'x' AS Name FROM ${table}`;
const visits = [
  { caches: "cold", sql: queryOf("Customers", 1) },
  { caches: "fields unknown", sql: queryOf("Orders", 2) },
  { caches: "warm", sql: queryOf("Orders", 3) },
];

type Bounds = { callsMax?: number; lagMaxS: number };
type Query = Bounds & { seconds: number; isStuck?: true; scale: number };
type Whole = Bounds & { query: string; calls: number; lagS: number };
/** DESIGN 7 has the bounds of a lag for 1, 5 and 30 s; for longer queries it is a tenth. */
const queries: readonly Query[] = [
  { seconds: 1, scale: 1, lagMaxS: 1.5 },
  { seconds: 5, scale: 1, callsMax: 10, lagMaxS: 2 },
  { seconds: 30, scale: 2, callsMax: 16, lagMaxS: 4 },
  { seconds: 180, scale: 10, callsMax: 28, lagMaxS: 18 },
  { seconds: 5, isStuck: true, scale: 1, lagMaxS: 12 },
];

const rows: Row[] = [];
for (const { flow, target } of flows) {
  const stack = await openBenchStack(1, { SANDBOX_DURATION_MS: "0" });
  try {
    const { edge, tokens } = stack.file();
    const user = openUser(edge, tokens.alice);
    await stack.control("faults", [{ call: "*", times: 10_000, delayMs: lateMs }]);
    for (const { caches, sql } of visits) {
      const calls = await callsUpToPerform(user, sql, target);
      const steps = stepsOf(calls);
      const names = steps.map((step) => step.map(({ call }) => call).join(" ∥ ")).join(" → ");
      rows.push({ flow, caches, inARow: steps.length, calls: calls.length, steps: names });
    }
  } finally {
    await stack.stop();
  }
}
const wholes: Whole[] = [];
for (const query of queries) wholes.push(await wholeOf(query));

if (values.json) console.log(JSON.stringify({ bench: "calls", inARowMax, rows, wholes }));
else {
  printTable(
    ["flow", "caches", "in a row", "calls", "→ one after another, ∥ at once"],
    rows.map(({ flow, caches, inARow, calls, steps }) => [flow, caches, inARow, calls, steps]),
  );
  console.log();
  printTable(
    ["query", "calls in all", "at most", "end → ready s", "at most"],
    wholes.map(({ query, calls, lagS, callsMax, lagMaxS }) => [query, calls, callsMax ?? "", lagS, lagMaxS]),
  );
}
const isWithin = ({ calls, lagS, callsMax = Infinity, lagMaxS }: Whole) => calls <= callsMax && lagS <= lagMaxS;
process.exitCode =
  rows.every(({ caches, inARow }) => caches !== "warm" || inARow <= inARowMax) && wholes.every(isWithin) ? 0 : 1;

/** Measures one run from its POST to the end of its clean-up, without token calls. */
async function wholeOf({ seconds, isStuck, scale, ...bounds }: Query): Promise<Whole> {
  const stack = await openBenchStack(scale, { SANDBOX_DURATION_MS: "0" });
  try {
    const { edge, tokens } = stack.file();
    const user = openUser(edge, tokens.alice);
    // Of another shape, so that no duration is learned for the query.
    await user.follow((await user.submit("SELECT TOP 1 CustomerKey, FirstName FROM Customers")).id);
    await endOfCalls(stack, 0);
    const after = (await stack.ledger(0)).at(-1)?.seq ?? 0;
    await stack.control("behaviours", {
      profile: "friendly",
      durationMs: seconds * 1000,
      statusStuck: isStuck === true,
    });
    const sql = `SELECT CustomerKey FROM Customers ${isStuck === true ? "WHERE 1 = 0" : ""}`;
    const { run, at } = await user.follow((await user.submit(sql)).id);
    if (run.status !== "ready") throw new Error(`Cannot bench: a run ended ${run.status}: ${run.error?.detail}`);
    const real = await stack.realTime();
    const calls = await endOfCalls(stack, after);
    const done = (await stack.ledger(after)).findLast(({ event }) => event === "done");
    const lagS = ((at - real(done?.at ?? Number.NaN)) * scale) / 1000;
    return { query: `${seconds} s${isStuck === true ? ", stuck on Queued, no rows" : ""}`, calls, lagS, ...bounds };
  } finally {
    await stack.stop();
  }
}

/** Counts the calls since an entry, when the query is deleted and no more calls follow. */
async function endOfCalls(stack: BenchStack, after: number): Promise<number> {
  for (let calls = -1; ;) {
    const called = (await stack.ledger(after)).flatMap(({ event, call }) => (event === "call" ? [call ?? ""] : []));
    const ofRuns = called.filter((call) => !call.includes("token"));
    if (ofRuns.includes("SOAP Delete QueryDefinition") && ofRuns.length === calls) return calls;
    calls = ofRuns.length;
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
}

async function callsUpToPerform(user: User, sql: string, target?: Target): Promise<Call[]> {
  const { id } = await user.submit(sql, target);
  const { run } = await user.follow(id);
  if (run.status !== "ready") throw new Error(`Cannot bench: run "${id}" ended ${run.status}: ${run.error?.detail}`);
  for (;;) {
    const { debug } = Debug.parse(await (await user.call(`/v1/runs/${id}?debug=1`)).json());
    const calls = debug.calls.toSorted((one, other) => one.at - other.at);
    const perform = calls.findIndex(({ call }) => call === "SOAP Perform");
    // The bridge reports its calls with its next sign of life.
    if (perform >= 0) return calls.slice(0, perform + 1);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Groups simultaneous calls: a call that began before the first of a group had ended belongs to the group. */
function stepsOf(calls: readonly Call[]): Call[][] {
  const steps: { endsAt: number; calls: Call[] }[] = [];
  for (const call of calls) {
    const step = steps.at(-1);
    const endsAt = call.at + call.ms;
    if (step === undefined || call.at >= step.endsAt - overlapMs) steps.push({ endsAt, calls: [call] });
    else {
      step.calls.push(call);
      step.endsAt = Math.min(step.endsAt, endsAt);
    }
  }
  return steps.map((step) => step.calls);
}
