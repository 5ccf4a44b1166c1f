import { openContext, type CommonOptions } from "../context.ts";
import { readDuration } from "../duration.ts";
import { followToEnd } from "../follow.ts";
import { gridOf, print, type Format } from "../format/print.ts";
import { printResult } from "../print-page.ts";
import { say, type Terminal } from "../terminal.ts";

type Flags = CommonOptions & { format?: Format };

/** `sqe watch`: follows a run as `sqe run` does, and prints a page of its rows. */
export async function watch(
  terminal: Terminal,
  id: string,
  flags: Flags & { page: number; timeout?: string },
): Promise<void> {
  const timeoutMs = flags.timeout === undefined ? undefined : readDuration(flags.timeout);
  const context = openContext(terminal, flags);
  const open = (signal: AbortSignal) => context.client.open(id, { signal });
  const run = await followToEnd(context, open, { ...(timeoutMs !== undefined && { timeoutMs }) });
  return printResult(context, run, flags.page, flags);
}

/** `sqe page`: prints a page of a run that is ready. */
export async function page(
  terminal: Terminal,
  id: string,
  number: number,
  { sort, desc, find, ...flags }: Flags & { sort?: string; desc?: boolean; find?: string },
): Promise<void> {
  const context = openContext(terminal, flags);
  const run = await context.client.open(id);
  const order = { ...(sort !== undefined && { sort }), ...(desc && { desc }), ...(find !== undefined && { find }) };
  return printResult(context, { ...run, state: run.state, page: (it) => run.page(it, order) }, number, flags);
}

/** `sqe runs`: lists your runs, newest first. */
export async function runs(
  terminal: Terminal,
  { limit, cursor, ...flags }: Flags & { limit: number; cursor?: string },
): Promise<void> {
  const { client } = openContext(terminal, flags);
  const answer = await client.runs({ limit, ...(cursor !== undefined && { cursor }) });
  const grid = gridOf(answer.runs, {
    id: ({ id }) => id,
    status: ({ status, phase }) => (phase === undefined ? status : `${status} · ${phase}`),
    rows: ({ rowCount }) => rowCount,
    createdAt: ({ createdAt }) => createdAt,
    name: ({ snippetName }) => snippetName,
    target: ({ target }) => target?.customerKey,
  });
  await print(terminal, { answer, grid }, flags.format);
  if (answer.nextCursor !== undefined && !flags.quiet)
    await say(terminal, `There are more: sqe runs --cursor ${answer.nextCursor}`);
}

/** `sqe cancel`: cancels a run. */
export async function cancel(terminal: Terminal, id: string, flags: CommonOptions): Promise<void> {
  const { client } = openContext(terminal, flags);
  const run = await client.open(id);
  const { status } = await run.cancel();
  if (!flags.quiet)
    await say(terminal, status === "canceled" ? `Run ${id} is canceled` : `Run ${id} was over: ${status}`);
}

/** `sqe discard`: ends a run's result now. */
export async function discard(terminal: Terminal, id: string, flags: CommonOptions): Promise<void> {
  const { client } = openContext(terminal, flags);
  const run = await client.open(id);
  await run.discard();
  if (!flags.quiet) await say(terminal, `The rows of run ${id} can no longer be read; their table is being deleted`);
}
