import { given } from "#lang/given.ts";
import { ok } from "#lang/result.ts";
import type { Mce } from "../client.ts";
import type { Answer } from "../failure.ts";
import { epochOf } from "./date.ts";
import { createRequest, deleteRequest, element, xml, type Xml } from "./envelope.ts";
import { fieldElement, type FieldDefinition } from "./field.ts";
import { objectIdOf } from "./object-id.ts";
import { child, integerAt, textAt, type XmlElement } from "./parse.ts";
import { readResult } from "./result.ts";
import { readAll, retrieve, type RetrieveOptions } from "./retrieve.ts";
import { retrieveIn } from "./retrieve-in.ts";

export type { FieldDefinition } from "./field.ts";

/** A Data Extension. `createdAt` is in epoch milliseconds. */
export type DataExtension = {
  objectId: string;
  customerKey: string;
  name: string;
  folderId?: number;
  createdAt?: number;
};

export type DataExtensionDraft = {
  customerKey: string;
  name: string;
  description?: string;
  folderId: number;
  fields: readonly FieldDefinition[];
  /** MCE deletes the Data Extension with its rows after this many days; without it they stay. Needs its own permission. */
  retention?: { days: number };
};

/** Creates a Data Extension. @returns its GUID; `rejected` with 310003 when its name or key is taken (MCE 4.4) */
export async function createDataExtension(mce: Mce, draft: DataExtensionDraft): Promise<Answer<{ objectId: string }>> {
  const name = "SOAP Create DataExtension";
  const { retention } = draft;
  const body = createRequest(
    xml`<Objects xsi:type="DataExtension"><CustomerKey>${draft.customerKey}</CustomerKey><Name>${draft.name}</Name>${element("Description", draft.description)}<IsSendable>false</IsSendable><IsTestable>false</IsTestable>${retentionElements(retention)}<Fields>${draft.fields.map(fieldElement)}</Fields>${element("DataRetentionPeriod", retention === undefined ? undefined : "Days")}<CategoryID>${draft.folderId}</CategoryID></Objects>`,
  );
  const answer = await mce.soap({ action: "Create", name, body });
  if (!answer.ok) return answer;
  const result = readResult(name, answer.value, child(answer.value, "Results"));
  return result.ok ? objectIdOf(name, result.value) : result;
}

/** "Delete all rows and the Data Extension": the last flag reads the wrong way round (MCE 4.3). */
function retentionElements(retention: { days: number } | undefined): Xml {
  if (retention === undefined) return xml``;
  return xml`<DataRetentionPeriodLength>${retention.days}</DataRetentionPeriodLength><RowBasedRetention>false</RowBasedRetention><ResetRetentionPeriodOnImport>false</ResetRetentionPeriodOnImport><DeleteAtEndOfRetentionPeriod>false</DeleteAtEndOfRetentionPeriod>`;
}

const ask = {
  objectType: "DataExtension",
  properties: ["ObjectID", "CustomerKey", "Name", "CategoryID", "CreatedDate"],
};

/** Finds Data Extensions by key, name or folder. Unknown ones are missing from the result. */
export async function findDataExtensions(
  mce: Mce,
  by:
    | { customerKey: string }
    | { customerKeys: readonly string[] }
    | { names: readonly string[] }
    | { folderId: number },
  options: RetrieveOptions = {},
): Promise<Answer<DataExtension[]>> {
  const found = await retrieveIn(mce, { ...ask, by: conditionOf(by) }, options);
  return found.ok ? readAll("SOAP Retrieve DataExtension", found.value, readDataExtension) : found;
}

/** Reads all Data Extensions of the business unit, for accounts that refuse a filter. */
export async function readDataExtensions(mce: Mce, options: RetrieveOptions = {}): Promise<Answer<DataExtension[]>> {
  const found = await retrieve(mce, ask, options);
  return found.ok ? readAll("SOAP Retrieve DataExtension", found.value, readDataExtension) : found;
}

/** Reads the names of all Data Extensions of the business unit. */
export async function readDataExtensionNames(mce: Mce, options: RetrieveOptions = {}): Promise<Answer<string[]>> {
  const found = await retrieve(mce, { objectType: "DataExtension", properties: ["Name"] }, options);
  return found.ok ? readAll("SOAP Retrieve DataExtension", found.value, (result) => textAt(result, "Name")) : found;
}

function conditionOf(by: Parameters<typeof findDataExtensions>[1]) {
  if ("folderId" in by) return { property: "CategoryID", values: [String(by.folderId)] };
  if ("names" in by) return { property: "Name", values: by.names };
  return { property: "CustomerKey", values: "customerKey" in by ? [by.customerKey] : by.customerKeys };
}

function readDataExtension(result: XmlElement): DataExtension | undefined {
  const objectId = textAt(result, "ObjectID");
  const customerKey = textAt(result, "CustomerKey");
  const name = textAt(result, "Name");
  if (objectId === undefined || customerKey === undefined || name === undefined) return undefined;
  const folderId = integerAt(result, "CategoryID");
  const createdAt = epochOf(textAt(result, "CreatedDate") ?? "");
  return { objectId, customerKey, name, ...given({ folderId, createdAt }) };
}

/** The target of a delete was not found (MCE 4.4). */
const notFound = "310002";

/**
 * Deletes a Data Extension with its rows.
 *
 * @returns `absent` when MCE does not know the key. It refuses such a delete with several codes (MCE 4.6), so a refused
 *   delete is followed by one look-up
 */
export async function deleteDataExtension(
  mce: Mce,
  by: { customerKey: string },
): Promise<Answer<"deleted" | "absent">> {
  const name = "SOAP Delete DataExtension";
  const body = deleteRequest(
    xml`<Objects xsi:type="DataExtension"><CustomerKey>${by.customerKey}</CustomerKey></Objects>`,
  );
  const answer = await mce.soap({ action: "Delete", name, body });
  if (!answer.ok) return answer;
  const result = readResult(name, answer.value, child(answer.value, "Results"));
  if (result.ok) return ok("deleted");
  const { error: failure } = result;
  if (failure.kind !== "rejected") return result;
  if (failure.code === notFound) return ok("absent");
  const left = await findDataExtensions(mce, by);
  return left.ok && left.value.length === 0 ? ok("absent") : result;
}
