import type { ResultPage } from "#client/result-page.ts";
import { SqeError } from "#client/sqe-error.ts";
import { given } from "#lang/given.ts";
import { refusalOf, type Asked } from "../state/job.ts";
import { changeJob, tabOf } from "../state/tabs.ts";
import { handleOf, type Handle } from "./handles.ts";

/** Shows a page of a tab's result; the rows before it stay until it is there. */
export async function showPage(tabId: string, asked: Asked): Promise<void> {
  const handle = handleOf(tabId);
  const job = tabOf(tabId)?.job;
  if (handle?.run === undefined || job === undefined) return;
  const { sentAt } = job;
  changeJob(tabId, sentAt, { asked, isPageLoading: true });
  const isWanted = () => tabOf(tabId)?.job?.asked === asked;
  try {
    const page = await fetchPage(handle, asked);
    if (!isWanted()) return;
    changeJob(tabId, sentAt, { page, isPageLoading: false, pageRefusal: undefined });
  } catch (error) {
    if (handle.stop.signal.aborted || !isWanted()) return;
    if (!(error instanceof SqeError)) throw error;
    changeJob(tabId, sentAt, { isPageLoading: false, pageRefusal: refusalOf(error) });
  }
}

/** Fetches the page behind the one that is shown, so that it is there at once; one call to Marketing Cloud. */
export function fetchAhead(tabId: string): void {
  const handle = handleOf(tabId);
  const { page, asked } = tabOf(tabId)?.job ?? {};
  if (handle?.run === undefined || page === undefined || asked === undefined || asked.page >= page.pages) return;
  // Who asks for it is told why it failed.
  fetchPage(handle, { ...asked, page: asked.page + 1 }).catch(() => undefined);
}

function fetchPage({ run, ahead, stop }: Handle, asked: Asked): Promise<ResultPage> {
  if (run === undefined) throw new Error("There is no run to read a page of");
  const key = JSON.stringify([asked.page, asked.sort, asked.desc, asked.find]);
  const known = ahead.get(key);
  if (known !== undefined) return known;
  const { page, sort, desc, find } = asked;
  const coming = run.page(page, { signal: stop.signal, ...given({ sort, desc, find }) });
  ahead.set(key, coming);
  coming.catch(() => ahead.delete(key));
  return coming;
}
