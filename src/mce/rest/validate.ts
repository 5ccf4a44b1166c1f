import { given } from "#lang/given.ts";
import { z } from "zod";
import type { Mce } from "../client.ts";
import { answered, rejected, unavailable, type Answer } from "../failure.ts";
import { textsOf } from "./envelope.ts";

/** What MCE's own checker says of a query; its texts quote identifiers and perhaps literals of the SQL. */
export type Validation = { valid: boolean; errors: string[]; warnings: string[] };

const Answered = z.looseObject({ queryValid: z.boolean() });

/** What a query would be saved with, besides its text. */
type Saving = { targetKey: string; targetUpdateTypeId: number };

/**
 * Asks MCE to check a query without saving it. Peers go on without it when it is out of order.
 *
 * @param ask `saving`: also against the Data Extension it is to write into
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
    // `Text` here, `queryText` where a query is created (MCE 5.5).
    json: { Text: ask.sql, ...ask.saving },
    maxBytes: 1024 * 1024,
    ...given({ signal: ask.signal }),
  });
  if (!answer.ok) return answer;
  if (answer.value.kind === "refused") return rejected(answer.value.code, answer.value.message);
  const body = Answered.safeParse(answer.value.json);
  if (!body.success) return unavailable("none", `Cannot read ${name}: the answer does not say`);
  const { queryValid, ...said } = body.data;
  const errors = textsOf(said["errors"]);
  return answered({
    valid: queryValid,
    errors: errors.length === 0 && !queryValid ? textsOf(said["errorMessage"]) : errors,
    warnings: textsOf(said["warnings"]),
  });
}
