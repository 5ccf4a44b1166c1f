import { usMidnight } from "../dates.ts";
import type { DataExtension, Retention } from "../entities.ts";
import { keepRetention } from "../retention.ts";
import { dataExtensionByKey, rootFolder } from "../store.ts";
import { readFields } from "./data-extension-fields.ts";
import type { Context } from "./object-kind.ts";
import type { Outcome } from "./results.ts";
import { child, childrenOf, textAt, type XmlElement } from "./xml.ts";
import { element, nil, text } from "./xml-write.ts";

const invalid = 310007;
const refused = (code: number, message: string): Outcome => ({ kind: "refused", code, message });

/** Characters a name may not have (FACTS 4.4). */
const forbiddenInName = /[!@#$%^*()={}[\]\\.<>/"':?,+|]/;

/** Creates a data extension and its table. */
export function createDataExtension(object: XmlElement, context: Context): Outcome {
  const { world, mid, now } = context;
  const { store, random } = world;
  const name = textAt(object, "Name")?.trim() ?? "";
  const customerKey = textAt(object, "CustomerKey")?.trim() ?? "";
  if (customerKey === "") return refused(310001, "A customer key is required.");
  const folderId = readFolderId(object, context);
  const problem =
    checkName(name, context) ?? checkKey(customerKey, context) ?? (typeof folderId === "string" ? folderId : undefined);
  if (problem !== undefined || typeof folderId === "string") return refused(invalid, problem ?? "");
  const read = readFields(child(object, "Fields"), []);
  if (read.kind === "refused") return refused(invalid, read.message);
  if (read.fields.length === 0) return refused(invalid, "A data extension needs at least one field.");
  const retention = readRetention(object, now);
  if (world.behaviours.retentionRefused && retention.length !== undefined) {
    return refused(invalid, "You do not have permission to manage data extension retention.");
  }
  const created: DataExtension = {
    objectId: random.guid(),
    customerKey,
    name,
    description: textAt(object, "Description") ?? "",
    folderId,
    mid,
    fields: read.fields.map((field) => ({ ...field, objectId: random.guid() })),
    isSendable: textAt(object, "IsSendable") === "true",
    isTestable: textAt(object, "IsTestable") === "true",
    sendableField: textAt(object, "SendableDataExtensionField.Name") ?? "",
    sendableSubscriberField: textAt(object, "SendableSubscriberField.Name") === undefined ? "" : "_SubscriberKey",
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

/** Adds fields, or changes name, description and folder. A field that exists already is left as it is. */
export function updateDataExtension(object: XmlElement, context: Context): Outcome {
  const found = find(object, context);
  if (found === undefined) return refused(310003, "The data extension was not found.");
  const names = found.fields.map((it) => it.name.toLowerCase());
  const isNew = (it: XmlElement) => !names.includes(textAt(it, "Name")?.trim().toLowerCase() ?? "");
  const source = childrenOf(child(object, "Fields"), "Field").filter(isNew);
  const read = readFields({ name: "Fields", namespace: "", attributes: new Map(), text: "", children: source }, names);
  if (read.kind === "refused") return refused(invalid, read.message);
  if (read.fields.some((it) => it.isRequired)) {
    return refused(invalid, "A field added to a data extension that exists cannot be required.");
  }
  if (read.fields.length > 0) {
    found.fields = [
      ...found.fields,
      ...read.fields.map((field) => ({ ...field, objectId: context.world.random.guid() })),
    ];
    found.isChanged = true;
    const { engine } = context.world;
    const width = read.fields.length;
    const rows = engine.readRows(found.mid, found.name).map((row) => [...row, ...Array<null>(width).fill(null)]);
    engine.dropTable(found.mid, found.name);
    engine.createTable(found.mid, found.name, found.fields);
    engine.insertRows(found.mid, found.name, rows);
  }
  found.description = textAt(object, "Description") ?? found.description;
  found.modifiedAt = context.now;
  return { kind: "done", message: "Data Extension updated.", object: reference(found) };
}

/** Deletes a data extension with its rows; its name stays blocked for a while (FACTS 4.4). */
export function deleteDataExtension(object: XmlElement, context: Context): Outcome {
  const found = find(object, context);
  if (found === undefined) {
    return {
      ...refused(310002, "The data extension to delete was not found."),
      object: element(
        "Object",
        nil("PartnerKey") + nil("ObjectID") + text("CustomerKey", textAt(object, "CustomerKey") ?? ""),
        "DataExtension",
      ),
    };
  }
  const { world, now } = context;
  world.engine.dropTable(found.mid, found.name);
  world.store.dataExtensions = world.store.dataExtensions.filter((it) => it !== found);
  const until = now + world.behaviours.nameBlockedMs;
  world.store.blockedNames.push({ mid: found.mid, name: found.name.toLowerCase(), until });
  return { kind: "done", message: "Data Extension deleted.", object: reference(found) };
}

/** Why a name cannot be given to a new data extension; undefined when it can. */
function checkName(name: string, { world, mid, now }: Context): string | undefined {
  if (name === "") return "A data extension name is required.";
  if (name.length > 100) return "The data extension name is longer than 100 characters.";
  if (name.startsWith("_") || forbiddenInName.test(name)) return `The data extension name ${name} is invalid.`;
  const wanted = name.toLowerCase();
  const isUsed =
    world.store.dataExtensions.some((it) => it.mid === mid && it.name.toLowerCase() === wanted) ||
    world.store.blockedNames.some((it) => it.mid === mid && it.name === wanted && it.until > now);
  return isUsed ? `A data extension named ${name} already exists.` : undefined;
}

function checkKey(key: string, { world, mid }: Context): string | undefined {
  if (key.length > 200) return "The customer key is longer than 200 characters.";
  if (dataExtensionByKey(world.store, mid, key) === undefined) return undefined;
  return `A data extension with the customer key ${key} already exists.`;
}

function readFolderId(object: XmlElement, { world, mid }: Context): number | string {
  const asked = textAt(object, "CategoryID")?.trim();
  if (asked === undefined || asked === "") return rootFolder(world.store, mid, "dataextension")?.id ?? 0;
  const folder = world.store.folders.find((it) => it.mid === mid && it.id === Number(asked));
  const isFit = folder?.contentType === "dataextension" || folder?.contentType === "shared_dataextension";
  return folder === undefined || !isFit ? `The category ID ${asked} is invalid.` : folder.id;
}

const units: Record<string, { unit: number; days: number; months: number }> = {
  days: { unit: 3, days: 1, months: 0 },
  weeks: { unit: 4, days: 7, months: 0 },
  months: { unit: 5, days: 0, months: 1 },
  years: { unit: 6, days: 0, months: 12 },
};

function readRetention(object: XmlElement, now: number): Retention {
  const flag = (name: string) => textAt(object, name)?.trim() === "true";
  const retention: Retention = {
    rowBased: flag("RowBasedRetention"),
    resetOnImport: flag("ResetRetentionPeriodOnImport"),
    deleteAtEnd: flag("DeleteAtEndOfRetentionPeriod"),
    retainUntil: textAt(object, "RetainUntil") ?? "",
  };
  const length = Number(textAt(object, "DataRetentionPeriodLength") ?? 0);
  const word = textAt(object, "DataRetentionPeriod")?.trim().toLowerCase();
  const number = Number(textAt(object, "DataRetentionPeriodUnitOfMeasure") ?? 0);
  const period = word === undefined ? Object.values(units).find((it) => it.unit === number) : units[word];
  if (!(length >= 1) || period === undefined) return retention;
  const end = usMidnight(now, length * period.days, length * period.months);
  return { ...retention, length, unit: period.unit, retainUntil: retention.rowBased ? "" : end };
}

function find(object: XmlElement, { world, mid }: Context): DataExtension | undefined {
  const objectId = textAt(object, "ObjectID")?.trim();
  if (objectId !== undefined && objectId !== "") {
    return world.store.dataExtensions.find((it) => it.mid === mid && it.objectId === objectId.toLowerCase());
  }
  return dataExtensionByKey(world.store, mid, textAt(object, "CustomerKey")?.trim() ?? "");
}

function reference(it: DataExtension): string {
  return element(
    "Object",
    nil("PartnerKey") + text("ObjectID", it.objectId) + text("CustomerKey", it.customerKey),
    "DataExtension",
  );
}

/** What the service repeats of a created data extension (FACTS 4.1). */
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
