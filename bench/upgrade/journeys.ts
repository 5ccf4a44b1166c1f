import { readCustomerKey } from "#run/names.ts";
import { witness } from "../crowd/witness.ts";
import type { BenchStack } from "../stack/bench-stack.ts";
import type { Journey } from "./judge.ts";
import { target, type Traveler } from "./members.ts";

/** Reads from the API and Marketing Cloud how each run ended. */
export async function journeysOf(stack: BenchStack, travelers: readonly Traveler[]): Promise<Journey[]> {
  const witnessed = await witness(stack, travelers);
  const applied = await appliedByRun(stack);
  const rows = new Map<number, string[]>();
  for (const mid of new Set(travelers.map((it) => it.mid))) rows.set(mid, await rowsOf(stack, mid));
  const byId = new Map(travelers.map((traveler) => [traveler.id, traveler]));
  return witnessed.map((it) => {
    const { mid = 0, appends } = byId.get(it.id) ?? {};
    const added = rows.get(mid)?.filter((key) => key === appends).length ?? 0;
    return { ...it, applied: applied.get(it.id) ?? 0, ...(appends === undefined ? {} : { rowsAdded: added }) };
  });
}

/** How often Marketing Cloud wrote the rows of each run's query into a table. */
async function appliedByRun(stack: BenchStack): Promise<Map<string, number>> {
  const runOf = new Map<number, string>();
  const counts = new Map<string, number>();
  for (const { event, taskId = 0, queryKey = "" } of await stack.ledger(0)) {
    if (event === "perform") runOf.set(taskId, readCustomerKey(queryKey)?.runId ?? queryKey);
    const run = event === "applied" ? runOf.get(taskId) : undefined;
    if (run !== undefined) counts.set(run, (counts.get(run) ?? 0) + 1);
  }
  return counts;
}

async function rowsOf(stack: BenchStack, mid: number): Promise<string[]> {
  const { rows } = await stack.control<{ rows: string[][] }>("sql", {
    sql: `SELECT CustomerKey FROM [${target}]`,
    mid,
  });
  return rows.map(([key = ""]) => key);
}
