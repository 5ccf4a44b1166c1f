import type { Mce } from "../../../src/mce/client.ts";
import type { Answer } from "../../../src/mce/failure.ts";
import { readAsyncStatus } from "../../../src/mce/soap/async-status.ts";
import { createDataExtension, deleteDataExtension, findDataExtensions } from "../../../src/mce/soap/data-extension.ts";
import { readFields, type FieldDefinition } from "../../../src/mce/soap/field.ts";
import { findTask } from "../../../src/mce/soap/find-task.ts";
import { readFirstRows } from "../../../src/mce/soap/first-rows.ts";
import { createFolder, findFolders } from "../../../src/mce/soap/folder.ts";
import { performQuery } from "../../../src/mce/soap/perform.ts";
import {
  createQueryDefinition,
  deleteQueryDefinition,
  findQueryDefinitions,
} from "../../../src/mce/soap/query-definition.ts";

export const fields: readonly FieldDefinition[] = [
  { name: "Id", fieldType: "Number", isPrimaryKey: true },
  { name: "Name", fieldType: "Text", maxLength: 254, isRequired: true },
  { name: "Note", fieldType: "Text" },
  { name: "Amount", fieldType: "Decimal", precision: 18, scale: 2 },
  { name: "Joined", fieldType: "Date" },
  { name: "OptIn", fieldType: "Boolean" },
  { name: "Email", fieldType: "EmailAddress", maxLength: 254 },
  { name: "Phone", fieldType: "Phone", maxLength: 50 },
  { name: "Language", fieldType: "Locale", maxLength: 5 },
];

/** Every SOAP request the client can make; `text` stands wherever foreign text may stand. */
export function soapCalls(text: string): Record<string, (mce: Mce) => Promise<Answer<unknown>>> {
  const de = { customerKey: text, name: text, folderId: 4712, fields };
  const query = { customerKey: text, name: text, sql: text, target: { customerKey: text, name: text } };
  const folder = { name: text, description: text, contentType: "dataextension", parentId: 4711 };
  return {
    "find folders": (mce) => findFolders(mce, { contentType: "dataextension" }),
    "create folder": (mce) => createFolder(mce, folder),
    "create folder with key": (mce) => createFolder(mce, { ...folder, customerKey: text }),
    "create Data Extension": (mce) => createDataExtension(mce, de),
    "create Data Extension with retention": (mce) =>
      createDataExtension(mce, { ...de, description: text, retention: { days: 2 } }),
    "find Data Extension by key": (mce) => findDataExtensions(mce, { customerKey: text }),
    "find Data Extensions by keys": (mce) => findDataExtensions(mce, { customerKeys: [text, "b"] }),
    "find Data Extensions by names in the enterprise": (mce) =>
      findDataExtensions(mce, { names: [text, "b"] }, { clientId: 7000001 }),
    "find Data Extensions by folder": (mce) => findDataExtensions(mce, { folderId: 4712 }),
    "delete Data Extension": (mce) => deleteDataExtension(mce, { customerKey: text }),
    "read fields": (mce) => readFields(mce, { customerKeys: [text, "b"] }, { clientId: 7000001 }),
    "create query": (mce) => createQueryDefinition(mce, { ...query, updateType: "Overwrite" }),
    "create query with folder": (mce) =>
      createQueryDefinition(mce, { ...query, description: text, folderId: 4713, updateType: "Append" }),
    "find query by key": (mce) => findQueryDefinitions(mce, { customerKey: text }),
    "find queries by folder": (mce) => findQueryDefinitions(mce, { folderId: 4713 }),
    "find old queries by folder": (mce) =>
      findQueryDefinitions(mce, { folderId: 4713, createdBefore: 1_800_000_000_000 }),
    "delete query": (mce) => deleteQueryDefinition(mce, { objectId: text }),
    perform: (mce) => performQuery(mce, { objectId: text }),
    "read rows": (mce) => readFirstRows(mce, { customerKey: text, columns: [text, "b"] }),
    "find task": (mce) => findTask(mce, { customerKey: text, from: 1_800_000_000_000, until: 1_800_000_060_000 }),
    "read status": (mce) => readAsyncStatus(mce, { taskId: text }),
  };
}
