import type { Diagnostic } from "#client/check-types.ts";
import type { RunState } from "#client/run-state.ts";
import { offsetAt } from "../editor/remarks/edits.ts";
import type { Request } from "../state/job.ts";
import { loadPart } from "../state/load-part.ts";
import { changeJob, tabOf } from "../state/tabs.ts";

/** Finds where in the tab's text its run has failed, for the editor and the result to show. */
export async function markFailure(tabId: string, sentAt: number, { error }: RunState): Promise<void> {
  const { sql, job } = tabOf(tabId) ?? {};
  const request = job?.request;
  if (error?.mce === undefined || request === undefined || sql === undefined || !stands(sql, request)) return;
  const { failedPlace } = await loadPart(() => import("../reader/failed-place.ts"));
  const found = failedPlace(request.sql, error);
  if (found !== undefined) changeJob(tabId, sentAt, { failure: { sql, remark: placedIn(found, request) } });
}

/** Whether what was run is still where it was. */
function stands(sql: string, { sql: ran, line, column }: Request): boolean {
  return sql.startsWith(ran, offsetAt(sql)(line + 1, column + 1));
}

/** A remark on what was run as one on the whole text. */
function placedIn(remark: Diagnostic, { line, column }: Request): Diagnostic {
  const columnOf = (at: number, ofLine: number) => (ofLine === 1 ? at + column : at);
  return {
    ...remark,
    line: remark.line + line,
    column: columnOf(remark.column, remark.line),
    endLine: remark.endLine + line,
    endColumn: columnOf(remark.endColumn, remark.endLine),
  };
}
