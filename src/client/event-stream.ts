import { createParser, type EventSourceMessage } from "eventsource-parser";
import type { Cancelable } from "./cancelable.ts";
import { send, type Api } from "./request.ts";

/** A stream of events that is open; or nothing will follow; or something between does not let a stream through. */
export type Stream = OpenStream | { kind: "over" } | { kind: "blocked" };

type OpenStream = { kind: "open"; body: ReadableStream<Uint8Array>; close: () => void };

/** The server sends its first line at once, and a comment every 15 s. */
const quietMs = { first: 10_000, later: 45_000 };

/** Opens the events of a run after a version. @throws SqeError, or the signal's reason */
export async function openStream(api: Api, id: string, lastEventId: number, { signal }: Cancelable): Promise<Stream> {
  const closing = new AbortController();
  const close = () => closing.abort();
  const signals = signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]);
  const headers = { accept: "text/event-stream", "last-event-id": String(lastEventId) };
  const call = { path: `/v1/runs/${id}/events`, headers, signal: signals, isPatient: true, isStream: true };
  return send(api, call, async (answer): Promise<Stream> => {
    if (answer.status === 204) return { kind: "over" };
    const isStream = answer.headers.get("content-type")?.startsWith("text/event-stream") ?? false;
    if (isStream && answer.body !== null) return { kind: "open", body: answer.body, close };
    await answer.body?.cancel();
    return { kind: "blocked" };
  });
}

/**
 * Yields the events of each part that arrives, which may be none; ends when the stream is cut, or quiet for too long.
 * It does not throw: who has left knows by the signal.
 */
export async function* hear(
  { platform }: Pick<Api, "platform">,
  { body, close }: OpenStream,
  signal: AbortSignal | undefined,
): AsyncGenerator<EventSourceMessage[]> {
  const arrived: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => arrived.push(event) });
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let waitMs = quietMs.first;
  try {
    for (;;) {
      const timer = new AbortController();
      const stop = signal === undefined ? timer.signal : AbortSignal.any([timer.signal, signal]);
      const quiet = platform.sleep(waitMs, stop).then(() => undefined);
      const part = await Promise.race([reader.read(), quiet]).finally(() => timer.abort());
      if (part === undefined || part.done) return;
      waitMs = quietMs.later;
      parser.feed(decoder.decode(part.value, { stream: true }));
      yield arrived.splice(0);
    }
  } catch {
    // The connection broke.
  } finally {
    close();
    reader.cancel().catch(() => undefined);
  }
}
