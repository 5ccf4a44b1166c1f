import type { QueryDefinition } from "../entities.ts";
import { changeQuery, createQuery, type Refused } from "../query-checks.ts";
import { queryDeleted } from "../tasks.ts";
import type { Context, ObjectKind, Property } from "./object-kind.ts";
import type { Outcome } from "./results.ts";
import { textAt, type XmlElement } from "./xml.ts";
import { element, nil, text } from "./xml-write.ts";

const properties: readonly Property<QueryDefinition>[] = [
  { path: "Client.ID", read: (it) => it.mid },
  { path: "PartnerKey", read: () => undefined, hidden: true },
  { path: "CreatedDate", read: (it) => it.createdAt, kind: "date" },
  { path: "ModifiedDate", read: (it) => it.modifiedAt, kind: "date" },
  { path: "ObjectID", read: (it) => it.objectId },
  { path: "CustomerKey", read: (it) => it.customerKey },
  { path: "Name", read: (it) => it.name },
  { path: "Description", read: (it) => it.description, keepsEmpty: true },
  { path: "QueryText", read: (it) => it.queryText },
  { path: "TargetType", read: () => "DE" },
  { path: "DataExtensionTarget.PartnerKey", read: () => undefined, hidden: true },
  { path: "DataExtensionTarget.ObjectID", read: () => undefined, hidden: true },
  { path: "DataExtensionTarget.CustomerKey", read: (it) => it.targetKey },
  { path: "DataExtensionTarget.Name", read: (it) => it.targetName },
  { path: "TargetUpdateType", read: (it) => it.updateType },
  { path: "Status", read: (it) => it.status },
  { path: "CategoryID", read: (it) => it.folderId },
];

/** Query definitions of the business unit; deleted ones too, as Inactive (MCE 5.3). */
export const queryDefinition: ObjectKind<QueryDefinition> = {
  type: "QueryDefinition",
  properties,
  filterable: ["CustomerKey", "Name", "CategoryID", "Status", "CreatedDate", "ModifiedDate", "ObjectID"],
  list: ({ world, mids, eid, onlyShared }) =>
    world.store.queries.filter((it) => mids.includes(it.mid) && !(onlyShared && it.mid === eid)),
};

/** 2 is the generic exception code; which one MCE uses here was never captured (MCE 5.1). */
const generic = 2;

/** Creates a query definition; its SQL is checked. */
export function createQueryDefinition(object: XmlElement, context: Context): Outcome {
  const folder = textAt(object, "CategoryID")?.trim();
  const targetType = textAt(object, "TargetType")?.trim() ?? "DE";
  if (targetType !== "DE")
    return { kind: "refused", code: generic, message: `The target type ${targetType} is invalid.` };
  const targetName = textAt(object, "DataExtensionTarget.Name")?.trim() ?? "";
  const targetKey = textAt(object, "DataExtensionTarget.CustomerKey")?.trim() ?? "";
  if (targetName === "" || targetKey === "") {
    return { kind: "refused", code: generic, message: "The target data extension needs both CustomerKey and Name." };
  }
  const created = createQuery(
    {
      name: textAt(object, "Name")?.trim() ?? "",
      customerKey: textAt(object, "CustomerKey")?.trim() ?? "",
      description: textAt(object, "Description") ?? "",
      queryText: textAt(object, "QueryText") ?? "",
      targetKey,
      targetName,
      updateType: textAt(object, "TargetUpdateType") ?? "",
      folderId: folder === undefined || folder === "" ? undefined : Number(folder),
    },
    context,
  );
  if (created.kind === "refused") return whyNot(created, textAt(object, "CustomerKey") ?? "", context);
  const { objectId } = created.query;
  return {
    kind: "done",
    message: "QueryDefinition created",
    newObjectId: objectId,
    object: echo(created.query, object),
  };
}

/** The message is only an exception: for a missing target always, for wrong SQL on some accounts (MCE 5.1). */
function whyNot({ about, message }: Refused, customerKey: string, { world }: Context): Outcome {
  const isSaid = about === "other" || (about === "sql" && world.behaviours.soapSqlRefusal === "reason");
  if (isSaid) return { kind: "refused", code: generic, message };
  const exception = `Exception occurred during [CreateQueryDefinition] ErrorID: ${world.random.between(100_000_000, 999_999_999)}`;
  const echoed = nil("PartnerKey") + nil("ModifiedDate") + nil("ObjectID") + text("CustomerKey", customerKey);
  return { kind: "refused", code: generic, message: exception, object: element("Object", echoed, "QueryDefinition") };
}

/** Changes name, description, folder, SQL or update type of a query definition; its SQL is checked again. */
export function updateQueryDefinition(object: XmlElement, context: Context): Outcome {
  const found = findActive(object, context);
  if (found === undefined) return { kind: "refused", code: generic, message: "The query definition was not found." };
  const folder = textAt(object, "CategoryID")?.trim();
  const problem = changeQuery(
    found,
    {
      name: textAt(object, "Name")?.trim(),
      description: textAt(object, "Description"),
      queryText: textAt(object, "QueryText"),
      targetKey: textAt(object, "DataExtensionTarget.CustomerKey")?.trim(),
      updateType: textAt(object, "TargetUpdateType"),
      folderId: folder === undefined || folder === "" ? undefined : Number(folder),
    },
    context,
  );
  if (problem !== undefined) return { kind: "refused", code: generic, message: problem };
  return { kind: "done", message: "QueryDefinition updated", object: reference(found.objectId) };
}

/** Deletes a query definition: it stays, as Inactive. The text of success was never captured (MCE 12.2). */
export function deleteQueryDefinition(object: XmlElement, context: Context): Outcome {
  const found = findActive(object, context);
  if (found === undefined) {
    const named = reference(textAt(object, "ObjectID")?.trim() ?? "");
    return { kind: "refused", code: generic, message: "The query definition was not found.", object: named };
  }
  found.status = "Inactive";
  found.modifiedAt = context.now;
  queryDeleted(context.world, found.objectId);
  return {
    kind: "done",
    message: "QueryDefinition deleted",
    object: reference(found.objectId),
  };
}

function findActive(object: XmlElement, { world, mid }: Context): QueryDefinition | undefined {
  const objectId = textAt(object, "ObjectID")?.trim().toLowerCase() ?? "";
  const key = textAt(object, "CustomerKey")?.trim().toLowerCase() ?? "";
  const isMeant = (it: QueryDefinition) =>
    objectId === "" ? it.customerKey.toLowerCase() === key : it.objectId === objectId;
  return world.store.queries.find((it) => it.mid === mid && it.status === "Active" && isMeant(it));
}

function reference(objectId: string): string {
  const id = objectId === "" ? nil("ObjectID") : text("ObjectID", objectId);
  return element("Object", nil("PartnerKey") + id, "QueryDefinition");
}

function echo(it: QueryDefinition, request: XmlElement): string {
  const targetId = textAt(request, "DataExtensionTarget.ObjectID");
  const target =
    nil("PartnerKey") +
    (targetId === undefined ? nil("ObjectID") : text("ObjectID", targetId)) +
    text("CustomerKey", it.targetKey) +
    text("Name", it.targetName);
  const content = [
    nil("PartnerKey"),
    text("ObjectID", it.objectId),
    text("CustomerKey", it.customerKey),
    text("Name", it.name),
    text("Description", it.description),
    text("QueryText", it.queryText),
    text("TargetType", "DE"),
    element("DataExtensionTarget", target),
    text("TargetUpdateType", it.updateType),
    text("CategoryID", it.folderId),
  ];
  return element("Object", content.join(""), "QueryDefinition");
}
