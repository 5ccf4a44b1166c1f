import { given } from "#lang/given.ts";
import { ok } from "#lang/result.ts";
import { z } from "zod";
import type { Mce } from "../client.ts";
import { rejected, unavailable, type Answer } from "../failure.ts";
import { textsOf } from "./envelope.ts";

/** MCE's own check of a query. Its texts quote identifiers and perhaps literals of the SQL. */
export type Validation = { valid: boolean; errors: string[]; warnings: string[] };

const Answered = z.looseObject({ queryValid: z.boolean() });

/** What a query is to be saved with, besides its text. */
type Saving = { targetKey: string; targetUpdateTypeId: number };

/**
 * Asks MCE to check a query without saving it. Other tools go on without the check when it does not work.
 *
 * @param ask with `saving`, it is also checked against the Data Extension that it is to write into
 */
export async function validateQuery(
  mce: Mce,
  ask: { sql: string; saving?: Saving; signal?: AbortSignal },
): Promise<Answer<Validation>> {
  const name = "REST validate";
  const answer = await mce.rest({
    method: "POST",
    name,
    path: "/automation/v1/queries/actions/validate/",
    // `Text` here, but `queryText` to create a query (MCE 5.5).
    json: { Text: ask.sql, ...ask.saving },
    maxBytes: 1024 * 1024,
    ...given({ signal: ask.signal }),
  });
  if (!answer.ok) return answer;
  if (answer.value.kind === "refused") return rejected(answer.value.code, answer.value.message);
  const body = Answered.safeParse(answer.value.json);
  if (!body.success) return unavailable("none", `Cannot read ${name}: the answer does not say`);
  const { queryValid, ...texts } = body.data;
  const errors = textsOf(texts["errors"]);
  return ok({
    valid: queryValid,
    errors: errors.length === 0 && !queryValid ? textsOf(texts["errorMessage"]) : errors,
    warnings: textsOf(texts["warnings"]),
  });
}
