import { z } from "zod";
import { ok } from "#lang/result.ts";
import type { Mce } from "../client.ts";
import { rejected, unavailable, type Answer } from "../failure.ts";
import type { QueryDefinitionDraft } from "../soap/query-definition.ts";

/** REST's numbers for the ways to write into a target (MCE 5.5). */
export const updateTypeIds = { Overwrite: 0, Update: 1, Append: 2 } as const satisfies Record<
  QueryDefinitionDraft["updateType"],
  number
>;

const Created = z.object({ queryDefinitionId: z.string().trim().min(1) });

/**
 * Creates a query activity by REST. A refusal has a reason, where SOAP may give only an error number (MCE 5.1).
 *
 * @param draft with a folder, which REST requires
 * @returns its GUID, which is SOAP's ObjectID
 */
export async function createQueryByRest(
  mce: Mce,
  draft: QueryDefinitionDraft & { folderId: number },
): Promise<Answer<{ objectId: string }>> {
  const name = "REST create query";
  const { target, updateType } = draft;
  const answer = await mce.rest({
    method: "POST",
    name,
    path: "/automation/v1/queries",
    // Flat: a nested `target` is answered with HTTP 500 (MCE 5.5).
    json: {
      name: draft.name,
      key: draft.customerKey,
      description: draft.description ?? "",
      queryText: draft.sql,
      targetName: target.name,
      targetKey: target.customerKey,
      targetUpdateTypeId: updateTypeIds[updateType],
      targetUpdateTypeName: updateType,
      categoryId: draft.folderId,
    },
    maxBytes: 1024 * 1024,
    effect: "unknown",
  });
  if (!answer.ok) return answer;
  if (answer.value.kind === "refused") return rejected(answer.value.code, answer.value.message);
  const body = Created.safeParse(answer.value.json);
  if (!body.success) return unavailable("unknown", `Cannot read ${name}: the answer has no object id`);
  return ok({ objectId: body.data.queryDefinitionId });
}
