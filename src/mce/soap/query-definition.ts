import { given } from "#lang/given.ts";
import { ok } from "#lang/result.ts";
import type { Mce } from "../client.ts";
import type { Answer } from "../failure.ts";
import { epochOf } from "./date.ts";
import { createRequest, deleteRequest, element, xml } from "./envelope.ts";
import type { Filter } from "./filter.ts";
import { objectIdOf } from "./object-id.ts";
import { child, integerAt, textAt, type XmlElement } from "./parse.ts";
import { readResult } from "./result.ts";
import { readAll, retrieve, type RetrieveOptions } from "./retrieve.ts";

/** A query activity. `createdAt` is in epoch milliseconds. */
export type QueryDefinition = {
  objectId: string;
  customerKey: string;
  name: string;
  folderId?: number;
  createdAt?: number;
};

export type QueryDefinitionDraft = {
  /** At most 36 characters: MCE silently cuts a longer one (MCE 4.4). */
  customerKey: string;
  /** At most 64 characters. */
  name: string;
  description?: string;
  /** Never 0; absent: the default query folder. */
  folderId?: number;
  sql: string;
  target: { customerKey: string; name: string };
  updateType: "Overwrite" | "Append" | "Update";
};

/** Creates a query activity; MCE checks its SQL. @returns its GUID, which Perform requires */
export async function createQueryDefinition(
  mce: Mce,
  draft: QueryDefinitionDraft,
): Promise<Answer<{ objectId: string }>> {
  const name = "SOAP Create QueryDefinition";
  const { target } = draft;
  const body = createRequest(
    xml`<Objects xsi:type="QueryDefinition"><CustomerKey>${draft.customerKey}</CustomerKey><Name>${draft.name}</Name>${element("Description", draft.description)}<QueryText>${draft.sql}</QueryText><TargetType>DE</TargetType><DataExtensionTarget><CustomerKey>${target.customerKey}</CustomerKey><Name>${target.name}</Name></DataExtensionTarget><TargetUpdateType>${draft.updateType}</TargetUpdateType>${element("CategoryID", draft.folderId)}</Objects>`,
  );
  const answer = await mce.soap({ action: "Create", name, body });
  if (!answer.ok) return answer;
  const result = readResult(name, answer.value, child(answer.value, "Results"));
  return result.ok ? objectIdOf(name, result.value) : result;
}

/**
 * Finds query activities that are not deleted: MCE still returns deleted ones, as `Inactive` (MCE 5.3).
 *
 * @param by `createdBefore` is in epoch milliseconds
 */
export async function findQueryDefinitions(
  mce: Mce,
  by: { customerKey: string } | { folderId: number; createdBefore?: number },
  options: RetrieveOptions = {},
): Promise<Answer<QueryDefinition[]>> {
  const found = await findActive(mce, filterOf(by), options);
  if (!found.ok || !("createdBefore" in by)) return found;
  const { createdBefore = Infinity } = by;
  // How MCE reads time zones in filters is unproven, so the activity's own creation time must agree.
  return ok(found.value.filter(({ createdAt }) => createdAt === undefined || createdAt < createdBefore));
}

function filterOf(by: Parameters<typeof findQueryDefinitions>[1]): Filter {
  const active: Filter = { property: "Status", equals: "Active" };
  if ("customerKey" in by) return { and: [{ property: "CustomerKey", equals: by.customerKey }, active] };
  const inFolder: Filter = { property: "CategoryID", equals: by.folderId };
  if (by.createdBefore === undefined) return { and: [inFolder, active] };
  // Two conditions, as other tools send them. A third level of nesting is unproven, so `Inactive` is dropped later.
  return { and: [inFolder, { property: "CreatedDate", before: by.createdBefore }] };
}

async function findActive(mce: Mce, filter: Filter, options: RetrieveOptions): Promise<Answer<QueryDefinition[]>> {
  const properties = ["ObjectID", "CustomerKey", "Name", "CategoryID", "CreatedDate", "Status"];
  const found = await retrieve(mce, { objectType: "QueryDefinition", properties, filter }, options);
  if (!found.ok) return found;
  const active = found.value.filter((result) => (textAt(result, "Status") ?? "Active").toLowerCase() === "active");
  return readAll("SOAP Retrieve QueryDefinition", active, readQueryDefinition);
}

function readQueryDefinition(result: XmlElement): QueryDefinition | undefined {
  const objectId = textAt(result, "ObjectID");
  const customerKey = textAt(result, "CustomerKey");
  const name = textAt(result, "Name");
  if (objectId === undefined || customerKey === undefined || name === undefined) return undefined;
  const folderId = integerAt(result, "CategoryID");
  const createdAt = epochOf(textAt(result, "CreatedDate") ?? "");
  return { objectId, customerKey, name, ...given({ folderId, createdAt }) };
}

/**
 * Deletes a query activity. Never call it while the query runs: that endangers the run (MCE 5.4).
 *
 * @returns `absent` when MCE has no active one with that id. The words of its refusal are unproven, so a refused delete
 *   is followed by one look-up
 */
export async function deleteQueryDefinition(mce: Mce, by: { objectId: string }): Promise<Answer<"deleted" | "absent">> {
  const name = "SOAP Delete QueryDefinition";
  const body = deleteRequest(xml`<Objects xsi:type="QueryDefinition"><ObjectID>${by.objectId}</ObjectID></Objects>`);
  const answer = await mce.soap({ action: "Delete", name, body });
  if (!answer.ok) return answer;
  const result = readResult(name, answer.value, child(answer.value, "Results"));
  if (result.ok) return ok("deleted");
  if (result.error.kind !== "rejected") return result;
  const active: Filter = { property: "Status", equals: "Active" };
  const left = await findActive(mce, { and: [{ property: "ObjectID", equals: by.objectId }, active] }, {});
  return left.ok && left.value.length === 0 ? ok("absent") : result;
}
