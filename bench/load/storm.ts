import { setTimeout as sleep } from "node:timers/promises";
import { createClient, type Client } from "#client/client.ts";
import { isOver } from "#protocol/run-status.ts";
import { findBadStreams } from "../history/check-streams.ts";
import { lineOf } from "../history/check.ts";
import type { Finding } from "../history/history.ts";
import { within } from "../history/settle.ts";
import { watchRun, type Watcher } from "../history/watch-run.ts";
import type { BenchStack } from "../stack/bench-stack.ts";
import { inTurns } from "../stack/in-turns.ts";
import type { Figure } from "./figure.ts";
import { openSeveringProxy } from "./severing-proxy.ts";

/** A speed at which Marketing Cloud's clock almost stands still: no query ends before everybody is back. */
const standingSpeed = 0.000_1;
/** Our client waits at most 5 s before it opens a stream again, so this is what a user may wait for the edge to be back. */
const backMaxMs = 5000;
/** What two slow processors need more: they run the watchers, both proxies and the edge, which in production are apart. */
const machineSlackMs = 3000;
const watchersOfARun = 20;
const gatherMs = 120_000;
const overMs = 180_000;
const shown = 20;

/** One watcher of a run: when its streams opened, and what came on them when the run is over. */
type Follower = { id: string; openedAt: number[]; watched: Promise<Watcher> };

/**
 * Cuts every watcher at once: how long until all are back, and whether one of them lacks a version or got one twice. They
 * are bare readers of SSE, because our client forgives a version that comes twice, and they come back sooner than it does.
 */
export async function storm(stack: BenchStack, watchers: number): Promise<Figure[]> {
  const { edge, tokens } = stack.file();
  const proxy = await openSeveringProxy(edge);
  const client = createClient({ url: edge, token: tokens.alice });
  const leaving = new AbortController();
  const signal = AbortSignal.any([leaving.signal, AbortSignal.timeout(2 * gatherMs + overMs)]);
  await stack.control("clock", { speed: standingSpeed });
  try {
    const runs = await inTurns(10, Math.ceil(watchers / watchersOfARun), () =>
      client.run("SELECT TOP 5 CustomerKey FROM Customers"),
    );
    const ids = Array.from({ length: watchers }, (_none, at) => runs[at % runs.length]?.id ?? fail());
    const crowd = ids.map((id) => follow({ url: proxy.url, token: tokens.alice, id, signal }));
    await until(() => crowd.every(({ openedAt }) => openedAt.length > 0));
    await sleep(1000);
    const cutAt = Date.now();
    const cut = proxy.cutAll();
    await until(() => crowd.every(({ openedAt }) => (openedAt.at(-1) ?? 0) > cutAt));
    const backMs = crowd.map(({ openedAt }) => (openedAt.find((at) => at > cutAt) ?? Number.NaN) - cutAt);
    await stack.control("clock", { speed: 1 });
    const findings = await judge(client, crowd);
    for (const finding of findings.slice(0, shown)) console.log(lineOf(finding));
    return [
      {
        name: `storm: ${watchers} watchers, ${cut} connections cut; all are back after`,
        value: Math.max(...backMs),
        unit: "ms",
        atMost: backMaxMs + machineSlackMs,
      },
      { name: "storm: watchers that lack a version or got one twice", value: findings.length, unit: "", atMost: 0 },
    ];
  } finally {
    leaving.abort();
    await stack.control("clock", { speed: 1 });
    await proxy.close();
  }
}

function follow(watching: Parameters<typeof watchRun>[0]): Follower {
  const openedAt: number[] = [];
  const onStream = (isOpen: boolean) => void (isOpen && openedAt.push(Date.now()));
  return { id: watching.id, openedAt, watched: watchRun({ ...watching, onStream }) };
}

/** Waits until all runs are over, and holds what each watcher received against the last version of its run. */
async function judge(client: Client, crowd: readonly Follower[]): Promise<readonly Finding[]> {
  const watched = await Promise.all(crowd.map(async ({ id, watched: its }) => ({ id, watcher: await its })));
  const ids = [...new Set(watched.map(({ id }) => id))];
  const found = await inTurns(10, ids.length, async (at) => {
    const id = ids[at] ?? fail();
    const { version, status } = (await client.open(id)).state;
    if (!isOver(status)) throw new Error(`Cannot judge: run "${id}" is ${status}`);
    const clients = watched.flatMap((one) => (one.id === id ? [one.watcher] : []));
    return findBadStreams({ id, log: [{ version, status }], clients });
  });
  return found.flat();
}

async function until(isSo: () => boolean): Promise<void> {
  if (await within(gatherMs, () => Promise.resolve(isSo()))) return;
  throw new Error(`Cannot go on: not everybody has a stream after ${gatherMs} ms`);
}

function fail(): never {
  throw new Error("Cannot watch: there is no run");
}
