import { pageSize, pagesMax } from "#api/result-calls.ts";
import { problem } from "../problem.ts";

/** How many pages can be read of so many rows; one for none. */
export function pagesOf(rows: number): number {
  return Math.max(1, Math.min(pagesMax, Math.ceil(rows / pageSize)));
}

/** How many of so many rows can be read. */
export function accessibleOf(rows: number): number {
  return Math.min(rows, pagesMax * pageSize);
}

/** Answers for a page that so many rows do not have. */
export function beyond(page: number, rows: number): Response {
  const detail = `Page ${page} does not exist: the result has ${rows} rows, ${pagesOf(rows)} pages of ${pageSize}`;
  return problem("PAGE_OUT_OF_RANGE", detail, { errors: [{ path: "page", message: detail }] });
}
