import { setTimeout as sleep } from "node:timers/promises";
import { alternately, timed } from "../stack/alternately.ts";
import type { BenchStack } from "../stack/bench-stack.ts";
import { openUser, type User } from "../stack/user.ts";

/** Tells a figure's samples as soon as they are there. */
export type Tell = (what: string, samples: readonly number[]) => void;

/** Each submission is a run, and the next measurement waits for all of them. */
const samples = 150;
const sql = "SELECT TOP 2500 OrderID, CustomerKey, Total, OrderDate FROM Orders";

/** Measures requests, streams and the rate of runs. */
export async function measureLatency(stack: BenchStack, tell: Tell): Promise<void> {
  const { edge, tokens } = stack.file();
  const user = openUser(edge, tokens.alice);
  await user.follow((await user.submit(sql)).id);
  const [submits = [], bare = []] = await measureSubmit(stack, user);
  tell("POST → 202, ms", submits);
  tell("bare route, ms", bare);
  // Everything submitted must end before the next measurement.
  await user.follow((await user.submit(sql)).id);
  for (const [streams, rounds] of [
    [1, 10],
    [100, 3],
    [1000, 1],
  ] as const)
    tell(`change → ${streams} streams, ms`, await measurePush(stack, user, streams, rounds));
  const [pages = [], direct = [], beside = []] = await measurePage(stack, user);
  tell("results page, ms", pages);
  tell("rowset call, ms", direct);
  tell("bare route at the same time, ms", beside);
  tell("runs a second", [await measureRate(stack, user)]);
}

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
