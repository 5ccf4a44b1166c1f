import { given } from "#lang/given.ts";
import { readState } from "./poll.ts";
import type { Cancelable } from "./cancelable.ts";
import { ask, type Api } from "./request.ts";
import type { ResultPage, Row } from "./result-page.ts";
import { turnPages } from "./rows.ts";
import { isOver, type RunState, type RunWithPage } from "./run-state.ts";
import { SqeError } from "./sqe-error.ts";
import { follow, type WatchOptions } from "./watch.ts";

/** Which rows of a page, and in which order; only for a result of its own, not for a target. */
export type PageOptions = Cancelable & {
  /** A column to sort by. */
  sort?: string;
  desc?: boolean;
  /** A text to find. */
  find?: string;
};

/** A run, and what can be done with it. */
export type Run = {
  readonly id: string;
  /** The newest state that is known. `watch` and `done` keep it up to date. */
  readonly state: RunState;
  /** Yields the run at each change, until it is over. */
  watch(options?: WatchOptions): AsyncGenerator<RunState, void>;
  /** Waits until the run is over. @returns its last state: ready, failed or canceled */
  done(options?: WatchOptions): Promise<RunState>;
  /** Reads a page of at most 50 rows, the first one if no number is given. */
  page(page?: number, options?: PageOptions): Promise<ResultPage>;
  /** Waits until the run is ready, then turns its pages and yields the rows, 2,500 at most. @throws SqeError when it ended otherwise */
  rows(options?: PageOptions): AsyncGenerator<Row, void>;
  /** Ends the run. Marketing Cloud cannot stop a query that has started. */
  cancel(options?: Cancelable): Promise<RunState>;
  /** Ends the result now; its rows cannot be read any more. */
  discard(options?: Cancelable): Promise<RunState>;
};

/** Makes the handle of a run. @param known its state, and its first page if that came along */
export function runOf(api: Api, { page: firstPage, ...known }: RunWithPage): Run {
  let state: RunState = known;
  const path = `/v1/runs/${state.id}`;
  // A stream may bring what happened before the answer of a cancel.
  const keep = (next: RunState) => {
    if (next.version >= state.version) state = next;
    return next;
  };

  async function* watch(options: WatchOptions = {}): AsyncGenerator<RunState, void> {
    for await (const next of follow(api, state, options)) yield keep(next);
  }
  async function done(options: WatchOptions = {}): Promise<RunState> {
    if (isOver(state)) return state;
    for await (const _ of watch(options)) if (isOver(state)) return state;
    return keep(await readState(api, state.id, options));
  }
  async function page(number = 1, { signal, ...rows }: PageOptions = {}): Promise<ResultPage> {
    const isAsked = Object.keys(rows).length > 0;
    if (number === 1 && firstPage !== undefined && !isAsked) return firstPage;
    const { sort, desc, find } = rows;
    const query = { page: number, ...given({ sort, desc: desc ? 1 : undefined, find }) };
    return ask(api, { path: `${path}/results`, query, ...given({ signal }) });
  }
  async function* rows(options: PageOptions = {}): AsyncGenerator<Row, void> {
    const ended = await done(given({ signal: options.signal }));
    if (ended.status !== "ready") throw endedWithout(ended);
    yield* turnPages((number) => page(number, options));
  }

  return {
    id: state.id,
    get state() {
      return state;
    },
    watch,
    done,
    page,
    rows,
    cancel: async ({ signal } = {}) =>
      keep(await ask(api, { method: "POST", path: `${path}/cancel`, ...given({ signal }) })),
    async discard({ signal } = {}) {
      firstPage = undefined;
      return keep(await ask(api, { method: "DELETE", path: `${path}/results`, ...given({ signal }) }));
    },
  };
}

/** The error of a run that has no rows. */
function endedWithout({ id, status, error }: RunState): SqeError {
  if (error === undefined) return new SqeError("CANCELED", 0, `Run ${id} was canceled`, { runStatus: status });
  const words = [error.title, error.detail, error.fix].filter((it) => it !== undefined).join(". ");
  return new SqeError(error.code, 0, words, { runStatus: status });
}
