import { given } from "#lang/given.ts";
import { ok } from "#lang/result.ts";
import type { Mce } from "../client.ts";
import { unavailable, type Answer } from "../failure.ts";
import { createRequest, deleteRequest, element, xml } from "./envelope.ts";
import { child, integerAt, textAt, type XmlElement } from "./parse.ts";
import { readResult } from "./result.ts";
import { readAll, retrieve } from "./retrieve.ts";

/** A folder. The root of its content type has `parentId` 0. */
export type Folder = { id: number; name: string; contentType: string; parentId: number; customerKey?: string };

/** What a folder holds (MCE 3.1). The shared and synchronized ones are the enterprise's: `clientId` is the EID then. */
export type FolderContent =
  | "dataextension"
  | "queryactivity"
  | "shared_dataextension"
  | "synchronizeddataextension"
  | "salesforcedataextension";

/**
 * Finds all folders of a content type. The caller finds the root by `parentId` 0, because names are localized and keys
 * repeat (MCE 3.1).
 */
export async function findFolders(
  mce: Mce,
  ask: { contentType: FolderContent; clientId?: number; signal?: AbortSignal },
): Promise<Answer<Folder[]>> {
  const found = await retrieve(
    mce,
    {
      objectType: "DataFolder",
      properties: ["ID", "CustomerKey", "Name", "ContentType", "ParentFolder.ID"],
      filter: { property: "ContentType", equals: ask.contentType },
    },
    given({ signal: ask.signal, clientId: ask.clientId }),
  );
  if (!found.ok) return found;
  return readAll("SOAP Retrieve DataFolder", found.value, readFolder);
}

function readFolder(result: XmlElement): Folder | undefined {
  const id = integerAt(result, "ID");
  const parentId = integerAt(result, "ParentFolder", "ID");
  const contentType = textAt(result, "ContentType");
  if (id === undefined || parentId === undefined || contentType === undefined) return undefined;
  const customerKey = textAt(result, "CustomerKey");
  const name = textAt(result, "Name") ?? "";
  return { id, name, contentType, parentId, ...given({ customerKey }) };
}

/**
 * Creates a folder under `parentId`.
 *
 * @param folder `description` must not be empty: MCE refuses a folder without one (396010)
 * @returns its id; `rejected` also when a sibling has the name, so look again before you give up
 */
export async function createFolder(
  mce: Mce,
  folder: { name: string; description: string; contentType: string; parentId: number; customerKey?: string },
): Promise<Answer<{ id: number }>> {
  const name = "SOAP Create DataFolder";
  // The three flags default to false, which hides renaming and sub-folders in the user interface (MCE 3.3).
  const body = createRequest(
    xml`<Objects xsi:type="DataFolder">${element("CustomerKey", folder.customerKey)}<ParentFolder><ID>${folder.parentId}</ID></ParentFolder><Name>${folder.name}</Name><Description>${folder.description}</Description><ContentType>${folder.contentType}</ContentType><IsActive>true</IsActive><IsEditable>true</IsEditable><AllowChildren>true</AllowChildren></Objects>`,
  );
  const answer = await mce.soap({ action: "Create", name, body });
  if (!answer.ok) return answer;
  const result = readResult(name, answer.value, child(answer.value, "Results"));
  if (!result.ok) return result;
  const id = integerAt(result.value, "NewID");
  if (id === undefined || id <= 0) return unavailable("unknown", `Cannot read ${name}: the answer has no folder id`);
  return ok({ id });
}

/** Deletes a folder, which has to be empty. @returns `rejected` also for a folder that holds something or is not there */
export async function deleteFolder(mce: Mce, by: { id: number }): Promise<Answer<"deleted">> {
  const name = "SOAP Delete DataFolder";
  const body = deleteRequest(xml`<Objects xsi:type="DataFolder"><ID>${by.id}</ID></Objects>`);
  const answer = await mce.soap({ action: "Delete", name, body });
  if (!answer.ok) return answer;
  const result = readResult(name, answer.value, child(answer.value, "Results"));
  return result.ok ? ok("deleted") : result;
}
