import { given } from "#lang/given.ts";
import { ok } from "#lang/result.ts";
import type { Mce } from "../client.ts";
import { unavailable, type Answer } from "../failure.ts";
import { performRequest, xml } from "./envelope.ts";
import { at, textAt } from "./parse.ts";
import { readResult } from "./result.ts";

/**
 * Starts a query activity once. OK means queued, not done.
 *
 * It is repeated only for a refused token, because MCE has done nothing then. Every answer that is not clearly "started
 * as task n" or "refused" is `unavailable` with effect `unknown`: a second Perform is a second run.
 *
 * @param mayBeSent asked right before each sending, after the waits for a token and for the call budget
 * @returns the task's number; `aborted`: `mayBeSent` said no, nothing was sent
 */
export async function performQuery(
  mce: Mce,
  { objectId, mayBeSent }: { objectId: string; mayBeSent?: () => boolean },
): Promise<Answer<{ taskId: string }>> {
  const name = "SOAP Perform";
  const body = performRequest(
    "Start",
    xml`<Definition xsi:type="QueryDefinition"><ObjectID>${objectId}</ObjectID></Definition>`,
  );
  const answer = await mce.soap({ action: "Perform", name, body, ...given({ mayBeSent }) });
  if (!answer.ok) return answer;
  const result = readResult(name, answer.value, at(answer.value, "Results", "Result"));
  if (!result.ok) return result;
  const taskId = textAt(result.value, "Task", "ID")?.trim();
  if (taskId === undefined || !/^\d+$/.test(taskId))
    return unavailable("unknown", `Cannot read ${name}: the answer has no TaskID`);
  return ok({ taskId });
}
