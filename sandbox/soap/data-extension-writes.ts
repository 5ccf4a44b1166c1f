import type { DataExtension } from "../entities.ts";
import { keepRetention } from "../retention.ts";
import { dataExtensionByKey, nextDataExtensionId } from "../store.ts";
import { deleteFields } from "./data-extension-changes.ts";
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
import { element, nil, text } from "./xml-write.ts";

const invalid = 310007;

/** The refusal of a name or key that is in use (MCE 4.4); the blank at the end is the service's. */
const duplicate = {
  code: 310003,
  message: "Updating an existing Data Extension definition is not allowed when doing an add-only operation. ",
};
const refused = (code: number, message: string): Outcome => ({ kind: "refused", code, message });

/** Creates a data extension and its table. */
export function createDataExtension(object: XmlElement, context: Context): Outcome {
  const { world, mid, now } = context;
  const { store, random } = world;
  const name = textAt(object, "Name")?.trim() ?? "";
  const customerKey = textAt(object, "CustomerKey")?.trim() ?? "";
  if (customerKey === "") return refused(310001, "A customer key is required.");
  const folderId = readFolderId(object, context);
  const subscriberField = textAt(object, "SendableSubscriberField.Name")?.trim();
  // Retrieve returns _SubscriberKey, but Create does not take it (MCE 4.2).
  if (subscriberField?.startsWith("_") === true) {
    return refused(invalid, `The sendable subscriber field ${subscriberField} is invalid.`);
  }
  const problem =
    checkName(name, context) ?? checkKey(customerKey) ?? (typeof folderId === "string" ? folderId : undefined);
  if (problem === undefined && isInUse(name, customerKey, context)) return refused(duplicate.code, duplicate.message);
  if (problem !== undefined || typeof folderId === "string") return refused(invalid, problem ?? "");
  const read = readFields(childrenOf(child(object, "Fields"), "Field"));
  if (read.kind === "refused") return refused(invalid, read.message);
  if (read.fields.length === 0) return refused(invalid, "A data extension needs at least one field.");
  const retention = readRetention(object, now);
  if (world.behaviours.retentionRefused && retention.length !== undefined) {
    return refused(invalid, "You do not have permission to manage data extension retention.");
  }
  const created: DataExtension = {
    objectId: nextDataExtensionId(store),
    customerKey,
    name,
    description: textAt(object, "Description") ?? "",
    folderId,
    mid,
    fields: read.fields.map((field) => ({ ...field, objectId: random.guid() })),
    isSendable: textAt(object, "IsSendable") === "true",
    isTestable: textAt(object, "IsTestable") === "true",
    sendableField: textAt(object, "SendableDataExtensionField.Name") ?? "",
    sendableSubscriberField: subscriberField === undefined ? "" : `_${subscriberField.replaceAll(" ", "")}`,
    retention,
    createdAt: now,
    modifiedAt: now,
    isFresh: true,
    isChanged: true,
  };
  world.engine.createTable(mid, name, read.fields);
  store.dataExtensions.push(created);
  keepRetention(world, created);
  return {
    kind: "done",
    message: "Data Extension created.",
    newObjectId: created.objectId,
    object: echo(created, object),
  };
}

/** Deletes a data extension with its rows, whose name stays blocked for a while (MCE 4.4), or only the fields that are named. */
export function deleteDataExtension(object: XmlElement, context: Context): Outcome {
  const found = findDataExtension(object, context);
  if (found === undefined) {
    return {
      ...refused(context.world.behaviours.absentDeleteCode, "The data extension to delete was not found."),
      object: element(
        "Object",
        nil("PartnerKey") + nil("ObjectID") + text("CustomerKey", textAt(object, "CustomerKey") ?? ""),
        "DataExtension",
      ),
    };
  }
  const fields = childrenOf(child(object, "Fields"), "Field");
  if (fields.length > 0) return deleteFields(found, fields, context);
  const { world, now } = context;
  world.engine.dropTable(found.mid, found.name);
  world.store.dataExtensions = world.store.dataExtensions.filter((it) => it !== found);
  const until = now + world.behaviours.nameBlockedMs;
  world.store.blockedNames.push({ mid: found.mid, name: found.name.toLowerCase(), until });
  return { kind: "done", message: "Data Extension deleted.", object: reference(found) };
}

function checkKey(key: string): string | undefined {
  return key.length > 200 ? "The customer key is longer than 200 characters." : undefined;
}

function isInUse(name: string, key: string, context: Context): boolean {
  return isNameInUse(name, context) || dataExtensionByKey(context.world.store, context.mid, key) !== undefined;
}

/** What the service repeats of a created data extension (MCE 4.1). */
function echo(it: DataExtension, request: XmlElement): string {
  const { retention } = it;
  const optional = (name: string, value: string | number | undefined) => (value === undefined ? "" : text(name, value));
  const field = (at: DataExtension["fields"][number]) =>
    element(
      "Field",
      nil("PartnerKey") +
        nil("ObjectID") +
        text("Name", at.name) +
        optional("Scale", at.scale) +
        text("DefaultValue", at.defaultValue ?? "") +
        optional("MaxLength", at.maxLength) +
        text("IsRequired", at.isRequired) +
        text("IsPrimaryKey", at.isPrimaryKey) +
        text("FieldType", at.fieldType),
    );
  const content = [
    nil("PartnerKey"),
    text("ObjectID", it.objectId),
    text("CustomerKey", it.customerKey),
    text("Name", it.name),
    text("Description", it.description),
    text("IsSendable", it.isSendable),
    text("IsTestable", it.isTestable),
    optional("DataRetentionPeriodLength", retention.length),
    text("RowBasedRetention", retention.rowBased),
    text("ResetRetentionPeriodOnImport", retention.resetOnImport),
    text("DeleteAtEndOfRetentionPeriod", retention.deleteAtEnd),
    text("RetainUntil", ""),
    element("Fields", it.fields.map(field).join("")),
    optional(
      "DataRetentionPeriod",
      retention.length === undefined ? undefined : textAt(request, "DataRetentionPeriod"),
    ),
    text("CategoryID", it.folderId),
  ];
  return element("Object", content.join(""), "DataExtension");
}
