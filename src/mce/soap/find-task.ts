import { given } from "#lang/given.ts";
import { ok } from "#lang/result.ts";
import type { Mce } from "../client.ts";
import type { Answer } from "../failure.ts";
import { usLocal } from "./date.ts";
import { element } from "./envelope.ts";
import { filterElement } from "./filter.ts";
import { childrenOf } from "./parse.ts";
import { pairsOf } from "./raw-results.ts";
import { retrieveBatch } from "./retrieve.ts";

/** One hour on both sides, because our clock is not MCE's, and what MCE takes as the start is undocumented. */
const slackMs = 60 * 60 * 1000;

/**
 * Looks for the TaskID of a performed query by the query's CustomerKey, in the first batch of what MCE started in a span
 * of time.
 *
 * Whether a status row has its query's key is unproven (MCE 6).
 *
 * @param by `from` and `until` in epoch milliseconds
 * @returns the newest task of that key; undefined when none is listed; `rejected` when MCE does not support the question
 * @see https://developer.salesforce.com/docs/marketing/marketing-cloud/guide/retrieving_the_status_of_programs_using_asyncactivitystatus
 *   (the two times are texts; operator and operand are ignored)
 */
export async function findTask(
  mce: Mce,
  by: { customerKey: string; from: number; until: number; signal?: AbortSignal },
): Promise<Answer<string | undefined>> {
  const { customerKey, from, until, signal } = by;
  const span = filterElement({
    and: [
      { property: "StartTime", equals: usLocal(from - slackMs) },
      { property: "EndTime", equals: usLocal(until + slackMs) },
    ],
  });
  const batch = await retrieveBatch(mce, {
    name: "SOAP Retrieve AsyncActivityStatus",
    inner: [
      element("ObjectType", "AsyncActivityStatus"),
      element("Properties", "TaskID"),
      element("Properties", "CustomerKey"),
      span,
    ],
    ...given({ signal }),
  });
  if (!batch.ok) return batch;
  const wanted = customerKey.toLowerCase();
  const tasks = childrenOf(batch.value.response, "Results").flatMap((result) => {
    const pairs = new Map(pairsOf(result));
    const taskId = pairs.get("TaskID")?.trim() ?? "";
    return pairs.get("CustomerKey")?.trim().toLowerCase() === wanted && /^[1-9]\d*$/.test(taskId) ? [taskId] : [];
  });
  return ok(tasks.toSorted((one, other) => Number(other) - Number(one))[0]);
}
