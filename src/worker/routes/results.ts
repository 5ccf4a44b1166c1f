import { Hono } from "hono";
import { z } from "zod";
import type { MceFailure } from "#mce/failure.ts";
import { maskValues } from "#mce/mask.ts";
import type { RowsetPage } from "#mce/rest/rowset.ts";
import { readProjectedRun } from "#db/runs.ts";
import type { ResultAnswer } from "#run-object/answers.ts";
import type { AppEnv } from "../app-types.ts";
import { problem } from "../problem.ts";
import { typedRows } from "../rows.ts";
import { readPage } from "../result-page.ts";
import { runStub } from "../run-stub.ts";

const pageSize = 50;
const pagesMax = 50;

export const resultRoutes = new Hono<AppEnv>();

const Page = z.coerce.number().int().min(1).max(pagesMax);

/** One page of rows, proxied: read from MCE, mapped, forgotten (R8, R13). */
resultRoutes.get("/:id/results", async (c) => {
  const { user, doors } = c.var;
  const id = c.req.param("id");
  const page = Page.safeParse(c.req.query("page") ?? 1);
  if (!page.success)
    return outOfRange(`\`page\` is a whole number, 1 to ${pagesMax}: at most ${pagesMax * pageSize} rows can be read`);
  const stub = runStub(c.env, id);
  const answer = await stub?.result(user);
  if (stub === undefined || answer === undefined) return purged(c.var, id);
  if (answer.kind === "not-ready")
    return problem("RUN_NOT_READY", `The run is ${answer.status}`, { status: answer.status });
  if (answer.kind === "expired") return expired(answer.expiresAt);
  if (answer.rowCount !== undefined && page.data > pagesOf(answer.rowCount)) return beyond(page.data, answer.rowCount);
  const mce = await doors.mce(answer.tenancy);
  if (mce === undefined)
    return problem("MCE_ERROR", "The connection this run used is gone; its rows can no longer be read");
  const read = await readPage(mce, answer.result, { page: page.data, pageSize });
  if (!read.ok) return mceProblem(read.failure);
  if (read.value === undefined) return problem("RESULT_EXPIRED", "Marketing Cloud no longer has the rows of this run");
  const { renewed, ...rowset } = read.value;
  if (renewed !== undefined) {
    // Not awaited by the user: the next page only gets cheaper by it.
    c.executionCtx.waitUntil(
      stub.renewSnapshot(answer.result.requestToken, renewed.requestToken, renewed.tokenExpiresAt),
    );
  }
  if (page.data > pagesOf(rowset.count)) return beyond(page.data, rowset.count);
  return c.json(bodyOf(answer, rowset, page.data));
});

function bodyOf(run: ResultAnswer & { kind: "readable" }, rowset: RowsetPage, page: number) {
  const totalRows = rowset.count;
  const accessibleRows = Math.min(totalRows, pagesMax * pageSize);
  return {
    columns: run.columns.map(({ assumed: _assumed, ...column }) => column),
    rows: typedRows(run.columns, rowset.items),
    page,
    pageSize,
    pages: pagesOf(totalRows),
    totalRows,
    accessibleRows,
    truncated: accessibleRows < totalRows,
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

function expired(expiresAt: number): Response {
  const at = new Date(expiresAt).toISOString();
  return problem("RESULT_EXPIRED", `The rows were kept until ${at}; run the query again to get them anew`, {
    expiresAt: at,
  });
}

async function purged({ doors, user }: AppEnv["Variables"], id: string): Promise<Response> {
  const view = await readProjectedRun(await doors.database(), user, id);
  if (view === undefined) return problem("RUN_NOT_FOUND", `There is no run "${id}" of yours`);
  return problem("RESULT_EXPIRED", "The run is over for more than two days; run the query again to get its rows");
}

function mceProblem(failure: MceFailure): Response {
  const said = maskValues(failure.message);
  switch (failure.kind) {
    case "throttled":
      return problem("MCE_BUSY", `Marketing Cloud asks for patience: ${said}`, {
        retryAfter: Math.ceil(failure.waitMs / 1000),
      });
    case "unavailable":
    case "aborted":
      return problem("MCE_BUSY", `Marketing Cloud did not answer: ${said}`, { retryAfter: 5 });
    case "unauthorized":
      return problem("MCE_ERROR", `Marketing Cloud refuses the sign-in: ${said}`);
    case "forbidden":
      return problem("MCE_ERROR", `The connection may not read these rows: ${said}`);
    case "rejected":
      return problem("MCE_ERROR", `Marketing Cloud refuses: ${said}`);
  }
}
