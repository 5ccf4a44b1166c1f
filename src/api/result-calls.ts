import { z } from "zod";
import { call } from "./call.ts";
import { etag, runInPath } from "./parts.ts";
import { RunShape } from "./shapes/run.ts";
import { ResultPageShape } from "./shapes/result-page.ts";

/** Rows of a page of results. */
export const pageSize = 50;

/** A result has at most this many pages. */
export const pagesMax = 50;

const range = `\`page\` is a whole number, 1 to ${pagesMax}: at most ${pagesMax * pageSize} rows can be read`;

/** `GET /v1/runs/{id}/results`. */
export const readResults = call({
  method: "get",
  path: "/v1/runs/{id}/results",
  tag: "Runs",
  summary: "Read one page of 50 rows",
  access: "runs:read",
  params: runInPath,
  description:
    "With `sort` or `find` all rows of the result are read once, at most 2,500, and the pages are those of the rows found, in that order. Nothing is kept.",
  query: z.object({
    sort: z.string().min(1).max(128).optional().meta({ description: "The name of a column" }),
    desc: z
      .enum(["0", "1"])
      .default("0")
      .transform((text) => text === "1")
      .meta({ description: "1: the largest first; nulls stay last" }),
    find: z.string().max(200).optional().meta({ description: "A text that a value of the row has, in any case" }),
    page: z.coerce.number(range).int(range).min(1, range).max(pagesMax, range).default(1),
  }),
  mistakes: { page: { code: "PAGE_OUT_OF_RANGE", detail: range } },
  answers: { 200: { description: "The page", body: ResultPageShape } },
  problems: {
    RUN_NOT_FOUND: true,
    RUN_NOT_READY: "also when it failed or was canceled",
    RESULT_EXPIRED: true,
    PAGE_OUT_OF_RANGE: true,
    INVALID_BODY: "`sort` is no column of the result",
    NOT_SORTABLE: "the rows of a target, or more than 2,500",
    MCE_ERROR: true,
    MCE_BUSY: true,
  },
});

/** `DELETE /v1/runs/{id}/results`. */
export const discardResults = call({
  method: "delete",
  path: "/v1/runs/{id}/results",
  tag: "Runs",
  summary: "End a result now: its temporary table is deleted. What a run wrote into a target stays",
  access: "runs:write",
  params: runInPath,
  answers: {
    202: { description: "It has ended; its rows are RESULT_EXPIRED from now on", body: RunShape, headers: etag },
  },
  problems: {
    RUN_NOT_FOUND: true,
    RUN_NOT_READY: "there is no result",
    RESULT_EXPIRED: "the run ended more than two days ago",
  },
});
