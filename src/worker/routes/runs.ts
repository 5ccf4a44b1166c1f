import { Hono } from "hono";
import { z } from "zod";
import { isOver } from "#protocol/run-status.ts";
import type { RunView } from "#run/view.ts";
import type { AppEnv } from "../app-types.ts";
import { isSameTag, waitForChange } from "../watch/long-poll.ts";
import { readOutlivedRun } from "../watch/outlived-run.ts";
import { problem, runNotFound } from "../problem.ts";
import { runStub, stubOf } from "../watch/run-stub.ts";
import { readSubmission } from "../submit/submission.ts";

export const runRoutes = new Hono<AppEnv>();

runRoutes.post("/", async (c) => {
  const { user, config, clients, trace } = c.var;
  if (config.isLimited && !(await c.env.RUN_LIMIT.limit({ key: `${user.tenantId}|${user.userId}` })).success) {
    return problem("RATE_LIMITED", "You have submitted many runs in the last minute; try again in a minute", {
      retryAfter: 60,
    });
  }
  const submission = await readSubmission(c.req.raw, user, config.RUN_ID_SECRET);
  if (submission instanceof Response) return submission;
  const isConnected = await clients.isConnected(user).catch(() => "unknown" as const);
  if (isConnected === "unknown") {
    return problem("UNAVAILABLE", "Your connection cannot be read right now; nothing was queued", {
      retryAfter: 5,
    });
  }
  if (!isConnected)
    return problem("FORBIDDEN", "Your token's connection is not your tenant's, or does not allow its business unit");
  const { traceparent } = trace;
  const answer = await stubOf(c.env, submission.id).open({ ...submission, traceparent });
  trace.log("run submitted", { runId: submission.id, outcome: answer.kind });
  if (answer.kind === "mismatch") {
    return problem(
      "IDEMPOTENCY_MISMATCH",
      "Use a new Idempotency-Key for a new query, or repeat the old request unchanged to get its run",
    );
  }
  return c.json(answer.view, 202, { location: answer.view.links.self, etag: etag(answer.view) });
});

const Wait = z.coerce.number().int().min(0).max(25);

runRoutes.get("/:id", async (c) => {
  const stub = runStub(c.env, c.req.param("id"));
  const wait = Wait.safeParse(c.req.query("wait") ?? 0);
  if (!wait.success)
    return problem("INVALID_BODY", "`wait` is a whole number of seconds, 0 to 25", {
      errors: [{ path: "wait", message: "0..25" }],
    });
  if (c.req.query("debug") === "1") {
    const known = await stub?.debug(c.var.user);
    if (known === undefined) return outlived(c.env, c.var, c.req.param("id"));
    return c.json({ ...known.view, debug: known.debug }, 200, { etag: etag(known.view) });
  }
  const known = c.req.header("if-none-match");
  const view = await stub?.view(c.var.user);
  if (stub === undefined || view === undefined) return outlived(c.env, c.var, c.req.param("id"), known);
  const isKnown = known !== undefined && isSameTag(known, etag(view));
  // A caller with an old tag gets the newest version at once; without a tag it waits for the next change.
  const mayWait = wait.data > 0 && !isOver(view.status) && (known === undefined || isKnown);
  const { platform } = c.var.clients;
  const latest = mayWait ? await waitForChange(platform, stub, c.var.user, view, wait.data * 1000) : view;
  if (isKnown && latest.version === view.version) return c.body(null, 304, { etag: etag(view) });
  return c.json(await withPosition(c.var, latest), 200, { etag: etag(latest) });
});

runRoutes.post("/:id/cancel", async (c) => {
  const answer = await runStub(c.env, c.req.param("id"))?.cancel(c.var.user);
  if (answer === undefined) return outlived(c.env, c.var, c.req.param("id"));
  return c.json(answer.view, answer.changed ? 202 : 200, { etag: etag(answer.view) });
});

/** Adds the run's place in the line, which is not part of its version. */
async function withPosition({ clients, user }: AppEnv["Variables"], view: RunView): Promise<RunView> {
  if (view.status !== "queued") return view;
  const queuePosition = await clients.redis.queuePosition(user, view.id);
  return queuePosition === undefined ? view : { ...view, queuePosition };
}

/** Answers for a run whose object has been purged, or with RUN_NOT_FOUND. @param known the tags of If-None-Match */
async function outlived(
  env: Env,
  { clients, user }: AppEnv["Variables"],
  id: string,
  known?: string,
): Promise<Response> {
  const view = await readOutlivedRun(env, clients, user, id);
  if (view === undefined) return runNotFound(id);
  const headers = { "cache-control": "no-store", etag: etag(view) };
  if (known !== undefined && isSameTag(known, etag(view))) return new Response(null, { status: 304, headers });
  return Response.json(view, { headers });
}

function etag(view: RunView): string {
  return `"${view.version}"`;
}
