import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "#client/client.ts";
import type { Run } from "#client/run.ts";
import type { BenchStack } from "../stack/bench-stack.ts";
import { inTurns } from "../stack/in-turns.ts";
import type { Figure } from "./figure.ts";
import { openSeveringProxy } from "./severing-proxy.ts";

/** A speed at which Marketing Cloud's clock almost stands still: no query ends before everybody is back. */
const standingSpeed = 0.000_1;
/** The client waits at most 5 s before it opens a stream again, and everybody does so at once. */
const backMaxMs = 10_000;
const watchersOfARun = 20;
const giveUpMs = 60_000;

/** One watcher: the run, the versions it received, and when it had a stream. */
type Watcher = { run: Run; versions: number[]; liveAt: number[]; done: Promise<void> };

/** Cuts every watcher at once: how long until all are back, and whether one of them lacks an event. */
export async function storm(stack: BenchStack, watchers: number): Promise<Figure[]> {
  const proxy = await openSeveringProxy(stack.file().edge);
  const client = createClient({ url: proxy.url, token: stack.file().tokens.alice });
  await stack.control("clock", { speed: standingSpeed });
  try {
    const runs = await inTurns(10, Math.ceil(watchers / watchersOfARun), () =>
      client.run("SELECT TOP 5 CustomerKey FROM Customers"),
    );
    const crowd = Array.from({ length: watchers }, (_, at) => watch(runs[at % runs.length]));
    await until(() => crowd.every(({ liveAt }) => liveAt.length > 0));
    await sleep(1000);
    const cutAt = Date.now();
    const cut = proxy.cutAll();
    await until(() => crowd.every(({ liveAt }) => (liveAt.at(-1) ?? 0) > cutAt));
    const backMs = crowd.map(({ liveAt }) => (liveAt.find((at) => at > cutAt) ?? Number.NaN) - cutAt);
    await stack.control("clock", { speed: 1 });
    await Promise.all(crowd.map(({ done }) => done));
    const isWhole = ({ run, versions }: Watcher) =>
      versions.length === run.state.version && versions.every((version, at) => version === at + 1);
    const incomplete = crowd.filter((watcher) => !isWhole(watcher)).length;
    const backAtMost = Math.max(...backMs);
    return [
      {
        name: `storm: ${watchers} watchers, ${cut} connections cut; all are back after`,
        value: backAtMost,
        unit: "ms",
        atMost: backMaxMs,
      },
      { name: "storm: watchers that lack a version or got one twice", value: incomplete, unit: "", atMost: 0 },
    ];
  } finally {
    await stack.control("clock", { speed: 1 });
    await proxy.close();
  }
}

function watch(run: Run | undefined): Watcher {
  if (run === undefined) throw new Error("Cannot watch: there is no run");
  const watcher: Watcher = { run, versions: [], liveAt: [], done: Promise.resolve() };
  const onLink = (link: string) => void (link === "live" && watcher.liveAt.push(Date.now()));
  const follow = async () => {
    for await (const { version } of run.watch({ after: 0, onLink }))
      if (version !== watcher.versions.at(-1)) watcher.versions.push(version);
  };
  return Object.assign(watcher, { done: follow() });
}

async function until(isSo: () => boolean): Promise<void> {
  const giveUpAt = Date.now() + giveUpMs;
  while (!isSo()) {
    if (Date.now() > giveUpAt) throw new Error(`Cannot go on: not everybody has a stream after ${giveUpMs} ms`);
    await sleep(20);
  }
}
