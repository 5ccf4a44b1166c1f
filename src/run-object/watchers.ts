import type { RunView } from "#run/view.ts";

/** The Worker that holds the SSE stream reads this close reason as "the run is over", any other as "come back". */
export const endReason = "end";

/**
 * Opens a watcher's socket and sends it the backlog. It hibernates with the object, so an open stream costs nothing
 * while nothing happens (D3). No `await` in here: subscribing and reading the backlog are one step, no event falls
 * between.
 */
export function openWatcher(ctx: DurableObjectState, backlog: readonly RunView[], isEnd: boolean): Response {
  const { 0: client, 1: server } = new WebSocketPair();
  ctx.acceptWebSocket(server);
  for (const view of backlog) server.send(JSON.stringify(view));
  if (isEnd) server.close(1000, endReason);
  return new Response(null, { status: 101, webSocket: client });
}

/** Sends one event to everybody who watches; after the last one the sockets are closed with the end reason. */
export function tellWatchers(ctx: DurableObjectState, view: RunView, isEnd: boolean): void {
  for (const socket of ctx.getWebSockets()) {
    // A socket that is closing by itself throws here; its client comes back with Last-Event-ID.
    try {
      socket.send(JSON.stringify(view));
      if (isEnd) socket.close(1000, endReason);
    } catch {
      continue;
    }
  }
}
