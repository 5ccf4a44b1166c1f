import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "#client/client.ts";
import { tenants } from "../../dev/stack/seed.ts";
import { readEnvironment } from "../../dev/stack/stack-files.ts";
import { sign } from "../../dev/stack/tokens.ts";
import { queryEnds } from "../crowd/witness.ts";
import type { BenchStack } from "../stack/bench-stack.ts";
import { mean } from "../stack/figures.ts";
import { inTurns } from "../stack/in-turns.ts";
import { openUser } from "../stack/user.ts";
import type { Figure } from "./figure.ts";

const sql = "SELECT TOP 50 CustomerKey, FirstName FROM Customers WHERE Country = 'DE'";
const lagMaxMs = 4000;
/** How much later runs may be ready while people type. */
const delayMaxMs = 500;
const keyEveryMs = 300;
const people = 10;

/**
 * Runs at once in one business unit, first alone and then beside ten people who type: from the end of each query until its user
 * has `ready`. The sandbox's queries take 5 s, and the business unit has Marketing Cloud's usual calls.
 */
export async function typing(stack: BenchStack, runs: number): Promise<Figure[]> {
  const alone = await lagOf(stack, runs);
  const stop = new AbortController();
  const typists = typeAway(stack, stop.signal);
  const beside = await lagOf(stack, runs);
  stop.abort();
  const checks = await typists;
  const times = checks.toSorted((one, other) => one - other);
  return [
    {
      name: `typing: ${runs} runs, nobody types; mean from a query's end to ready`,
      value: alone,
      unit: "ms",
      atMost: lagMaxMs,
    },
    {
      name: `typing: ${runs} runs, ${people} type (${checks.length} checks); the same`,
      value: beside,
      unit: "ms",
      atMost: lagMaxMs,
    },
    { name: "typing: what it delays a run", value: beside - alone, unit: "ms", atMost: delayMaxMs },
    {
      name: "typing: 99 of 100 checks",
      value: times[Math.floor(times.length * 0.99)] ?? Number.NaN,
      unit: "ms",
      atMost: 1000,
    },
  ];
}

/** The mean time from the end of a query in Marketing Cloud until its client has `ready`. */
async function lagOf(stack: BenchStack, runs: number): Promise<number> {
  const { edge, tokens } = stack.file();
  const user = openUser(edge, tokens.alice);
  const followed = await inTurns(runs, runs, async () => {
    const { id } = await user.submit(sql);
    const { run, at } = await user.follow(id);
    if (run.status !== "ready") throw new Error(`Cannot measure: run "${id}" is ${run.status}`);
    return { id, at };
  });
  const ends = await queryEnds(stack);
  return mean(followed.map(({ id, at }) => at - (ends.get(id) ?? Number.NaN)));
}

/** Ten users of the business unit, each with another text. @returns how long each check took, in milliseconds */
async function typeAway(stack: BenchStack, signal: AbortSignal): Promise<number[]> {
  const [{ id: tenant, connectionId: connection }] = tenants;
  const secret = /^JWT_SECRET=(.*)$/m.exec(await readEnvironment(stack.dir, "worker"))?.[1] ?? "";
  const mid = 7_000_001;
  const took: number[] = [];
  const type = async (at: number) => {
    const token = await sign(`typist-${at}`, { tenant, connection, mid, eid: mid }, secret);
    const client = createClient({ url: stack.file().edge, token });
    for (let length = 12; !signal.aborted; length = length === sql.length ? 12 : length + 1) {
      const from = performance.now();
      await client.check(sql.slice(0, length), { validate: false });
      took.push(performance.now() - from);
      await sleep(keyEveryMs);
    }
  };
  await Promise.all(Array.from({ length: people }, (_, at) => type(at)));
  return took;
}
