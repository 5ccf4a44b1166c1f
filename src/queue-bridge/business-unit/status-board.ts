import { err, ok } from "#lang/result.ts";
import { abortable } from "#async/abortable.ts";
import type { Platform } from "#async/platform.ts";
import type { Mce } from "#mce/client.ts";
import type { Answer } from "#mce/failure.ts";
import { readAsyncStatus, readAsyncStatuses, type StatusRow } from "#mce/soap/async-status.ts";
import type { Tenancy } from "#protocol/tenancy.ts";
import { openFollowedTasks, type FollowedTasks } from "./followed-tasks.ts";

/** The run that asks: its client of MCE, and whose status list it reads. */
type Asker = { mce: Mce; spec: { tenancy: Tenancy }; signal: AbortSignal };

/** Status rows, read together: a question about one task also asks about all others followed in its business unit. */
export type StatusBoard = {
  /** @returns undefined without a row */
  read(asker: Asker, taskId: string): Promise<Answer<StatusRow | undefined>>;
  /** From now on each task of the account is asked for alone: it does not accept IN. */
  askAlone(eid: number): void;
};

type Rows = Answer<ReadonlyMap<string, StatusRow>>;

type Board = { tasks: FollowedTasks; pending?: { taskIds: readonly string[]; rows: Promise<Rows> } };

/** Most values in one IN. */
const togetherMax = 50;
/** Accounts that do not accept IN and are remembered; one bridge serves fewer. */
const accountsMax = 1000;

/**
 * Opens the board of one bridge.
 *
 * @param times `freshMs`: how long a row that came with another run's question may be used; `followedMs`: how long after
 *   its last question a task is still followed
 */
export function openStatusBoard(
  platform: Pick<Platform, "monotonic">,
  times: { freshMs: number; followedMs: number },
): StatusBoard {
  const boards = new Map<string, Board>();
  const withoutIn = new Set<number>();

  function askAlone(eid: number): void {
    if (withoutIn.size < accountsMax) withoutIn.add(eid);
  }

  async function readTogether(board: Board, asker: Asker, taskId: string): Promise<Answer<StatusRow | undefined>> {
    const now = platform.monotonic();
    const kept = board.tasks.take(taskId, now);
    if (kept !== undefined) return ok(kept);
    const joined = board.pending?.taskIds.includes(taskId) === true ? board.pending : undefined;
    const rows = joined?.rows ?? request(board, asker, taskId, now);
    const answer = await abortable(rows, asker.signal, () => err(calledOff));
    board.tasks.take(taskId, now);
    const row = answer.ok ? answer.value.get(taskId) : undefined;
    if (row !== undefined) return ok(row);
    const isAlone = joined === undefined && board.tasks.size() === 1;
    if (isAlone || asker.signal.aborted) return answer.ok ? ok(undefined) : answer;
    // MCE may not accept IN here: ask for this task alone.
    if (!answer.ok && answer.error.kind !== "rejected") return answer;
    const single = await readAsyncStatus(asker.mce, { taskId, signal: asker.signal });
    const isRefused = !answer.ok && single.ok;
    const isForgotten = single.ok && single.value !== undefined;
    if (isRefused || isForgotten) askAlone(asker.mce.eid);
    return single;
  }

  return {
    askAlone,
    async read(asker, taskId) {
      const now = platform.monotonic();
      const board = boardOf(boards, asker.spec.tenancy, now, times);
      board.tasks.follow(taskId, now);
      if (withoutIn.has(asker.mce.eid)) return readAsyncStatus(asker.mce, { taskId, signal: asker.signal });
      return readTogether(board, asker, taskId);
    },
  };
}

/** The board of a business unit; boards and tasks that nobody follows any more are dropped. */
function boardOf(
  boards: Map<string, Board>,
  { tenantId, connectionId, mid }: Tenancy,
  now: number,
  times: { freshMs: number; followedMs: number },
): Board {
  for (const [key, { tasks }] of boards) {
    tasks.forgetOld(now);
    if (tasks.size() === 0) boards.delete(key);
  }
  const key = [tenantId, connectionId, mid].join("/");
  const board: Board = boards.get(key) ?? { tasks: openFollowedTasks(times) };
  boards.set(key, board);
  return board;
}

/** Asks for a task's row and for those of the others that are followed. */
function request(board: Board, { mce }: Asker, taskId: string, now: number): Promise<Rows> {
  const taskIds: [string, ...string[]] = [taskId, ...board.tasks.othersThan(taskId).slice(0, togetherMax - 1)];
  // Shared by all runs, so one that is stopped does not abort it.
  const rows = readAsyncStatuses(mce, { taskIds }).then((answer) => {
    if (answer.ok) board.tasks.keep(answer.value, now);
    return answer;
  });
  const pending = { taskIds, rows };
  board.pending = pending;
  void rows.finally(() => {
    if (board.pending === pending) delete board.pending;
  });
  return rows;
}

const calledOff = {
  kind: "aborted",
  retry: "never",
  message: "SOAP Retrieve AsyncActivityStatus was called off",
} as const;
