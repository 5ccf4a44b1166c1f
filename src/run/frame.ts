import type { RunView } from "./view.ts";

/** First line of every stream: how long an EventSource waits before it reconnects. */
export const retryFrame = "retry: 1000\n\n";

/** A comment: keeps proxies from closing an idle stream, and reveals a client that has gone. */
export const heartbeatFrame = ": \n\n";

/** The last frame: nothing follows it. It has no id, so that Last-Event-ID keeps the last version. */
export const endFrame = "event: end\ndata: {}\n\n";

/** A queued run's place in line. It is no version of the run, so it has no id. */
export function positionFrame(queuePosition: number): string {
  return `event: position\ndata: ${JSON.stringify({ queuePosition })}\n\n`;
}

/** One visible change as an SSE event; JSON has no raw line break, so one data line is enough. */
export function runFrame(view: RunView): string {
  return `id: ${view.version}\nevent: run\ndata: ${JSON.stringify(view)}\n\n`;
}

/**
 * Reads Last-Event-ID or `?after=`.
 *
 * @returns the version the client has seen; undefined when absent or unusable: then the client needs a snapshot
 */
export function readEventId(text: string | null | undefined): number | undefined {
  if (text === null || text === undefined || !/^\d{1,9}$/.test(text)) return undefined;
  return Number(text);
}
