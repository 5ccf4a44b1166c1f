/**
 * Runs each flow twenty times under each of the sandbox's profiles and single switches, at divided time, and prints how the
 * runs ended: `npm run bench:weather [-- --json] [--only NAME,…]`. The exit code is 1 when a run ended wrong.
 *
 * A run must be ready, but not before Marketing Cloud was done, or failed with the expected code. When all weathers have passed,
 * the results end, two sweeps go over what is left, and the histories of all runs are checked as docs/reliability.md says. Runs
 * are followed by our own client, which forgives a version that comes twice: of I5 this sees only what is missing.
 */
import { parseArgs } from "node:util";
import { checkHistory, lineOf } from "./history/check.ts";
import { readHistory } from "./history/read-history.ts";
import type { Member } from "./history/read-run.ts";
import { cleanUp, whenOver } from "./history/settle.ts";
import { mean, printTable } from "./stack/figures.ts";
import { openBenchStack, type BenchStack } from "./stack/bench-stack.ts";
import { inTurns } from "./stack/in-turns.ts";
import { openUser } from "./stack/user.ts";
import { weathers, type FlowName, type Weather } from "./stack/weathers.ts";

const { values } = parseArgs({ options: { json: { type: "boolean" }, only: { type: "string" } } });

/** Queries of seconds take less than one; the deadlines of calls stay long enough for a busy machine. */
const scale = 5;
const runsEach = 20;
/** With more at once the waits would be a small machine's, not Marketing Cloud's. */
const atOnce = 5;
/** How many milliseconds too early a run may seem, since two clocks are compared. */
const clockSlackMs = 25;

type Flow = { name: FlowName; person: "alice" | "carol"; mid: number };
const flows: readonly Flow[] = [
  { name: "run-to-temp", person: "alice", mid: 7_000_001 },
  // Another tenant, so that the flows do not share slots.
  { name: "run-to-target", person: "carol", mid: 8_000_001 },
];

type Row = {
  weather: string;
  flow: Flow["name"];
  right: number;
  ended: string;
  lagS: number;
  calls: number;
  wrong: string[];
};

let rowNumber = 0;
/** All runs of all weathers, for the judgment at the end. */
const members: Member[] = [];
/** How long Postgres may be behind. */
const projectedMs = 60_000;

async function runFlow(stack: BenchStack, weather: Weather, flow: Flow, after: number): Promise<Row> {
  const { edge, tokens } = stack.file();
  const user = openUser(edge, tokens[flow.person]);
  const followed = await inTurns(atOnce, runsEach, async () => {
    rowNumber += 1;
    const { id } =
      flow.name === "run-to-temp"
        ? await user.submit("SELECT TOP 60 CustomerKey, FirstName FROM Customers ORDER BY CustomerKey")
        : await user.submit(`SELECT ${rowNumber} AS Id, 'x' AS Name`, { customerKey: "No Rows", mode: "append" });
    return user.follow(id);
  });
  for (const { run, versions } of followed) {
    const clients = [{ streams: [{ after: 0, ids: versions }], sawEnd: true }];
    members.push({ id: run.id, mid: flow.mid, token: tokens[flow.person], clients });
  }
  const real = await stack.realTime();
  const entries = (await stack.ledger(after)).filter(({ mid }) => mid === undefined || mid === flow.mid);
  const expected = typeof weather.expect === "string" ? weather.expect : weather.expect[flow.name];
  const wrong: string[] = [];
  const lags: number[] = [];
  const ends = new Map<string, number>();
  for (const { run, at } of followed) {
    const end = run.status === "failed" ? (run.error?.code ?? "failed") : run.status;
    ends.set(end, (ends.get(end) ?? 0) + 1);
    const performs = entries.filter(({ event, queryKey }) => event === "perform" && queryKey?.includes(run.id));
    const isOurs = ({ taskId }: { taskId?: number }) => performs.some((perform) => perform.taskId === taskId);
    const done = entries.findLast((entry) => entry.event === "done" && isOurs(entry));
    const lagMs = done === undefined ? Number.NaN : at - real(done.at);
    if (!Number.isNaN(lagMs)) lags.push((Math.max(0, lagMs) * scale) / 1000);
    if (end !== expected) wrong.push(`${run.id} ended ${end}: ${run.error?.detail ?? ""} ${run.error?.mce ?? ""}`);
    else if (end === "ready" && !(lagMs >= -clockSlackMs)) wrong.push(`${run.id} was ready ${-lagMs} ms too early`);
  }
  return {
    weather: weather.name,
    flow: flow.name,
    right: runsEach - wrong.length,
    ended: [...ends].map(([end, count]) => `${count} ${end}`).join(", "),
    lagS: mean(lags),
    calls: entries.filter(({ event }) => event === "call").length / runsEach,
    wrong,
  };
}

async function runWeather(stack: BenchStack, weather: Weather): Promise<Row[]> {
  await stack.control("behaviours", { profile: "friendly", ...weather.behaviours });
  await stack.control("faults", weather.faults ?? []);
  const after = (await stack.ledger(0)).at(-1)?.seq ?? 0;
  const endTokens = () => stack.control("tokens", { action: "expire" });
  if (weather.tokensEnd) await endTokens();
  const ending = weather.tokensEnd && setInterval(() => void endTokens().catch(() => undefined), 1500);
  try {
    return await Promise.all(flows.map((flow) => runFlow(stack, weather, flow, after)));
  } finally {
    clearInterval(ending);
    await stack.clearFaults();
  }
}

const startedAt = Date.now();
const chosen = weathers.filter(({ name }) => values.only === undefined || values.only.split(",").includes(name));
const stack = await openBenchStack(scale);
const rows: Row[] = [];
let findings: readonly string[] = [];
try {
  for (const weather of chosen) {
    rows.push(...(await runWeather(stack, weather)));
    console.error(
      `${weather.name}: ${rows
        .slice(-flows.length)
        .map(({ right }) => `${right}/${runsEach}`)
        .join(", ")}`,
    );
  }
  findings = await judge(stack);
} finally {
  await stack.stop();
}

/** Compares what all sides tell of all runs. @returns a line for each broken invariant */
async function judge(on: BenchStack): Promise<readonly string[]> {
  await on.control("behaviours", { profile: "friendly" });
  const projected = await whenOver(on, projectedMs);
  await cleanUp(
    on,
    members.filter(({ id }) => projected.get(id)?.status === "ready"),
  );
  return checkHistory(await readHistory(on, members)).map(lineOf);
}

const seconds = Math.round((Date.now() - startedAt) / 1000);
if (values.json) console.log(JSON.stringify({ bench: "weather", scale, runsEach, seconds, rows, findings }));
else {
  printTable(
    ["weather", "flow", "right", "ended", "lag mean s", "MCE calls a run"],
    rows.map(({ weather, flow, right, ended, lagS, calls }) => [weather, flow, right, ended, lagS, calls]),
  );
  for (const { weather, flow, wrong } of rows) for (const what of wrong) console.log(`${weather}, ${flow}: ${what}`);
  for (const finding of findings) console.log(finding);
  console.log(`\n${runsEach} runs of each flow in each weather, time divided by ${scale}; ${seconds} s`);
}
process.exitCode = findings.length === 0 && rows.every(({ wrong }) => wrong.length === 0) ? 0 : 1;
