import { z } from "zod";
import { json, parseJson, type Reply } from "../http.ts";
import { checkText, type Place } from "../query-checks.ts";
import { targetByKey } from "../store.ts";
import { restError } from "./errors.ts";
import { updateTypeNamed } from "./query-item.ts";

const validation = z.object({
  Text: z.string().min(1),
  targetKey: z.string().optional(),
  targetUpdateTypeId: z.number().optional(),
});

/** Checks SQL without saving it; the text's member is `Text`, and errors are objects (MCE 5.5). */
export function validateQuery(place: Place, body: string): Reply {
  if (place.world.behaviours.validateDown) return restError(500, "Internal Server Error");
  const parsed = validation.safeParse(parseJson(body));
  if (!parsed.success) return restError(400, "The Text property is required.", 10_001);
  const { Text, targetKey, targetUpdateTypeId } = parsed.data;
  const target = targetKey === undefined ? undefined : targetByKey(place.world.store, place.mid, place.eid, targetKey);
  const updateType = updateTypeNamed(targetUpdateTypeId);
  const found = checkText(Text, target && { target, updateType: updateType ?? "Overwrite" }, place);
  const wrong = found.kind === "wrong" ? found.message : undefined;
  const isPardoned = place.world.behaviours.validateOrderBy && /ORDER BY clause is invalid/.test(wrong ?? "");
  const problem = isPardoned ? undefined : wrong;
  const warnings = /\bwhere\b/i.test(Text)
    ? []
    : ["Just a heads-up: your query has no WHERE clause. Consider adding one."];
  const said = (messages: string[]) => messages.map((message) => ({ message }));
  return json(200, {
    queryValid: problem === undefined,
    errors: said(problem === undefined ? [] : [problem]),
    warnings: said(warnings),
    errorMessage: "",
  });
}
