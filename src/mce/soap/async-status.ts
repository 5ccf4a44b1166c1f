import type { Mce } from "../client.ts";
import type { Answer } from "../failure.ts";
import { answered, unavailable } from "../failure.ts";
import type { XmlElement } from "./parse.ts";
import { child, childrenOf, textAt } from "./parse.ts";
import { retrieve } from "./retrieve.ts";

/**
 * What MCE's status list says of one task, in its own words and US dates of UTC-6. `completedDate` may lie before the
 * start and `status` may stay `Queued` to the end (FACTS 6): neither proves anything alone.
 */
export type StatusRow = {
  status: string;
  /** Empty when MCE gives none; may quote row values. */
  errorMsg: string;
  completedDate?: string;
  startDate?: string;
  processedCount?: number;
};

/** Reads the status of a performed query. @returns undefined without a row: the first polls may come too early */
export async function readAsyncStatus(
  mce: Mce,
  by: { taskId: string; signal?: AbortSignal },
): Promise<Answer<StatusRow | undefined>> {
  const found = await retrieve(
    mce,
    {
      objectType: "AsyncActivityStatus",
      properties: ["TaskID", "Status", "ErrorMsg", "StartDate", "CompletedDate", "ProcessedCount"],
      filter: { property: "TaskID", equals: by.taskId },
    },
    by.signal === undefined ? {} : { signal: by.signal },
  );
  if (!found.ok) return found;
  const pairs = found.value.map(pairsOf).find((row) => (row.get("TaskID") ?? by.taskId).trim() === by.taskId);
  if (pairs === undefined) return answered(undefined);
  const status = pairs.get("Status")?.trim() ?? "";
  if (status === "") return unavailable("none", "Cannot read SOAP Retrieve AsyncActivityStatus: a row without Status");
  return answered({ status, errorMsg: pairs.get("ErrorMsg")?.trim() ?? "", ...extras(pairs) });
}

/** The pairs come in the service's own order (FACTS 6). */
function pairsOf(result: XmlElement): Map<string, string> {
  const pairs = childrenOf(child(result, "Properties"), "Property");
  return new Map(pairs.map((pair) => [textAt(pair, "Name") ?? "", textAt(pair, "Value") ?? ""]));
}

function extras(pairs: Map<string, string>): Pick<StatusRow, "completedDate" | "startDate" | "processedCount"> {
  const [completedDate, startDate, processed] = ["CompletedDate", "StartDate", "ProcessedCount"].map((name) =>
    pairs.get(name)?.trim(),
  );
  return {
    ...(completedDate ? { completedDate } : {}),
    ...(startDate ? { startDate } : {}),
    ...(processed !== undefined && /^\d{1,15}$/.test(processed) ? { processedCount: Number(processed) } : {}),
  };
}
