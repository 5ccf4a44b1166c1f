import { given } from "#lang/given.ts";
import { Hono } from "hono";
import { z } from "zod";
import type { Mce } from "#mce/client.ts";
import type { MceFailure } from "#mce/failure.ts";
import { shownMessage } from "#mce/mask.ts";
import { scopesText } from "#mce/scopes.ts";
import { Mid } from "#protocol/ids.ts";
import type { ResultAnswer } from "#run/answers.ts";
import type { EdgeLog } from "#run-object/log.ts";
import type { AppEnv } from "../app-types.ts";
import { isPurged, readOutlivedRun } from "../watch/outlived-run.ts";
import { problem, runNotFound } from "../problem.ts";
import { typedRows } from "../results/rows.ts";
import { readPage } from "../results/result-page.ts";
import { runStub } from "../watch/run-stub.ts";
import { readSoapPage } from "../results/soap-page.ts";

type Readable = ResultAnswer & { kind: "readable" };

const pageSize = 50;
const pagesMax = 50;

export const resultRoutes = new Hono<AppEnv>();

const Page = z.coerce.number().int().min(1).max(pagesMax);

/** One page of rows, proxied: read from MCE, typed, not kept (R8, R13). */
resultRoutes.get("/:id/results", async (c) => {
  const { user, clients, trace } = c.var;
  const id = c.req.param("id");
  const page = Page.safeParse(c.req.query("page") ?? 1);
  if (!page.success)
    return outOfRange(`\`page\` is a whole number, 1 to ${pagesMax}: at most ${pagesMax * pageSize} rows can be read`);
  const stub = runStub(c.env, id);
  if (stub === undefined) return runNotFound(id);
  const answer = await stub.result(user);
  if (answer === undefined) return outlived(c.env, c.var, id);
  if (answer.kind === "not-ready")
    return problem("RUN_NOT_READY", `The run is ${answer.status}`, { status: answer.status });
  if (answer.kind === "expired") return expired(answer);
  const { target } = answer.result;
  // A target holds other rows too, so this run's count does not bound its pages.
  const known = target === undefined ? answer.rowCount : undefined;
  if (known !== undefined && page.data > pagesOf(known)) return beyond(page.data, known);
  const mce = await openMceOf(clients, answer, (event, facts) => trace.log(event, { runId: id, ...facts }));
  if (mce === undefined)
    return problem("MCE_ERROR", "The connection of this run no longer exists, so its rows cannot be read");
  if (answer.result.readBy === "soap") return soapPage(mce, answer, page.data);
  const read = await readPage(mce, answer.result, { page: page.data, pageSize });
  if (!read.ok) return mceProblem(read.error);
  if (read.value === undefined) return gone(answer);
  const { renewed, items, count } = read.value;
  if (renewed !== undefined) {
    // The user does not wait for it: it only makes the next page cheaper.
    c.executionCtx.waitUntil(
      stub.renewSnapshot(answer.result.requestToken, renewed.requestToken, renewed.tokenExpiresAt),
    );
  }
  if (page.data > pagesOf(count)) return beyond(page.data, count);
  return c.json(bodyOf(answer, { items, readable: count, total: count }, page.data));
});

/** Answers with a page of the rows that SOAP gives at once; their total may be unknown. */
async function soapPage(mce: Mce, answer: Readable, page: number): Promise<Response> {
  const { rowCount, columns } = answer;
  const names = columns.map(({ name }) => name);
  const place = { page, pageSize, ...given({ rowCount }) };
  const read = await readSoapPage(mce, answer.result, names, place);
  if (!read.ok) return mceProblem(read.error);
  if (read.value === undefined) return gone(answer);
  const { items, readable, hasMore } = read.value;
  if (page > pagesOf(readable)) return beyond(page, readable);
  const total = hasMore ? rowCount : readable;
  return Response.json(bodyOf(answer, { items, readable, ...given({ total }) }, page));
}

/** Opens MCE for a run's rows. Shared Data Extensions show their rows only to a sign-in of the parent, if the connection allows it (MCE 4.7). */
async function openMceOf(
  clients: AppEnv["Variables"]["clients"],
  { tenancy, result }: Readable,
  log: EdgeLog,
): Promise<Mce | undefined> {
  const parent = result.target?.isShared
    ? await clients.mce({ ...tenancy, mid: Mid.parse(tenancy.eid) }, "pages", log)
    : undefined;
  return parent ?? clients.mce(tenancy, "pages", log);
}

function gone({ result }: Readable): Response {
  const { target, customerKey } = result;
  return target === undefined
    ? problem("RESULT_EXPIRED", "Marketing Cloud no longer has the rows of this run")
    : problem(
        "RESULT_EXPIRED",
        `Marketing Cloud shows this connection no Data Extension "${customerKey}"; it may have been deleted`,
      );
}

/** The rows of a page. `readable` counts those of all readable pages; `total` is absent when unknown. */
type Rows = { items: readonly Readonly<Record<string, string>>[]; readable: number; total?: number };

/** The body of a page, with the query's columns or those of the target. */
function bodyOf(run: Readable, { items, readable, total }: Rows, page: number) {
  const columns = run.result.target?.columns ?? run.columns;
  const accessibleRows = Math.min(readable, pagesMax * pageSize);
  return {
    ...given({ source: run.result.target && "target" }),
    columns: columns.map(({ assumed: _assumed, ...column }) => column),
    rows: typedRows(columns, items),
    page,
    pageSize,
    pages: pagesOf(readable),
    ...given({ totalRows: total }),
    accessibleRows,
    truncated: total === undefined || accessibleRows < total,
    expiresAt: new Date(run.expiresAt).toISOString(),
  };
}

function pagesOf(rows: number): number {
  return Math.max(1, Math.min(pagesMax, Math.ceil(rows / pageSize)));
}

function beyond(page: number, rows: number): Response {
  return outOfRange(`Page ${page} does not exist: the result has ${rows} rows, ${pagesOf(rows)} pages of ${pageSize}`);
}

function outOfRange(detail: string): Response {
  return problem("PAGE_OUT_OF_RANGE", detail, { errors: [{ path: "page", message: detail }] });
}

function expired({ expiresAt, target }: ResultAnswer & { kind: "expired" }): Response {
  const at = new Date(expiresAt).toISOString();
  const detail =
    target === undefined
      ? `The rows were kept until ${at}; run the query again to get them`
      : `The rows could be read here until ${at}; they are still in "${target.customerKey}"`;
  return problem("RESULT_EXPIRED", detail, { expiresAt: at });
}

/** Answers for a run without an object: purged on schedule, or lost. */
async function outlived(env: Env, { clients, user, config }: AppEnv["Variables"], id: string): Promise<Response> {
  const view = await readOutlivedRun(env, clients, user, id);
  if (view === undefined) return runNotFound(id);
  if (isPurged(view, config.settings, Date.now()))
    return problem("RESULT_EXPIRED", "The run ended more than two days ago; run the query again to get its rows");
  const { status } = view;
  if (status !== "ready") return problem("RUN_NOT_READY", `The run is ${status}`, { status });
  return problem("RESULT_EXPIRED", "The service no longer knows where the rows of this run are; run the query again");
}

function mceProblem(failure: MceFailure): Response {
  const shown = shownMessage(failure);
  switch (failure.kind) {
    case "throttled":
      return problem("MCE_BUSY", `Marketing Cloud limits the rate of calls: ${shown}`, {
        retryAfter: Math.ceil(failure.waitMs / 1000),
      });
    case "unavailable":
    case "aborted":
      return problem("MCE_BUSY", `Marketing Cloud did not answer: ${shown}`, { retryAfter: 5 });
    case "unauthorized":
      return problem("MCE_ERROR", `Marketing Cloud refused the sign-in: ${shown}`);
    case "forbidden":
      return problem("MCE_ERROR", `The connection is not allowed to read these rows${neededFor(failure)}: ${shown}`);
    case "rejected":
      return problem("MCE_ERROR", `Marketing Cloud refused: ${shown}`);
  }
}

function neededFor({ needs }: MceFailure & { kind: "forbidden" }): string {
  return needs === undefined ? "" : `; its installed package needs ${scopesText(needs)}`;
}
