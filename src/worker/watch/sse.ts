import { endFrame, heartbeatFrame, positionFrame, retryFrame, runFrame } from "#run/frame.ts";
import { isOver } from "#protocol/run-status.ts";
import type { RunView } from "#run/view.ts";
import { endReason } from "#run-object/watchers.ts";

/** With more than this pending, a slow client gets what is pending and is disconnected; it resumes by Last-Event-ID. */
const pendingMaxBytes = 256 * 1024;

export type StreamTimes = {
  heartbeatMs: number;
  streamMs: number;
  /** The stream ends after this at the latest, because nobody knows whether its caller may still follow. */
  leftMs: number;
};

/** What a stream calls. */
export type Hooks = {
  /** Follows the run's place in line until the signal aborts, and tells each change; called while the run is queued. */
  queue(tell: (position: number) => void, signal: AbortSignal): Promise<void>;
  /** Whether the run is queued: who has seen that comes back to a stream without an event that says so. */
  isQueued?: boolean;
  /** Called once, when nothing more is accepted. */
  end(): void;
};

/**
 * Turns a watcher's socket into an SSE response. The stream lives in the Worker, so slow clients do not hold the run
 * object, which can hibernate (D3).
 *
 * @param signal aborts when the client disconnects
 */
export function eventStream(socket: WebSocket, times: StreamTimes, signal: AbortSignal, hooks: Hooks): Response {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const encoder = new TextEncoder();
  let pendingBytes = 0;
  let hasEvent = false;
  let isOpen = true;
  let inLine: AbortController | undefined;

  /** Accepts nothing more. What is pending still goes out, if the client reads it within `streamMs`. */
  const stop = () => {
    if (!isOpen) return;
    isOpen = false;
    inLine?.abort();
    clearInterval(heartbeat);
    clearTimeout(recycle);
    hooks.end();
    socket.close(1000);
    const late = setTimeout(abandon, times.streamMs);
    const closed = writer.close().catch(() => undefined);
    void closed.then(() => clearTimeout(late));
  };
  const abandon = () => void writer.abort("the client is too slow").catch(() => undefined);
  const send = (bytes: Uint8Array) => {
    if (!isOpen) return;
    pendingBytes += bytes.length;
    // Never awaited: a slow client must not block the socket. A failed write is a client that has gone.
    writer.write(bytes).then(() => (pendingBytes -= bytes.length), stop);
  };
  /** The first event is sent whatever its size: a client without it would come back for the same one forever. */
  const sendEvent = (view: RunView) => {
    followWhileQueued(view.status);
    const bytes = encoder.encode(runFrame(view));
    if (hasEvent && pendingBytes + bytes.length > pendingMaxBytes) return stop();
    hasEvent = true;
    send(bytes);
  };
  const followWhileQueued = (status: RunView["status"]) => {
    if (status !== "queued" || !isOpen) return inLine?.abort();
    if (inLine !== undefined) return undefined;
    inLine = new AbortController();
    hooks.queue((position) => send(encoder.encode(positionFrame(position))), inLine.signal).catch(() => undefined);
    return undefined;
  };
  // Pending bytes are as good as a heartbeat.
  const heartbeat = setInterval(() => pendingBytes === 0 && send(encoder.encode(heartbeatFrame)), times.heartbeatMs);
  const recycle = setTimeout(stop, Math.min(times.leftMs, times.streamMs * (0.8 + 0.4 * Math.random())));

  writer.closed.catch(stop);
  signal.addEventListener("abort", () => {
    stop();
    abandon();
  });
  socket.addEventListener("close", ({ reason }) => {
    if (reason === endReason) send(encoder.encode(endFrame));
    stop();
  });
  socket.addEventListener("error", stop);
  socket.accept();
  send(encoder.encode(retryFrame));
  if (hooks.isQueued === true) followWhileQueued("queued");
  // The object sends only views.
  socket.addEventListener("message", ({ data }) => sendEvent(JSON.parse(String(data)) as RunView));

  return new Response(readable, { headers });
}

/**
 * Answers for a run without an object: its newest version, and the end when it is over. For a run that may go on, the
 * stream just ends, so that the client comes back.
 *
 * @param after the version the client has seen
 * @returns undefined when the client has seen the end
 */
export function lastEvents(view: RunView, after: number | undefined): Response | undefined {
  const hasEnded = isOver(view.status);
  if (hasEnded && after !== undefined && after >= view.version) return undefined;
  const isNews = after !== view.version;
  const frames = [retryFrame, ...(isNews ? [runFrame(view)] : []), ...(hasEnded ? [endFrame] : [])];
  return new Response(frames.join(""), { headers });
}

const headers = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store, no-transform",
  "x-accel-buffering": "no",
};
