import { given } from "#lang/given.ts";
import { ok } from "#lang/result.ts";
import type { Mce } from "../client.ts";
import { unavailable, type Answer } from "../failure.ts";
import { pairsOf } from "./raw-results.ts";
import { retrieve } from "./retrieve.ts";

/**
 * A task's row in MCE's status list, with MCE's words and US dates of UTC-6. `completedDate` may be before the start, and
 * `status` may stay `Queued` to the end (MCE 6): neither proves anything alone.
 */
export type StatusRow = {
  status: string;
  /** Empty when there is none; may quote row values. */
  errorMsg: string;
  completedDate?: string;
  startDate?: string;
  processedCount?: number;
};

/**
 * Reads the status of performed queries, with one IN for several.
 *
 * @returns rows by TaskID; a task without a row is missing, because the first polls may be too early. Whether MCE takes
 *   IN for this list is unproven, so a task that is missing among several has to be asked for alone
 */
export async function readAsyncStatuses(
  mce: Mce,
  by: { taskIds: readonly [string, ...string[]]; signal?: AbortSignal },
): Promise<Answer<ReadonlyMap<string, StatusRow>>> {
  const [only, ...more] = by.taskIds;
  const found = await retrieve(
    mce,
    {
      objectType: "AsyncActivityStatus",
      properties: ["TaskID", "Status", "ErrorMsg", "StartDate", "CompletedDate", "ProcessedCount"],
      filter: more.length === 0 ? { property: "TaskID", equals: only } : { property: "TaskID", in: by.taskIds },
    },
    given({ signal: by.signal }),
  );
  if (!found.ok) return found;
  const rows = new Map<string, StatusRow>();
  for (const pairs of found.value.map((row) => new Map(pairsOf(row)))) {
    const taskId = pairs.get("TaskID")?.trim() ?? (more.length === 0 ? only : "");
    if (!by.taskIds.includes(taskId) || rows.has(taskId)) continue;
    const status = pairs.get("Status")?.trim() ?? "";
    if (status === "")
      return unavailable("none", "Cannot read SOAP Retrieve AsyncActivityStatus: a row without Status");
    rows.set(taskId, { status, errorMsg: pairs.get("ErrorMsg")?.trim() ?? "", ...extras(pairs) });
  }
  return ok(rows);
}

/** Reads the status of one performed query. @returns undefined without a row */
export async function readAsyncStatus(
  mce: Mce,
  { taskId, signal }: { taskId: string; signal?: AbortSignal },
): Promise<Answer<StatusRow | undefined>> {
  const found = await readAsyncStatuses(mce, { taskIds: [taskId], ...given({ signal }) });
  return found.ok ? ok(found.value.get(taskId)) : found;
}

function extras(pairs: Map<string, string>): Pick<StatusRow, "completedDate" | "startDate" | "processedCount"> {
  const textOf = (name: string) => pairs.get(name)?.trim() || undefined;
  const processed = textOf("ProcessedCount") ?? "";
  const processedCount = /^\d{1,15}$/.test(processed) ? Number(processed) : undefined;
  return given({ completedDate: textOf("CompletedDate"), startDate: textOf("StartDate"), processedCount });
}
