import { given } from "#lang/given.ts";
import { ok } from "#lang/result.ts";
import { z } from "zod";
import type { Mce } from "../client.ts";
import { rejected, unavailable, type Answer } from "../failure.ts";

const IsRunning = z.object({ isRunning: z.boolean() });

/**
 * Reads whether a query activity is running.
 *
 * @returns also false in the first seconds after a Perform (MCE 5.5); `rejected` for an unknown id
 */
export async function isQueryRunning(
  mce: Mce,
  by: { objectId: string; signal?: AbortSignal },
): Promise<Answer<boolean>> {
  const name = "REST isrunning";
  const answer = await mce.rest({
    method: "GET",
    name,
    path: `/automation/v1/queries/${encodeURIComponent(by.objectId)}/actions/isrunning/`,
    maxBytes: 64 * 1024,
    ...given({ signal: by.signal }),
  });
  if (!answer.ok) return answer;
  if (answer.value.kind === "refused") return rejected(answer.value.code, answer.value.message);
  const body = IsRunning.safeParse(answer.value.json);
  if (!body.success) return unavailable("none", `Cannot read ${name}: the answer does not say`);
  return ok(body.data.isRunning);
}
