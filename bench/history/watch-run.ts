import { setTimeout as sleep } from "node:timers/promises";
import { createParser } from "eventsource-parser";
import type { Client, Stream } from "./history.ts";

/** A follower of a run whose streams have their times, in this machine's epoch milliseconds. */
export type Watcher = Omit<Client, "streams"> & {
  streams: readonly (Stream & { openedAt: number; closedAt: number })[];
};

/** How a run is followed. */
export type Watching = {
  /** Where the edge is, without a trailing slash. */
  url: string;
  token: string;
  id: string;
  signal: AbortSignal;
  /** Called when a stream has opened, and when it has closed. */
  onStream?: (isOpen: boolean) => void;
  /** Whether the client hangs up after an event, as one does that is closed or reloaded. */
  leaves?: () => boolean;
};

/** The edge sends a comment every 15 s, or sooner with a time scale. */
const quietMs = 20_000;
const reconnectMs = 300;

/**
 * Follows a run to its end as an EventSource does, and writes down each event of each stream; unlike the client of
 * `src/client` it forgives nothing, so that a repeated event is seen.
 *
 * @returns when the run is over, or the signal aborts
 */
export async function watchRun(watching: Watching): Promise<Watcher> {
  const streams: Watcher["streams"][number][] = [];
  let after = 0;
  while (!watching.signal.aborted) {
    const ids: number[] = [];
    const openedAt = Date.now();
    const how = await readStream(watching, after, ids).catch(() => "cut" as const);
    if (how !== "refused") streams.push({ after, ids, openedAt, closedAt: Date.now() });
    if (how === "end") return { streams, sawEnd: true };
    after = ids.at(-1) ?? after;
    await sleep(reconnectMs * (0.5 + Math.random()));
  }
  return { streams, sawEnd: false };
}

/** @param ids receives the ids, also those of a stream that breaks */
async function readStream(
  { url, token, id, signal, leaves, onStream }: Watching,
  after: number,
  ids: number[],
): Promise<"end" | "cut" | "refused"> {
  const quiet = new AbortController();
  const headers = { authorization: `Bearer ${token}`, accept: "text/event-stream", "last-event-id": String(after) };
  let timer = setTimeout(() => quiet.abort(), quietMs);
  let isOpen = false;
  try {
    const answer = await fetch(`${url}/v1/runs/${id}/events`, {
      headers,
      signal: AbortSignal.any([signal, quiet.signal]),
    });
    // It has nothing more for who has seen the end.
    if (answer.status === 204) return "end";
    if (answer.status !== 200 || answer.body === null) return "refused";
    isOpen = true;
    onStream?.(true);
    let isOver = false;
    const parser = createParser({
      onEvent: ({ id: eventId, event }) => {
        if (event === "end") isOver = true;
        if (event === "run") ids.push(Number(eventId));
      },
    });
    const decoder = new TextDecoder();
    for await (const part of answer.body) {
      clearTimeout(timer);
      timer = setTimeout(() => quiet.abort(), quietMs);
      const before = ids.length;
      parser.feed(decoder.decode(part, { stream: true }));
      if (isOver) return "end";
      if (ids.length > before && leaves?.() === true) return "cut";
    }
    return "cut";
  } finally {
    clearTimeout(timer);
    quiet.abort();
    if (isOpen) onStream?.(false);
  }
}
