import { isOver, type RunStatus } from "#protocol/run-status.ts";
import type { RunView } from "#run/view.ts";

/** The close reason that means "the run is over" to the Worker with the SSE stream; any other means "come back". */
export const endReason = "end";

/** The header that says the run's status to who opens a socket: there may be no backlog that does. */
export const statusHeader = "x-run-status";

/**
 * Opens a watcher's socket and sends it the backlog. The socket hibernates with the object, so an idle stream costs
 * nothing (D3). There is no `await` in here, so that no event can fall between the backlog and the subscription.
 */
export function openWatcher(ctx: DurableObjectState, backlog: readonly RunView[], status: RunStatus): Response {
  const { 0: client, 1: server } = new WebSocketPair();
  ctx.acceptWebSocket(server);
  for (const view of backlog) server.send(JSON.stringify(view));
  if (isOver(status)) server.close(1000, endReason);
  return new Response(null, { status: 101, webSocket: client, headers: { [statusHeader]: status } });
}

/** Sends one event to all watchers. After the last one, their sockets are closed with the end reason. */
export function sendToWatchers(ctx: DurableObjectState, view: RunView, isEnd: boolean): void {
  for (const socket of ctx.getWebSockets()) {
    // A socket that is already closing throws here; its client resumes by Last-Event-ID.
    try {
      socket.send(JSON.stringify(view));
      if (isEnd) socket.close(1000, endReason);
    } catch {
      continue;
    }
  }
}
