import { Hono } from "hono";
import { readEventId } from "#run/frame.ts";
import type { AppEnv } from "../app-types.ts";
import { isPurged, readOutlivedRun } from "../watch/outlived-run.ts";
import { runNotFound } from "../problem.ts";
import { runStub, watch } from "../watch/run-stub.ts";
import { eventStream, lastEvents } from "../watch/sse.ts";

export const eventRoutes = new Hono<AppEnv>();

eventRoutes.get("/:id/events", async (c) => {
  const id = c.req.param("id");
  const stub = runStub(c.env, id);
  const after = c.req.header("last-event-id") ?? c.req.query("after");
  if (stub === undefined) return runNotFound(id);
  const answer = await watch(stub, c.var.user, after);
  if (answer.webSocket) return eventStream(answer.webSocket, c.var.config.settings, c.req.raw.signal);
  // 204 makes an EventSource stop asking.
  if (answer.status === 204) return c.body(null, 204);
  const view = await readOutlivedRun(c.env, c.var.clients, c.var.user, id);
  if (view === undefined) return runNotFound(id);
  const isSeen = isPurged(view, c.var.config.settings, Date.now());
  return (isSeen ? undefined : lastEvents(view, readEventId(after))) ?? c.body(null, 204);
});
