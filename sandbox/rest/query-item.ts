import { serverIso } from "../dates.ts";
import type { QueryDefinition, UpdateType } from "../entities.ts";
import type { Place } from "../query-checks.ts";
import { validatedText } from "./validated-text.ts";

const updateTypeIds: Record<UpdateType, number> = { Overwrite: 0, Update: 1, Append: 2 };
/** The update type of an id. */
export const updateTypeNamed = (id: number | undefined) =>
  (["Overwrite", "Update", "Append"] as const).find((name) => updateTypeIds[name] === id);

/** The item with its validated text, which comes before the folder (MCE 5.5). */
export function validatedItem(it: QueryDefinition, { eid }: Place): Record<string, unknown> {
  const { categoryId, isFrozen, ...rest } = queryItem(it);
  return { ...rest, validatedQueryText: validatedText(it, eid), categoryId, isFrozen };
}

/** A query activity as the list and a GET show it. */
export function queryItem(it: QueryDefinition): Record<string, unknown> {
  return {
    queryDefinitionId: it.objectId,
    name: it.name,
    key: it.customerKey,
    description: it.description,
    queryText: it.queryText,
    targetName: it.targetName,
    targetKey: it.targetKey,
    targetId: it.targetObjectId,
    targetDescription: "",
    createdDate: serverIso(it.createdAt),
    modifiedDate: serverIso(it.modifiedAt),
    targetUpdateTypeId: updateTypeIds[it.updateType],
    targetUpdateTypeName: it.updateType,
    categoryId: it.folderId,
    isFrozen: false,
  };
}
