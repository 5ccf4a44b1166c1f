import type { Run } from "#client/run.ts";
import type { ResultPage } from "#client/result-page.ts";

/** What a tab's run needs beside its state: its handle, what ends the watching, and pages fetched ahead. */
export type Handle = { stop: AbortController; run?: Run; ahead: Map<string, Promise<ResultPage>> };

const handles = new Map<string, Handle>();

/** The handle of a tab's run. */
export function handleOf(tabId: string): Handle | undefined {
  return handles.get(tabId);
}

/** Opens a handle for a tab's new run, and leaves its old one: that goes on without the page. */
export function openHandle(tabId: string): Handle {
  dropHandle(tabId);
  const handle: Handle = { stop: new AbortController(), ahead: new Map() };
  handles.set(tabId, handle);
  return handle;
}

/** Stops watching a tab's run. */
export function dropHandle(tabId: string): void {
  handles.get(tabId)?.stop.abort();
  handles.delete(tabId);
}
