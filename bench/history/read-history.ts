import { readCustomerKey } from "#run/names.ts";
import type { BenchStack } from "../stack/bench-stack.ts";
import { inTurns } from "../stack/in-turns.ts";
import type { Asset, History } from "./history.ts";
import { readProjections } from "./read-projections.ts";
import { readRun, type Member } from "./read-run.ts";

type State = {
  queries: { key: string; status: string; mid: number }[];
  dataExtensions: { key: string; mid: number }[];
};

const readsAtOnce = 10;

/**
 * Reads what all sides know of some runs: the edge's logs and reports, Postgres, and Marketing Cloud.
 *
 * @param options `after`: the ledger's entry before the first that counts; `callsPerMinute`: the budget to hold
 */
export async function readHistory(
  stack: BenchStack,
  members: readonly Member[],
  options: { after?: number; callsPerMinute?: number } = {},
): Promise<History> {
  const { after = 0, ...budget } = options;
  const { edge } = stack.file();
  const projections = await readProjections(stack.file());
  const runs = await inTurns(readsAtOnce, members.length, async (at) => {
    const member = members[at];
    if (member === undefined) throw new Error(`Cannot read a history: there is no run ${at}`);
    return readRun(edge, member, projections.get(member.id));
  });
  return { runs, ledger: await stack.ledger(after), assets: await assetsOf(stack), ...budget };
}

/** What Marketing Cloud has of ours; deleted queries stay there as inactive. */
export async function assetsOf(stack: BenchStack): Promise<readonly Asset[]> {
  const { queries, dataExtensions } = await stack.control<State>("state");
  const active = queries.filter(({ status }) => status === "Active");
  return [
    ...active.map(({ key, mid }) => ({ kind: "query" as const, key, mid })),
    ...dataExtensions.map(({ key, mid }) => ({ kind: "table" as const, key, mid })),
  ].filter(({ key }) => readCustomerKey(key) !== undefined);
}
