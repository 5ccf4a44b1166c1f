import { Hono, type Context } from "hono";
import { discardResults, pageSize, readResults } from "#api/result-calls.ts";
import { clip } from "#lang/clip.ts";
import { given } from "#lang/given.ts";
import type { Mce } from "#mce/client.ts";
import { largestPage } from "#mce/rest/rowset.ts";
import { fieldOf, shownColumn } from "#protocol/column.ts";
import type { ResultAnswer } from "#run/answers.ts";
import type { EdgeLog } from "#run-object/log.ts";
import type { AppEnv } from "../app-types.ts";
import { audit } from "../audit.ts";
import type { Clients } from "../clients.ts";
import { openParent } from "../open-mce.ts";
import { accessibleOf, beyond, pagesOf } from "../results/paging.ts";
import { isPurged, readOutlivedRun } from "../watch/outlived-run.ts";
import { mceProblem } from "../mce-problem.ts";
import { problem, runNotFound } from "../problem.ts";
import { chosenRows, columnAt, type Choice } from "../results/chosen-rows.ts";
import { typedRows } from "../results/rows.ts";
import { readPage } from "../results/result-page.ts";
import { serve } from "../serve.ts";
import { runStub } from "../watch/run-stub.ts";
import { readSoapPage } from "../results/soap-page.ts";

type Readable = ResultAnswer & { kind: "readable" };

export const resultRoutes = new Hono<AppEnv>();

/** One page of rows, proxied: read from MCE, typed, not kept (R8, R13). */
serve(resultRoutes, readResults, (c, { params: { id }, query: { page, ...choice } }) =>
  answerPage(c, id, page, choice.sort === undefined && !choice.find ? undefined : choice),
);

serve(resultRoutes, discardResults, async (c, { params: { id } }) => {
  const answer = await runStub(c.env, id)?.discard(c.var.user);
  if (answer === undefined) return outlived(c.env, c.var, id);
  const { view, ended } = answer;
  if (!ended) return problem("RUN_NOT_READY", `The run is ${view.status}`, { status: view.status });
  audit(c.var, c.var.user, "results-discarded", { runId: id });
  return c.json(view, 202, { etag: `"${view.version}"` });
});

/** Answers with a page of a run's rows. @param choice which rows, in which order; absent: all, as they come */
export async function answerPage(c: Context<AppEnv>, id: string, page: number, choice?: Choice): Promise<Response> {
  const answer = await readAnswer(c, id, page, choice);
  if (answer.ok) audit(c.var, c.var.user, "results-read", { runId: id });
  return answer;
}

async function readAnswer(c: Context<AppEnv>, id: string, page: number, choice?: Choice): Promise<Response> {
  const { user, clients, trace } = c.var;
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
  if (choice === undefined && known !== undefined && page > pagesOf(known)) return beyond(page, known);
  const mce = await openMceOf(clients, answer, (event, facts) => trace.log(event, { runId: id, ...facts }));
  if (mce === undefined)
    return problem("MCE_ERROR", "The connection of this run no longer exists, so its rows cannot be read");
  if (choice !== undefined) return chosenPage(mce, answer, page, choice);
  if (answer.result.readBy === "soap") return soapPage(mce, answer, page);
  const read = await readPage(mce, answer.result, { page, pageSize });
  if (!read.ok) return mceProblem(read.error, "read these rows");
  if (read.value === undefined) return gone(answer);
  const { renewed, items, count } = read.value;
  if (renewed !== undefined) {
    // The user does not wait for it: it only makes the next page cheaper.
    c.executionCtx.waitUntil(
      stub.renewSnapshot(answer.result.requestToken, renewed.requestToken, renewed.tokenExpiresAt),
    );
  }
  if (page > pagesOf(count)) return beyond(page, count);
  return c.json(bodyOf(answer, { items, readable: count, ...totalOf(answer, count) }, page));
}

/** Answers with a page of the rows somebody has chosen, out of all rows that one call gives. */
async function chosenPage(mce: Mce, answer: Readable, page: number, choice: Choice): Promise<Response> {
  const { result, columns, rowCount } = answer;
  if (result.target !== undefined)
    return problem("NOT_SORTABLE", "The rows of a target are not this run's alone; query them to sort or search");
  if (choice.sort !== undefined && columnAt(columns, choice.sort) === undefined) {
    const message = `The result has no column "${clip(choice.sort, 100)}"`;
    return problem("INVALID_BODY", message, { errors: [{ path: "sort", message }] });
  }
  const { requestToken: _other, tokenExpiresAt: _until, ...fresh } = result;
  const all = { page: 1, pageSize: largestPage };
  const names = columns.map(fieldOf);
  const read =
    result.readBy === "soap"
      ? await readSoapPage(mce, result, names, { ...all, ...given({ rowCount }) })
      : await readPage(mce, fresh, all);
  if (!read.ok) return mceProblem(read.error, "read these rows");
  if (read.value === undefined) return gone(answer);
  const { items } = read.value;
  const hasMore = "hasMore" in read.value ? read.value.hasMore : read.value.count > items.length;
  if (hasMore) return problem("NOT_SORTABLE", `The result has more than ${largestPage} rows; sort them in the query`);
  const rows = chosenRows(columns, typedRows(columns, items), choice);
  if (page > pagesOf(rows.length)) return beyond(page, rows.length);
  const body = bodyOf(
    answer,
    { items: [], readable: items.length, ...totalOf(answer, rowCount ?? items.length) },
    page,
  );
  const shown = rows.slice((page - 1) * pageSize, page * pageSize);
  return Response.json({ ...body, rows: shown, pages: pagesOf(rows.length), accessibleRows: rows.length });
}

/** Answers with a page of the rows that SOAP gives at once; their total may be unknown. */
async function soapPage(mce: Mce, answer: Readable, page: number): Promise<Response> {
  const { rowCount, columns } = answer;
  const names = columns.map(fieldOf);
  const place = { page, pageSize, ...given({ rowCount }) };
  const read = await readSoapPage(mce, answer.result, names, place);
  if (!read.ok) return mceProblem(read.error, "read these rows");
  if (read.value === undefined) return gone(answer);
  const { items, readable, hasMore } = read.value;
  if (page > pagesOf(readable)) return beyond(page, readable);
  const total = hasMore ? rowCount : readable;
  return Response.json(bodyOf(answer, { items, readable, ...totalOf(answer, total) }, page));
}

/** How many rows the query has: of a look the run knows it, or nobody does; else all rows are in the table. */
function totalOf({ truncated, rowCount }: Readable, counted: number | undefined): { total?: number } {
  return given({ total: truncated === undefined ? counted : rowCount });
}

/** Opens MCE for a run's rows. Shared Data Extensions show their rows only to a sign-in of the parent, if the connection allows it (MCE 4.7). */
async function openMceOf(clients: Clients, { tenancy, result }: Readable, log: EdgeLog): Promise<Mce | undefined> {
  const parent = result.target?.isShared ? await openParent(clients, tenancy, "pages", log) : undefined;
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
  const accessibleRows = accessibleOf(readable);
  return {
    ...given({ source: run.result.target && "target" }),
    columns: columns.map(({ assumed: _assumed, ...column }) => shownColumn(column)),
    rows: typedRows(columns, items),
    page,
    pageSize,
    pages: pagesOf(readable),
    ...given({ totalRows: total }),
    accessibleRows,
    truncated: run.truncated === true || total === undefined || accessibleRows < total,
    expiresAt: new Date(run.expiresAt).toISOString(),
  };
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
