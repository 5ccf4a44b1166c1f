import type { Platform } from "#async/platform.ts";
import { isOver } from "#protocol/run-status.ts";
import type { RunView } from "#run/view.ts";
import type { OwnApi } from "./own-api.ts";
import { told, toldOf, type ToolAnswer } from "./tool-answer.ts";

/** How long run_sql waits: clients give up after 60 s. */
const patienceMs = 50_000;
/** The longest wait of one `GET /v1/runs/{id}`. */
const pollMaxMs = 25_000;

/** Is told of each new state of a run. */
export type Tell = (view: RunView) => Promise<void>;

type Waiting = { platform: Pick<Platform, "monotonic">; tell: Tell; signal: AbortSignal };

/** Submits a query, and answers with its first page; or, when that takes longer, with the run to ask for. */
export async function runSql(api: OwnApi, body: object, waiting: Waiting): Promise<ToolAnswer> {
  const submitted = await api({ method: "POST", path: "/v1/runs", body });
  if (!submitted.ok) return toldOf(submitted);
  return answerRun(api, await waitForRun(api, await submitted.json<RunView>(), waiting));
}

/** Answers with a run, and with its first page when it is ready. */
export async function answerRun(api: OwnApi, view: RunView): Promise<ToolAnswer> {
  const run = shownRun(view);
  if (view.status !== "ready" || view.target !== undefined) return told({ ...run, ...nextOf(view) });
  const read = await api({ path: `/v1/runs/${view.id}/results`, query: { page: 1 } });
  return toldOf(read, (page: object) => ({ ...run, page }));
}

async function waitForRun(api: OwnApi, first: RunView, { platform, tell, signal }: Waiting): Promise<RunView> {
  const until = platform.monotonic() + patienceMs;
  const left = () => until - platform.monotonic();
  let view = first;
  await tell(view);
  while (!isOver(view.status) && left() > 0 && !signal.aborted) {
    const wait = Math.ceil(Math.min(left(), pollMaxMs) / 1000);
    const headers = { "if-none-match": `"${view.version}"` };
    const read = await api({ path: `/v1/runs/${view.id}`, query: { wait }, headers });
    if (read.status === 304) continue;
    // Who may submit a run may read it; what fails now is told to the next request for it.
    if (!read.ok) break;
    view = await read.json<RunView>();
    await tell(view);
  }
  return view;
}

/** What a model needs of a run. The columns come with the page. */
function shownRun({ id, status, phase, rowCount, truncated, expiresAt, error, notes }: RunView): object {
  return { id, status, phase, rowCount, truncated, expiresAt, error, notes };
}

function nextOf({ id, status }: RunView): object {
  return isOver(status) ? {} : { next: `Not over yet: call get_run with id "${id}"` };
}
