import type { DataExtension } from "../entities.ts";
import { keepRetention } from "../retention.ts";
import { readFields } from "./data-extension-fields.ts";
import {
  checkName,
  findDataExtension,
  isNameInUse,
  readFolderId,
  readRetention,
  reference,
} from "./data-extension-rules.ts";
import type { Context } from "./object-kind.ts";
import type { Outcome } from "./results.ts";
import { child, childrenOf, textAt, type XmlElement } from "./xml.ts";

const invalid = 310007;
const refused = (code: number, message: string): Outcome => ({ kind: "refused", code, message });
type Fields = DataExtension["fields"];

/** Adds and widens fields, or changes name, description, folder and retention of a data extension (MCE 4.6). */
export function updateDataExtension(object: XmlElement, context: Context): Outcome {
  const found = findDataExtension(object, context);
  if (found === undefined) return refused(310003, "The data extension was not found.");
  const fields = changedFields(found, childrenOf(child(object, "Fields"), "Field"), context);
  if (typeof fields === "string") return refused(invalid, fields);
  const name = textAt(object, "Name")?.trim() ?? found.name;
  const nameProblem = name.toLowerCase() === found.name.toLowerCase() ? undefined : renameProblem(name, context);
  const folderId = child(object, "CategoryID") === undefined ? found.folderId : readFolderId(object, context);
  if (nameProblem !== undefined) return refused(invalid, nameProblem);
  if (typeof folderId === "string") return refused(invalid, folderId);
  const rowBased = textAt(object, "RowBasedRetention")?.trim();
  if (rowBased !== undefined && (rowBased === "true") !== found.retention.rowBased) {
    return refused(310003, "RowBasedRetention cannot be changed.");
  }
  reshape(found, name, fields, context);
  found.folderId = folderId;
  found.description = textAt(object, "Description") ?? found.description;
  found.modifiedAt = context.now;
  if (["DataRetentionPeriodLength", "RetainUntil"].some((it) => child(object, it) !== undefined)) {
    found.retention = readRetention(object, context.now);
    keepRetention(context.world, found);
  }
  return { kind: "done", message: "Data Extension updated.", object: reference(found) };
}

/** The refusal of a rename to a name in use, which has its own text (MCE 4.4). */
function renameProblem(name: string, context: Context): string | undefined {
  const isUsed = isNameInUse(name, context);
  return checkName(name, context) ?? (isUsed ? `A data extension named ${name} already exists.` : undefined);
}

/** Deletes single fields by their ObjectID; all that is known of the text is that it mentions the fields (MCE 4.6). */
export function deleteFields(found: DataExtension, named: readonly XmlElement[], context: Context): Outcome {
  const ids = new Set(named.map((it) => textAt(it, "ObjectID")?.trim().toLowerCase() ?? ""));
  const left = found.fields.filter((it) => !ids.has(it.objectId));
  if (found.fields.length - left.length !== ids.size) return refused(310002, "The field to delete was not found.");
  if (left.length === 0) return refused(invalid, "A data extension needs at least one field.");
  reshape(found, found.name, left, context);
  return { kind: "done", message: "Data Extension deleted. Fields deleted.", object: reference(found) };
}

/** The fields as they will be, or why not: the request names new ones, and old ones with their changes. */
function changedFields(found: DataExtension, asked: readonly XmlElement[], { world }: Context): Fields | string {
  const same = (name: string) => found.fields.find((it) => it.name.toLowerCase() === name.toLowerCase());
  const read = readFields(asked);
  if (read.kind === "refused") return read.message;
  const changed = new Map<string, Fields[number]>();
  const added: Fields[number][] = [];
  for (const field of read.fields) {
    const old = same(field.name);
    if (old === undefined) {
      if (field.isRequired) return "A field added to a data extension that exists cannot be required.";
      added.push({ ...field, objectId: world.random.guid() });
      continue;
    }
    if (field.isRequired && !old.isRequired) return `The field ${old.name} cannot be made required.`;
    if ((field.maxLength ?? Infinity) < (old.maxLength ?? Infinity) && old.fieldType === "Text") {
      return `The field ${old.name} cannot be made shorter.`;
    }
    changed.set(
      old.objectId,
      old.fieldType === "Text" && field.maxLength !== undefined ? { ...old, maxLength: field.maxLength } : old,
    );
  }
  return [...found.fields.map((it) => changed.get(it.objectId) ?? it), ...added];
}

/** Gives the table another name or other fields; its rows stay, by the fields' ids. */
function reshape(found: DataExtension, name: string, fields: Fields, { world }: Context): void {
  const { engine, store } = world;
  const isSame = fields.length === found.fields.length && fields.every((it, at) => it === found.fields[at]);
  if (isSame && name === found.name) return;
  const places = fields.map((it) => found.fields.findIndex((old) => old.objectId === it.objectId));
  const rows = engine.readRows(found.mid, found.name).map((row) => places.map((at) => row[at] ?? null));
  engine.dropTable(found.mid, found.name);
  engine.createTable(found.mid, name, fields);
  engine.insertRows(found.mid, name, rows);
  // REST still shows the old key after a rename, but queries find their target by its id (MCE 5.5).
  for (const query of store.queries) if (query.targetObjectId === found.objectId) query.targetName = name;
  found.name = name;
  found.fields = fields;
  found.isChanged = true;
}
