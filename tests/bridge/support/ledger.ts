import type { World } from "./world.ts";

/** What MCE has heard or done, as the sandbox's ledger has it (DESIGN 8). */
export type Entry = {
  at: number;
  event: string;
  call?: string;
  mid?: number;
  mode?: string;
  queryKey?: string;
  targetKey?: string;
  taskId?: number;
};

/** Everything MCE has heard and done, oldest first. */
export async function ledgerOf(world: Pick<World, "ask">): Promise<Entry[]> {
  return (await world.ask<{ entries: Entry[] }>("ledger")).entries;
}

/** The names of the calls that MCE has heard, oldest first. */
export async function callsOf(world: Pick<World, "ask">): Promise<string[]> {
  return (await ledgerOf(world)).flatMap(({ event, call }) => (event === "call" ? [String(call)] : []));
}

/** How often MCE has taken a Perform and written its rows, of all queries or of one run's. */
export async function performsOf(
  world: Pick<World, "ask">,
  runId = "",
): Promise<{ performs: number; applied: number }> {
  const entries = await ledgerOf(world);
  const performs = entries.filter(({ event, queryKey }) => event === "perform" && queryKey?.includes(runId));
  const tasks = new Set(performs.map(({ taskId }) => taskId));
  const applied = entries.filter(({ event, taskId }) => event === "applied" && tasks.has(taskId));
  return { performs: performs.length, applied: applied.length };
}
