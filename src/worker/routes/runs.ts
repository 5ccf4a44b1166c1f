import { Hono, type Context } from "hono";
import { cancelRun, readRun, submitRun } from "#api/run-calls.ts";
import { isOver } from "#protocol/run-status.ts";
import type { RunView } from "#run/view.ts";
import { given } from "#lang/given.ts";
import type { AppEnv } from "../app-types.ts";
import { audit } from "../audit.ts";
import { isSameTag, waitForChange, waitForEnd } from "../watch/long-poll.ts";
import { readOutlivedRun } from "../watch/outlived-run.ts";
import { problem, runNotFound } from "../problem.ts";
import { runStub, stubOf } from "../watch/run-stub.ts";
import { openWithinLimit } from "../limits/active-runs.ts";
import { refuseOverRate } from "../limits/rates.ts";
import { readSubmission } from "../submit/submission.ts";
import { serve } from "../serve.ts";
import { answerPage } from "./results.ts";

export const runRoutes = new Hono<AppEnv>();

serve(
  runRoutes,
  submitRun,
  async (c, { body, headers }) => {
    const { user, config, clients, trace } = c.var;
    const submission = await readSubmission(body, headers["Idempotency-Key"], user, config.RUN_ID_SECRET);
    if (submission instanceof Response) return submission;
    const isConnected = await clients.isConnected(user).catch(() => "unknown" as const);
    if (isConnected === "unknown") {
      return problem("UNAVAILABLE", "Your connection cannot be read right now; nothing was queued", { retryAfter: 5 });
    }
    if (!isConnected)
      return problem("FORBIDDEN", "Your token's connection is not your tenant's, or does not allow its business unit");
    const { traceparent } = trace;
    const answer = await openWithinLimit(c, { ...submission, traceparent });
    if (answer instanceof Response) return answer;
    trace.log("run submitted", { runId: submission.id, outcome: answer.kind });
    if (answer.kind === "mismatch") {
      return problem(
        "IDEMPOTENCY_MISMATCH",
        "Use a new Idempotency-Key for a new query, or repeat the old request unchanged to get its run",
      );
    }
    const into = given({ target: body.target?.customerKey, mode: body.target?.mode });
    if (answer.kind === "opened") audit(c.var, user, "run", { runId: submission.id, ...into });
    return answerSubmitted(c, answer.view, readPreferredWait(headers.Prefer));
  },
  (c) => refuseOverRate(c, "runs", c.var.user),
);

serve(runRoutes, readRun, async (c, { params: { id }, query: { wait, debug }, headers }) => {
  const stub = runStub(c.env, id);
  if (debug === "1") {
    const known = await stub?.debug(c.var.user);
    if (known === undefined) return outlived(c.env, c.var, id);
    return c.json({ ...known.view, debug: known.debug }, 200, { etag: etag(known.view) });
  }
  const known = headers["If-None-Match"];
  const view = await stub?.view(c.var.user);
  if (stub === undefined || view === undefined) return outlived(c.env, c.var, id, known);
  const isKnown = known !== undefined && isSameTag(known, etag(view));
  // A caller with an old tag gets the newest version at once; without a tag it waits for the next change.
  const mayWait = wait > 0 && !isOver(view.status) && (known === undefined || isKnown);
  const { platform } = c.var.clients;
  const latest = mayWait ? await waitForChange(platform, stub, c.var.user, view, wait * 1000) : view;
  if (isKnown && latest.version === view.version) return c.body(null, 304, { etag: etag(view) });
  return c.json(await withPosition(c.var, latest), 200, { etag: etag(latest) });
});

serve(runRoutes, cancelRun, async (c, { params: { id } }) => {
  const answer = await runStub(c.env, id)?.cancel(c.var.user);
  if (answer === undefined) return outlived(c.env, c.var, id);
  if (answer.changed) audit(c.var, c.var.user, "cancel", { runId: id });
  return c.json(answer.view, answer.changed ? 202 : 200, { etag: etag(answer.view) });
});

/** Answers 202 with the run; 200 with its first page when somebody prefers to wait and it is ready in time. */
async function answerSubmitted(c: Context<AppEnv>, view: RunView, waitMs: number): Promise<Response> {
  const { clients, user } = c.var;
  const { id } = view;
  const latest = await waitForEnd(clients.platform, stubOf(c.env, id), user, view, waitMs);
  const headers = { location: latest.links.self, etag: etag(latest) };
  const read = latest.status === "ready" && waitMs > 0 ? await answerPage(c, id, 1) : undefined;
  if (read?.ok !== true) return c.json(latest, 202, headers);
  return c.json({ ...latest, page: await read.json<unknown>() }, 200, { ...headers, "preference-applied": "wait" });
}

/** The wait in a Prefer header (RFC 7240), at most 25 s; what cannot be read is no preference. */
function readPreferredWait(prefer: string = ""): number {
  const seconds = Number(/(?:^|[,;\s])wait\s*=\s*"?(\d{1,9})/i.exec(prefer)?.[1] ?? 0);
  return Math.min(seconds, 25) * 1000;
}

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
