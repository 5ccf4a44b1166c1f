import { setTimeout as sleep } from "node:timers/promises";
import { readCustomerKey } from "#run/names.ts";
import type { BenchStack } from "../stack/bench-stack.ts";
import { inTurns } from "../stack/in-turns.ts";
import type { Member } from "./crowd.ts";
import type { Witnessed } from "./judge.ts";

type State = { queries: { key: string; status: string }[]; dataExtensions: { key: string }[] };

const readsAtOnce = 20;
const cleanUpMs = 60_000;
const lookAgainMs = 500;

/** Reads from the API and Marketing Cloud how each run ended, after some time for the last clean-ups. */
export async function witness(stack: BenchStack, members: readonly Member[]): Promise<Witnessed[]> {
  const { queries: left, dataExtensions } = await cleanedUp(stack);
  const entries = await stack.ledger(0);
  const queries = countByRun(left.map(({ key }) => key));
  const tables = countByRun(dataExtensions.map(({ key }) => key));
  const performs = countByRun(entries.flatMap(({ event, queryKey = "" }) => (event === "perform" ? [queryKey] : [])));
  return inTurns(readsAtOnce, members.length, async (at) => {
    const member = members[at];
    if (member === undefined) throw new Error(`Cannot witness: there is no run ${at}`);
    const { id, user, followed } = member;
    const { version } = await user.read(id);
    return {
      id,
      ended: typeof followed === "string" ? followed : endOf(followed.run),
      versions: typeof followed === "string" ? [] : followed.versions,
      version,
      performs: performs.get(id) ?? 0,
      queries: queries.get(id) ?? 0,
      tables: tables.get(id) ?? 0,
    };
  });
}

/** When the query of each run ended, by this machine's clock. */
export async function queryEnds(stack: BenchStack): Promise<Map<string, number>> {
  const real = await stack.realTime();
  const runOf = new Map<number, string>();
  const ends = new Map<string, number>();
  for (const { event, taskId = 0, queryKey = "", at } of await stack.ledger(0)) {
    if (event === "perform") runOf.set(taskId, readCustomerKey(queryKey)?.runId ?? queryKey);
    const run = event === "done" ? runOf.get(taskId) : undefined;
    if (run !== undefined) ends.set(run, real(at));
  }
  return ends;
}

/** How many calls Marketing Cloud has had so far. */
export async function callsMade(stack: BenchStack): Promise<number> {
  return (await stack.ledger(0)).filter(({ event }) => event === "call").length;
}

/** What Marketing Cloud keeps when our query definitions are gone, or after a time limit; deleted ones stay as inactive. */
async function cleanedUp(stack: BenchStack): Promise<State> {
  const until = Date.now() + cleanUpMs;
  for (;;) {
    const { queries, dataExtensions } = await stack.control<State>("state");
    const ours = queries.filter(({ key, status }) => status === "Active" && readCustomerKey(key) !== undefined);
    if (ours.length === 0 || Date.now() > until) return { queries: ours, dataExtensions };
    await sleep(lookAgainMs);
  }
}

function countByRun(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) {
    const run = readCustomerKey(key)?.runId;
    if (run !== undefined) counts.set(run, (counts.get(run) ?? 0) + 1);
  }
  return counts;
}

function endOf({ status, error }: { status: string; error?: { code: string; detail: string } | undefined }): string {
  return error === undefined ? status : `${status}, ${error.code}: ${error.detail}`;
}
