import { setTimeout as sleep } from "node:timers/promises";
import { openRandom } from "../../sandbox/random.ts";
import { freePort } from "../../dev/stack/ports.ts";
import { drawOrder } from "../chaos/orders.ts";
import { follow, submit, type Desk, type Ordered } from "../chaos/person.ts";
import { checkHistory, lineOf } from "../history/check.ts";
import { readHistory } from "../history/read-history.ts";
import { cleanUp, whenOver } from "../history/settle.ts";
import { openBenchStack, type BenchStack } from "../stack/bench-stack.ts";
import { readBridgeHeap, readWorkerHeap } from "../stack/heap.ts";
import { readMemory } from "../stack/memory.ts";
import { enterprisesFor, openTenants } from "../stack/tenants.ts";
import type { Figure } from "./figure.ts";
import { growthsOf, printGrowths, type Growth, type Sample } from "./growth.ts";
import { findKeysWithoutRow } from "./key-families.ts";

const scale = 10;
const count = 3;
const peopleOfTenant = 2;
const sampleMs = 3000;
const overMs = 60_000;
const minuteMs = 60_000;
/** How much more the last third may need than the middle one, of what it needs or in MB: whichever is more. */
const growthMax = { share: 0.1, mb: 6 };
/**
 * What is printed and not judged: the sandbox keeps its ledger and this bench all histories; the others are tools of
 * `wrangler dev`, whose workerds keep what they once needed. What lives of the Worker in one of them is judged by its heap.
 */
const notJudged = new Set(["sandbox", "this bench", "watchdog", "esbuild", "workerd", "wrangler's proxy"]);
const settings = {
  // Within the hour results expire and their tables are deleted.
  SQE_RESULT_TTL_MS: String(minuteMs),
};

type Ports = { bridge: number; inspector: number };

/**
 * Six people of three tenants who run one query after the other for so many minutes, ten times as long for the sandbox: what
 * grows meanwhile. Nothing fails here: it looks for what a calm engine keeps, and `tenants` has the crowd and the faults.
 *
 * The memory of workerd's process is printed and not judged: `wrangler dev` runs its own tools in it, and in production only
 * the isolate's heap counts, which is judged (D85).
 */
export async function hour(minutes: number): Promise<Figure[]> {
  const ports = { bridge: await freePort(), inspector: await freePort() };
  const stack = await openBenchStack(scale, {
    ...settings,
    ...enterprisesFor(count),
    BRIDGE_HTTP_PORT: String(ports.bridge),
    SQE_DEV_INSPECTOR_PORT: String(ports.inspector),
  });
  try {
    const { samples, ordered } = await useFor(stack, ports, minutes * minuteMs);
    const strangers = await findKeysWithoutRow(stack.file().redis);
    const findings = await judge(stack, ordered);
    for (const line of [...strangers, ...findings].slice(0, 20)) console.log(line);
    const growths = growthsOf(samples, scale);
    printGrowths(growths);
    return [
      { name: `hour: ${ordered.length} runs; findings`, value: findings.length, unit: "", atMost: 0 },
      { name: "hour: keys in Redis of which no bound is told", value: strangers.length, unit: "", atMost: 0 },
      ...growths.filter(({ name }) => !notJudged.has(name)).map(figureOf),
    ];
  } finally {
    await stack.stop();
  }
}

async function useFor(stack: BenchStack, ports: Ports, forMs: number) {
  const until = AbortSignal.timeout(forMs);
  const giveUp = AbortSignal.timeout(forMs + overMs);
  const desks = await openDesks(stack);
  const working = Promise.all(desks.map((desk, at) => work(desk, `desk-${at}`, until, giveUp)));
  const samples: Sample[] = [];
  while (!until.aborted) {
    samples.push(await readSample(stack, ports));
    await sleep(sampleMs);
  }
  return { samples, ordered: (await working).flat() };
}

async function openDesks(stack: BenchStack): Promise<readonly Desk[]> {
  const tenants = await openTenants(stack, count);
  const seats = tenants.flatMap((tenant) => Array.from({ length: peopleOfTenant }, (_none, at) => ({ tenant, at })));
  return Promise.all(
    seats.map(async ({ tenant: { mid, tokenOf }, at }) => {
      return { url: stack.file().edge, mid, token: await tokenOf(`user-${at}`), random: openRandom(mid + at) };
    }),
  );
}

/** Orders runs of every kind, follows each to its end, and looks at the rows of those that have a result. */
async function work(desk: Desk, name: string, until: AbortSignal, giveUp: AbortSignal): Promise<Ordered[]> {
  const done: Ordered[] = [];
  const headers = { authorization: `Bearer ${desk.token}` };
  while (!until.aborted) {
    const order = drawOrder(desk.random, `${name}-${done.length}`);
    const accepted = await submit(desk, order, until);
    if (accepted === undefined) break;
    done.push(await follow(desk, accepted, order, { giveUp }));
    const page = await fetch(`${desk.url}/v1/runs/${accepted.id}/results?page=1`, { headers });
    await page.arrayBuffer();
  }
  return done;
}

async function readSample(stack: BenchStack, ports: Ports): Promise<Sample> {
  const mb = new Map(await readMemory(stack.file()));
  mb.set("bridge's heap", (await readBridgeHeap(ports.bridge)).usedMb);
  mb.set("workerd's heap", (await readWorkerHeap(ports.inspector, stack.file().edge)).usedMb);
  return { atMs: performance.now(), mb };
}

async function judge(stack: BenchStack, ordered: readonly Ordered[]): Promise<readonly string[]> {
  const projected = await whenOver(stack, overMs);
  await cleanUp(
    stack,
    ordered.filter(({ id }) => projected.get(id)?.status === "ready"),
  );
  return checkHistory(await readHistory(stack, ordered)).map(lineOf);
}

function figureOf({ name, thirds: [, middle, last] }: Growth): Figure {
  const most = Math.max(growthMax.share * middle, growthMax.mb);
  return {
    name: `hour: growth of ${name}, last third after the middle one`,
    value: last - middle,
    unit: "MB",
    atMost: most,
  };
}
