import { Hono } from "hono";
import { followRun } from "#api/run-calls.ts";
import { takeStream } from "../limits/streams.ts";
import { readEventId } from "#run/frame.ts";
import type { AppEnv } from "../app-types.ts";
import { isPurged, readOutlivedRun } from "../watch/outlived-run.ts";
import { statusHeader } from "#run-object/watchers.ts";
import { runNotFound } from "../problem.ts";
import { serve } from "../serve.ts";
import { runStub, watch } from "../watch/run-stub.ts";
import { followPosition } from "../watch/position.ts";
import { eventStream, lastEvents, type Hooks } from "../watch/sse.ts";

export const eventRoutes = new Hono<AppEnv>();

serve(eventRoutes, followRun, async (c, { params: { id }, query, headers }) => {
  const stub = runStub(c.env, id);
  const after = headers["Last-Event-ID"] ?? query.after;
  if (stub === undefined) return runNotFound(id);
  // Nobody would read the stream that a HEAD opens, and nobody close it.
  if (c.req.method === "HEAD") return (await stub.view(c.var.user)) === undefined ? runNotFound(id) : c.body(null);
  const answer = await watch(stub, c.var.user, after);
  if (answer.webSocket) {
    const { heartbeatMs, streamMs } = c.var.config.settings;
    const end = await takeStream(c, streamMs);
    if (end instanceof Response) {
      answer.webSocket.accept();
      answer.webSocket.close(1000);
      return end;
    }
    const { platform, redis } = c.var.clients;
    const ask = () => redis.queuePosition(c.var.user, id);
    const queue: Hooks["queue"] = (tell, signal) => followPosition(platform, ask, tell, signal);
    const isQueued = answer.headers.get(statusHeader) === "queued";
    const times = { heartbeatMs, streamMs, leftMs: c.var.user.recheckAt - platform.now() };
    return eventStream(answer.webSocket, times, c.req.raw.signal, { queue, isQueued, end });
  }
  // 204 makes an EventSource stop asking.
  if (answer.status === 204) return c.body(null, 204);
  const view = await readOutlivedRun(c.env, c.var.clients, c.var.user, id);
  if (view === undefined) return runNotFound(id);
  const isSeen = isPurged(view, c.var.config.settings, Date.now());
  return (isSeen ? undefined : lastEvents(view, readEventId(after))) ?? c.body(null, 204);
});
