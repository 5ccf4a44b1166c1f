import { readCustomerKey } from "#run/names.ts";
import type { BenchStack } from "../stack/bench-stack.ts";

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
