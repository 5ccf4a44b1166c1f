import { abortable } from "#async/abortable.ts";
import type { Platform } from "#async/platform.ts";
import type { Mce } from "#mce/client.ts";
import { answered, failed, type Answer } from "#mce/failure.ts";
import { readAsyncStatus, readAsyncStatuses, type StatusRow } from "#mce/soap/async-status.ts";
import type { Tenancy } from "#protocol/tenancy.ts";

/** Who asks: the run's way to MCE, and whose status list it is. */
type Asker = { mce: Mce; spec: { tenancy: Tenancy }; signal: AbortSignal };

/** The status rows of the runs of a business unit: whoever asks for one asks for all that are followed there. */
export type StatusBoard = {
  /** @returns undefined without a row */
  read(asker: Asker, taskId: string): Promise<Answer<StatusRow | undefined>>;
};

type Rows = Answer<ReadonlyMap<string, StatusRow>>;

type Board = {
  /** The tasks that are followed, and when each was asked for last. */
  followed: Map<string, number>;
  /** Rows that came with somebody else's question, until their own run asks. */
  kept: Map<string, { row: StatusRow; at: number }>;
  flight?: { taskIds: readonly string[]; rows: Promise<Rows> };
};

/** Values of one IN. */
const togetherMax = 50;
/** Accounts whose MCE does not take IN are remembered; more than this are more than one bridge serves. */
const accountsMax = 1000;

/**
 * Opens the board of one bridge.
 *
 * @param times `freshMs`: a row that came with another run's question is as good as an own one for so long;
 *   `followedMs`: a task that was not asked for for so long is followed no more
 */
export function openStatusBoard(
  platform: Pick<Platform, "monotonic">,
  { freshMs, followedMs }: { freshMs: number; followedMs: number },
): StatusBoard {
  const boards = new Map<string, Board>();
  const asksSingly = new Set<number>();

  function boardOf({ tenantId, connectionId, mid }: Tenancy, now: number): Board {
    for (const [key, { followed }] of boards) {
      for (const [taskId, at] of followed) if (now - at > followedMs) followed.delete(taskId);
      if (followed.size === 0) boards.delete(key);
    }
    const key = [tenantId, connectionId, mid].join("/");
    const board: Board = boards.get(key) ?? { followed: new Map(), kept: new Map() };
    boards.set(key, board);
    return board;
  }

  function fly(board: Board, { mce }: Asker, taskId: string, now: number): Promise<Rows> {
    const others = [...board.followed.keys()].filter((other) => other !== taskId);
    const taskIds: [string, ...string[]] = [taskId, ...others.slice(0, togetherMax - 1)];
    // The question is everybody's: one run that is stopped does not take it back.
    const rows = readAsyncStatuses(mce, { taskIds }).then((answer) => {
      if (answer.ok) for (const [id, row] of answer.value) board.kept.set(id, { row, at: now });
      return answer;
    });
    const flight = { taskIds, rows };
    board.flight = flight;
    void rows.finally(() => {
      if (board.flight === flight) delete board.flight;
    });
    return rows;
  }

  async function readTogether(board: Board, asker: Asker, taskId: string): Promise<Answer<StatusRow | undefined>> {
    const now = platform.monotonic();
    const kept = board.kept.get(taskId);
    board.kept.delete(taskId);
    if (kept !== undefined && now - kept.at <= freshMs) return answered(kept.row);
    const joined = board.flight?.taskIds.includes(taskId) === true ? board.flight : undefined;
    const rows = joined?.rows ?? fly(board, asker, taskId, now);
    const answer = await abortable(rows, asker.signal, () => failed(leftAlone));
    board.kept.delete(taskId);
    const row = answer.ok ? answer.value.get(taskId) : undefined;
    if (row !== undefined) return answered(row);
    const isAlone = joined === undefined && board.followed.size === 1;
    if (isAlone || asker.signal.aborted) return answer.ok ? answered(undefined) : answer;
    // MCE may not take IN here: the answer for this one alone tells.
    if (!answer.ok && answer.failure.kind !== "rejected") return answer;
    const single = await readAsyncStatus(asker.mce, { taskId, signal: asker.signal });
    const isRefused = !answer.ok && single.ok;
    const isForgotten = single.ok && single.value !== undefined;
    if ((isRefused || isForgotten) && asksSingly.size < accountsMax) asksSingly.add(asker.mce.eid);
    return single;
  }

  return {
    async read(asker, taskId) {
      const now = platform.monotonic();
      const board = boardOf(asker.spec.tenancy, now);
      board.followed.set(taskId, now);
      if (asksSingly.has(asker.mce.eid)) return readAsyncStatus(asker.mce, { taskId, signal: asker.signal });
      return readTogether(board, asker, taskId);
    },
  };
}

const leftAlone = {
  kind: "aborted",
  retry: "never",
  message: "SOAP Retrieve AsyncActivityStatus was called off",
} as const;
