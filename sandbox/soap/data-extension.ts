import type { DataExtension } from "../entities.ts";
import { isShared } from "../store.ts";
import type { Context, ObjectKind, Property } from "./object-kind.ts";

const properties: readonly Property<DataExtension>[] = [
  { path: "Client.ID", read: (it) => it.mid },
  { path: "PartnerKey", read: () => undefined, hidden: true },
  { path: "CreatedDate", read: (it) => it.createdAt, kind: "date" },
  { path: "ModifiedDate", read: (it) => it.modifiedAt, kind: "date" },
  { path: "ObjectID", read: (it) => it.objectId },
  { path: "CustomerKey", read: (it) => it.customerKey },
  { path: "Name", read: (it) => it.name },
  { path: "Description", read: (it) => it.description, keepsEmpty: true },
  { path: "IsSendable", read: (it) => it.isSendable },
  { path: "IsTestable", read: (it) => it.isTestable },
  { path: "SendableDataExtensionField.PartnerKey", read: () => undefined, hidden: true },
  { path: "SendableDataExtensionField.ObjectID", read: () => undefined, hidden: true },
  { path: "SendableDataExtensionField.Name", read: (it) => it.sendableField },
  { path: "SendableSubscriberField.Name", read: (it) => it.sendableSubscriberField },
  { path: "Template.PartnerKey", read: () => undefined, hidden: true },
  { path: "Template.ObjectID", read: () => undefined, hidden: true },
  { path: "Template.CustomerKey", read: () => undefined },
  { path: "DataRetentionPeriodLength", read: (it) => it.retention.length },
  { path: "DataRetentionPeriodUnitOfMeasure", read: (it) => it.retention.unit },
  { path: "RowBasedRetention", read: (it) => it.retention.rowBased },
  { path: "ResetRetentionPeriodOnImport", read: (it) => it.retention.resetOnImport },
  { path: "DeleteAtEndOfRetentionPeriod", read: (it) => it.retention.deleteAtEnd },
  { path: "RetainUntil", read: (it) => it.retention.retainUntil, keepsEmpty: true },
  { path: "CategoryID", read: (it) => it.folderId },
  { path: "Status", read: () => "Active" },
];

type Template = { name: string; objectId: string };

/** Templates every account has; nothing is made from them here, but mcdev asks for them first. */
const templates: readonly Template[] = [
  { name: "TriggeredSendDataExtension", objectId: "5b2d3f0e-6f2c-4a4e-9d43-0a6c1b7f0001" },
  { name: "SendLog", objectId: "5b2d3f0e-6f2c-4a4e-9d43-0a6c1b7f0002" },
];

/** Properties the live service accepts, judging by what mcdev asks; they are not in the WSDL and have no values here. */
const unknownOfTemplates = [
  "IsSendable",
  "IsTestable",
  "SendableCustomObjectField",
  "SendableSubscriberField",
  "DataRetentionPeriodLength",
  "DataRetentionPeriodUnitOfMeasure",
  "RowBasedRetention",
  "ResetRetentionPeriodOnImport",
  "DeleteAtEndOfRetentionPeriod",
  "RetainUntil",
];

/** Data extension templates, by name only. */
export const dataExtensionTemplate: ObjectKind<Template> = {
  type: "DataExtensionTemplate",
  properties: [
    { path: "PartnerKey", read: () => undefined, hidden: true },
    { path: "ObjectID", read: (it) => it.objectId },
    { path: "CustomerKey", read: (it) => it.name },
    { path: "Name", read: (it) => it.name },
    { path: "Description", read: () => "", keepsEmpty: true },
    ...unknownOfTemplates.map((path) => ({ path, read: () => undefined })),
  ],
  filterable: ["Name", "CustomerKey", "ObjectID"],
  list: () => templates,
};

/** Data extensions of the business unit (MCE 4.5). */
export const dataExtension: ObjectKind<DataExtension> = {
  type: "DataExtension",
  properties,
  filterable: ["CustomerKey", "Name", "ObjectID", "CategoryID", "CreatedDate", "ModifiedDate", "IsSendable", "Status"],
  list: visible,
};

function visible({ world, mids, eid, onlyShared }: Context): DataExtension[] {
  const { store } = world;
  const isHidden = (it: DataExtension) => onlyShared && it.mid === eid && !isShared(store, it);
  return store.dataExtensions.filter((it) => mids.includes(it.mid) && !isHidden(it));
}

type FieldOf = { dataExtension: DataExtension; ordinal: number };
const field = ({ dataExtension, ordinal }: FieldOf) => dataExtension.fields[ordinal];

const fieldProperties: readonly Property<FieldOf>[] = [
  { path: "Client.ID", read: (it) => it.dataExtension.mid },
  { path: "PartnerKey", read: () => undefined, hidden: true },
  { path: "CreatedDate", read: (it) => it.dataExtension.createdAt, kind: "date" },
  { path: "ModifiedDate", read: (it) => it.dataExtension.modifiedAt, kind: "date" },
  { path: "ObjectID", read: (it) => field(it)?.objectId },
  { path: "CustomerKey", read: (it) => `[${it.dataExtension.customerKey}].[${field(it)?.name}]` },
  { path: "Name", read: (it) => field(it)?.name },
  { path: "Scale", read: (it) => field(it)?.scale ?? 0 },
  { path: "DefaultValue", read: (it) => field(it)?.defaultValue ?? "", keepsEmpty: true },
  { path: "MaxLength", read: (it) => field(it)?.maxLength },
  { path: "IsRequired", read: (it) => field(it)?.isRequired },
  { path: "Ordinal", read: (it) => it.ordinal },
  { path: "IsPrimaryKey", read: (it) => field(it)?.isPrimaryKey },
  { path: "FieldType", read: (it) => field(it)?.fieldType },
  { path: "DataExtension.PartnerKey", read: () => undefined, hidden: true },
  { path: "DataExtension.ObjectID", read: () => undefined, hidden: true },
  { path: "DataExtension.CustomerKey", read: (it) => it.dataExtension.customerKey },
  // A filter by the name of the data extension finds nothing (MCE 4.5).
  { path: "DataExtension.Name", read: () => undefined },
];

/** Fields of the business unit's data extensions, unsorted as the service returns them (MCE 4.2, 4.5). */
export const dataExtensionField: ObjectKind<FieldOf> = {
  type: "DataExtensionField",
  properties: fieldProperties,
  filterable: ["DataExtension.CustomerKey", "DataExtension.Name", "CustomerKey", "Name", "ObjectID"],
  list: (context) =>
    visible(context).flatMap((it) => unsorted(it.fields.map((_, ordinal) => ({ dataExtension: it, ordinal })))),
};

/** The same order each time, and for three or more never the one of creation. */
function unsorted<T>(fields: readonly T[]): T[] {
  return [...fields.filter((_, at) => at % 2 === 1), ...fields.filter((_, at) => at % 2 === 0)];
}
