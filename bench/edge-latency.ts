/**
 * Measures the edge and what a run costs in Redis: `npm run bench:edge [-- --json]`.
 *
 * - POST → 202, compared with `/healthz`, a bare Hono route of the same Worker;
 * - a change of a run → its SSE clients, at 1, 100 and 1,000 streams; the change is a cancel, whose request is included;
 * - a results page, compared with the rowset call it makes;
 * - runs a second; Redis commands for a run of 30 s (duration unknown, then learned) and for a minute without runs; requests
 *   to a run's object.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Redis } from "ioredis";
import { alternately, timed } from "./stack/alternately.ts";
import { openBenchStack, type BenchStack } from "./stack/bench-stack.ts";
import { printTable, quantile } from "./stack/figures.ts";
import { commandsDuring } from "./stack/redis-commands.ts";
import { openUser, type User } from "./stack/user.ts";

const { values } = parseArgs({ options: { json: { type: "boolean" } } });

const samples = 300;
const sql = "SELECT TOP 2500 OrderID, CustomerKey, Total, OrderDate FROM Orders";

const read = async (answer: Promise<Response>): Promise<void> => {
  const got = await answer;
  if (!got.ok) throw new Error(`Cannot go on: ${got.url} answers ${got.status} ${await got.text()}`);
  await got.arrayBuffer();
};

async function measureSubmit(stack: BenchStack, user: User): Promise<number[][]> {
  await stack.control("behaviours", { durationMs: 0 });
  return alternately(samples, [
    () => user.submit("SELECT TOP 1 CustomerKey FROM Customers"),
    () => read(user.call("/healthz")),
  ]);
}

/** Milliseconds from the cancel of a run to each of its `streams` clients. */
async function measurePush(stack: BenchStack, user: User, streams: number, rounds: number): Promise<number[]> {
  await stack.control("behaviours", { durationMs: 600_000 });
  const delays: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const { id } = await user.submit("SELECT TOP 1 CustomerKey FROM Customers");
    while ((await user.read(id)).phase !== "executing") await sleep(50);
    const open = Array.from({ length: streams }, () => user.follow(id));
    // workerd on two cores opens about two hundred streams a second.
    await sleep(300 + streams * 12);
    const start = Date.now();
    await user.cancel(id);
    for (const { at } of await Promise.all(open)) delays.push(at - start);
  }
  return delays;
}

/** The direct call avoids workerd and wrangler's proxy, so the bare route is measured, too. */
async function measurePage(stack: BenchStack, user: User): Promise<number[][]> {
  await stack.control("behaviours", { durationMs: 0 });
  const { id } = await user.submit(sql);
  await user.follow(id);
  const { sandbox } = stack.file();
  const signedIn = await fetch(`${sandbox}/v2/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      grant_type: "client_credentials",
      client_id: "sandbox-client-a",
      client_secret: "sandbox-secret-a",
      account_id: 7_000_001,
    }),
  });
  const { access_token: token } = (await signedIn.json()) as { access_token: string };
  const headers = { authorization: `Bearer ${token}` };
  const rowset = `${sandbox}/data/v1/customobjectdata`;
  const first = await fetch(`${rowset}/key/QPP_${id}_1/rowset?$page=1&$pageSize=50`, { headers });
  const { requestToken } = (await first.json()) as { requestToken: string };
  await read(user.call(`/v1/runs/${id}/results?page=1`));
  let page = 0;
  const next = () => (page = (page % 50) + 1);
  return alternately(samples, [
    () => read(user.call(`/v1/runs/${id}/results?page=${next()}`)),
    () => read(fetch(`${rowset}/token/${requestToken}/rowset?$page=${next()}&$pageSize=50`, { headers })),
    () => read(user.call("/healthz")),
  ]);
}

async function measureRate(stack: BenchStack, user: User): Promise<number> {
  await stack.control("behaviours", { durationMs: 0 });
  const count = 60;
  const ms = await timed(async () => {
    await Promise.all(
      Array.from({ length: count }, async () => {
        const { id } = await user.submit("SELECT TOP 1 CustomerKey FROM Customers");
        await user.follow(id);
      }),
    );
  });
  return (count * 1000) / ms;
}

/**
 * The Redis commands of a run of 30 s and its clean-up, without those of an idle bridge: one run at a time, of new queries
 * and of one that has taken 30 s eight times.
 *
 * @param idlePerMs commands of an idle bridge
 */
async function measureCommands(redis: string, stack: BenchStack, user: User, idlePerMs: number) {
  const known = "SELECT TOP 2500 OrderID, Total FROM Orders";
  await stack.control("behaviours", { durationMs: 30_000 });
  await Promise.all(Array.from({ length: 8 }, async () => user.follow((await user.submit(known)).id)));
  // Their clean-ups must not count for the next run.
  await sleep(5000);
  let id = "";
  const costOf = async (query: string) => {
    let ms = 0;
    const busy = await commandsDuring(redis, async () => {
      ms = await timed(async () => {
        ({ id } = await user.submit(query));
        await user.follow(id);
        // Its clean-up counts, too.
        await sleep(4000);
      });
    });
    return busy - idlePerMs * ms;
  };
  const unknown: number[] = [];
  const learned: number[] = [];
  for (const column of ["OrderID", "CustomerKey", "Total", "OrderDate"]) {
    unknown.push(await costOf(`SELECT TOP 2500 ${column} FROM Orders`));
    learned.push(await costOf(known));
  }
  return { unknown, learned, id };
}

const stack = await openBenchStack(1);
const rows: (string | number)[][] = [];
const line = (what: string, times: readonly number[] = []) =>
  rows.push([what, quantile(times, 0.5), quantile(times, 0.99), times.length]);
try {
  const { edge, tokens, redis } = stack.file();
  const user = openUser(edge, tokens.alice);
  await user.follow((await user.submit(sql)).id);
  const [submits, bare] = await measureSubmit(stack, user);
  line("POST → 202, ms", submits);
  line("bare route, ms", bare);
  // Everything submitted must end before the next measurement.
  await user.follow((await user.submit(sql)).id);
  for (const [streams, rounds] of [
    [1, 20],
    [100, 5],
    [1000, 2],
  ] as const) {
    line(`change → ${streams} streams, ms`, await measurePush(stack, user, streams, rounds));
  }
  const [pages, direct, beside] = await measurePage(stack, user);
  line("results page, ms", pages);
  line("rowset call, ms", direct);
  line("bare route at the same time, ms", beside);
  const rate = await measureRate(stack, user);
  rows.push(["runs a second", rate, rate, 60]);
  await sleep(20_000);
  const idle = await commandsDuring(redis, () => sleep(60_000));
  rows.push(["Redis commands, idle minute", idle, idle, 1]);
  const costs = await measureCommands(redis, stack, user, idle / 60_000);
  line("Redis commands, run of 30 s, nothing known", costs.unknown);
  line("Redis commands, run of 30 s, learned", costs.learned);
  const log = new Redis(redis);
  // Opened, claimed, granted, one request per transition, and one stream.
  const requests = 4 + (await log.xlen(`sqe:run:${costs.id}:log`));
  log.disconnect();
  rows.push(["requests to a run's object", requests, requests, 1]);
} finally {
  await stack.stop();
}
const headings = ["what", "p50", "p99", "samples"];
if (values.json) console.log(JSON.stringify({ bench: "edge", headings, rows }));
else printTable(headings, rows);
