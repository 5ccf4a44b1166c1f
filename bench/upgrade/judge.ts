import { judge } from "../crowd/judge.ts";
import type { BenchStack } from "../stack/bench-stack.ts";
import { target, type Traveler } from "./members.ts";

/**
 * Judges runs that an upgrade must not have disturbed: as those of a crowd, and an appended row is in its table once.
 *
 * @param after the ledger's entry before their first
 * @returns a line for each thing that is wrong
 */
export async function judgeTravelers(
  stack: BenchStack,
  travelers: readonly Traveler[],
  after: number,
): Promise<readonly string[]> {
  const rows = new Map<number, string[]>();
  for (const mid of new Set(travelers.map((it) => it.mid))) rows.set(mid, await rowsOf(stack, mid));
  const appended = travelers.flatMap(({ id, mid, appends }) => {
    const added = rows.get(mid)?.filter((key) => key === appends).length ?? 0;
    return appends === undefined || added === 1 ? [] : [`${id} added its row ${added} times`];
  });
  return [...(await judge(stack, travelers, after)), ...appended];
}

async function rowsOf(stack: BenchStack, mid: number): Promise<string[]> {
  const { rows } = await stack.control<{ rows: string[][] }>("sql", {
    sql: `SELECT CustomerKey FROM [${target}]`,
    mid,
  });
  return rows.map(([key = ""]) => key);
}
