import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

const Asset = z.object({ key: z.string(), name: z.string() });
// Marketing Cloud keeps a deleted Query Activity as Inactive.
const Query = Asset.extend({ status: z.string() });
const State = z.object({ dataExtensions: z.array(Asset), queries: z.array(Query) });
const Ledger = z.object({
  entries: z.array(
    z.looseObject({
      at: z.number(),
      event: z.string(),
      call: z.string().optional(),
      taskId: z.number().optional(),
      queryKey: z.string().optional(),
    }),
  ),
});

/** What Marketing Cloud saw of one run. */
export type Testimony = {
  /** Names of the run's Query Activities that are left; should be none. */
  queries: string[];
  /** Names of the run's Data Extensions that are left. */
  dataExtensions: string[];
  /** When the query had ended and its rows could be read, in epoch milliseconds; undefined when it never did. */
  doneAt: number | undefined;
  /** How often rows of the run's query were written into a table. */
  applied: number;
  /** How many calls were made from the first to Perform. */
  callsToPerform: number;
};

const patienceMs = 5000;
const askAgainMs = 50;

/**
 * Asks the sandbox, by its control API, what it saw of a run. Waits up to 5 seconds for deletions after the end: the
 * Query Activity, and with `isAllGone` the Data Extension, too.
 */
export async function readTestimony(
  sandbox: string,
  runId: string,
  { isAllGone = false }: { isAllGone?: boolean } = {},
): Promise<Testimony> {
  const until = Date.now() + patienceMs;
  for (;;) {
    const testimony = await ask(sandbox, runId);
    const left = testimony.queries.length + (isAllGone ? testimony.dataExtensions.length : 0);
    if (left === 0 || Date.now() > until) return testimony;
    await sleep(askAgainMs);
  }
}

async function ask(sandbox: string, runId: string): Promise<Testimony> {
  const state = State.parse(await read(`${sandbox}/sandbox/state`));
  const { entries } = Ledger.parse(await read(`${sandbox}/sandbox/ledger`));
  const ours = ({ key }: { key: string }) => key.startsWith(`QPP_${runId}`);
  const performed = entries.findIndex(({ event, queryKey }) => event === "perform" && queryKey?.includes(runId));
  const taskId = entries[performed]?.taskId;
  const done = entries.find((entry) => entry.event === "done" && entry.taskId === taskId);
  return {
    queries: state.queries.filter((query) => ours(query) && query.status === "Active").map(({ name }) => name),
    dataExtensions: state.dataExtensions.filter(ours).map(({ name }) => name),
    doneAt: taskId === undefined ? undefined : done?.at,
    applied: entries.filter((entry) => entry.event === "applied" && taskId !== undefined && entry.taskId === taskId)
      .length,
    callsToPerform: entries.slice(0, performed).filter(({ event }) => event === "call").length,
  };
}

async function read(url: string): Promise<unknown> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`Cannot ask the sandbox: ${url} answers ${response.status}`);
  return response.json();
}
