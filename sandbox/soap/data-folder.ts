import type { Folder } from "../entities.ts";
import { shownName } from "../store.ts";
import type { Context, ObjectKind, Property } from "./object-kind.ts";
import type { Outcome } from "./results.ts";
import { textAt, type XmlElement } from "./xml.ts";

const parentOf = (folder: Folder, { world }: Context) => world.store.folders.find((it) => it.id === folder.parentId);
const nameOf = (folder: Folder, { world }: Context) => shownName(folder, world.behaviours.localizedRoots);

const properties: readonly Property<Folder>[] = [
  { path: "Client.ID", read: (it) => it.mid },
  { path: "PartnerKey", read: () => undefined, hidden: true },
  { path: "CreatedDate", read: (it) => it.createdAt, kind: "date" },
  { path: "ModifiedDate", read: (it) => it.modifiedAt, kind: "date" },
  { path: "ID", read: (it) => it.id },
  { path: "ObjectID", read: (it) => it.objectId },
  { path: "CustomerKey", read: (it) => it.customerKey, keepsEmpty: true },
  { path: "ParentFolder.PartnerKey", read: () => undefined, hidden: true },
  { path: "ParentFolder.ID", read: (it) => it.parentId },
  { path: "ParentFolder.ObjectID", read: (it, context) => parentOf(it, context)?.objectId },
  { path: "ParentFolder.CustomerKey", read: (it, context) => parentOf(it, context)?.customerKey },
  {
    path: "ParentFolder.Name",
    read: (it, context) => {
      const parent = parentOf(it, context);
      return parent === undefined ? undefined : nameOf(parent, context);
    },
  },
  { path: "Name", read: nameOf },
  { path: "Description", read: (it) => it.description, keepsEmpty: true },
  { path: "ContentType", read: (it) => it.contentType },
  { path: "IsActive", read: (it) => it.isActive },
  { path: "IsEditable", read: (it) => it.isEditable },
  { path: "AllowChildren", read: (it) => it.allowChildren },
];

/** What child business units see of their enterprise. */
const sharedTypes: ReadonlySet<string> = new Set(["shared_dataextension", "synchronizeddataextension"]);

/** Folders of the business unit (MCE 3.2). */
export const dataFolder: ObjectKind<Folder> = {
  type: "DataFolder",
  properties,
  filterable: [
    "ID",
    "ObjectID",
    "CustomerKey",
    "Name",
    "ContentType",
    "ParentFolder.ID",
    "IsActive",
    "CreatedDate",
    "ModifiedDate",
  ],
  list: ({ world, mids, eid, onlyShared }) => {
    const isHidden = (it: Folder) => onlyShared && it.mid === eid && !sharedTypes.has(it.contentType);
    return world.store.folders.filter((it) => mids.includes(it.mid) && !isHidden(it));
  },
};

/** Codes of MCE 3.3; only the meaning of the texts is documented, and the end of the one for a name in use. */
const refusals = {
  noName: { code: 396003, message: "Folder name is required." },
  noType: { code: 396004, message: "Content type is required." },
  noDescription: { code: 396010, message: "Description is required." },
  badType: { code: 396005, message: "Content type is invalid." },
  badParent: { code: 396007, message: "Parent folder is invalid." },
  badName: { code: 396012, message: "Folder name is invalid." },
  badKey: { code: 396009, message: "The key field is invalid." },
  inactive: { code: 396006, message: "The parent folder is inactive." },
  missingKey: { code: 396008, message: "The key field is missing." },
  usedKey: { code: 396002, message: "The customer key is already in use." },
  usedName: { code: 396012, message: "The folder name is already in use. Please select a different Name." },
} as const;
const refused = (why: keyof typeof refusals): Outcome => ({ kind: "refused", ...refusals[why] });

/** Folders SOAP may create; automation and journey folders are REST only (MCE 3.3). */
const contentTypes: ReadonlySet<string> = new Set(["dataextension", "queryactivity", "shared_dataextension"]);

/** Creates a folder below another one. */
export function createFolder(object: XmlElement, { world, mid, now }: Context): Outcome {
  const { store, random } = world;
  const name = textAt(object, "Name")?.trim() ?? "";
  const contentType = textAt(object, "ContentType")?.trim() ?? "";
  const description = textAt(object, "Description");
  const customerKey = textAt(object, "CustomerKey")?.trim() ?? "";
  const parentKey = textAt(object, "ParentFolder.CustomerKey")?.trim() ?? "";
  if (name === "") return refused("noName");
  if (contentType === "") return refused("noType");
  // The element is mandatory; mcdev sends it empty.
  if (description === undefined) return refused("noDescription");
  if (!contentTypes.has(contentType)) return refused("badType");
  if (name.length > 100) return refused("badName");
  if (customerKey.length > 36) return refused("badKey");
  // The key of a parent works in place of its id (MCE 3.3).
  const asked = Number(textAt(object, "ParentFolder.ID") ?? 0);
  const isMeant = (it: Folder) => (asked === 0 && parentKey !== "" ? it.customerKey === parentKey : it.id === asked);
  const parent = store.folders.find((it) => it.mid === mid && it.contentType === contentType && isMeant(it));
  if (parent === undefined || !parent.allowChildren) return refused("badParent");
  if (!parent.isActive) return refused("inactive");
  const parentId = parent.id;
  const siblings = store.folders.filter((it) => it.parentId === parentId);
  if (siblings.some((it) => it.name.toLowerCase() === name.toLowerCase())) return refused("usedName");
  const isUsed = (it: Folder) => it.mid === mid && it.customerKey.toLowerCase() === customerKey.toLowerCase();
  if (customerKey !== "" && store.folders.some(isUsed)) return refused("usedKey");
  const folder: Folder = {
    id: store.nextFolderId++,
    objectId: random.guid(),
    customerKey,
    name,
    description,
    contentType,
    parentId,
    mid,
    isActive: textAt(object, "IsActive") !== "false",
    isEditable: textAt(object, "IsEditable") === "true",
    allowChildren: textAt(object, "AllowChildren") === "true",
    createdAt: now,
    modifiedAt: now,
  };
  store.folders.push(folder);
  return { kind: "done", message: "Folder created successfully.", newId: folder.id, newObjectId: folder.objectId };
}

/** Changes name, description, parent or flags of a folder. */
export function updateFolder(object: XmlElement, context: Context): Outcome {
  const folder = find(object, context);
  if (folder === undefined) return refused("missingKey");
  if (folder.parentId === 0)
    return { kind: "refused", code: 396001, message: "The call is not valid for this folder." };
  const parentId = Number(textAt(object, "ParentFolder.ID") ?? folder.parentId);
  const parent = context.world.store.folders.find((it) => it.id === parentId && it.mid === folder.mid);
  if (parent === undefined || parent.contentType !== folder.contentType) return refused("badParent");
  const flag = (name: string, current: boolean) => (textAt(object, name) ?? String(current)) === "true";
  folder.parentId = parentId;
  folder.name = textAt(object, "Name") ?? folder.name;
  folder.description = textAt(object, "Description") ?? folder.description;
  folder.isActive = flag("IsActive", folder.isActive);
  folder.isEditable = flag("IsEditable", folder.isEditable);
  folder.allowChildren = flag("AllowChildren", folder.allowChildren);
  folder.modifiedAt = context.now;
  return { kind: "done", message: "Folder updated successfully." };
}

/** Deletes a folder; a folder that still holds something is refused, since no source says what happens to it. */
export function deleteFolder(object: XmlElement, context: Context): Outcome {
  const folder = find(object, context);
  if (folder === undefined) return refused("missingKey");
  const { store } = context.world;
  const holds = [...store.dataExtensions, ...store.queries.filter((it) => it.status === "Active")];
  const isEmpty =
    !holds.some((it) => it.folderId === folder.id) && !store.folders.some((it) => it.parentId === folder.id);
  if (folder.parentId === 0 || !isEmpty)
    return { kind: "refused", code: 396001, message: "The call is not valid for this folder." };
  store.folders = store.folders.filter((it) => it !== folder);
  return { kind: "done", message: "Folder deleted successfully." };
}

function find(object: XmlElement, { world, mid }: Context): Folder | undefined {
  const id = textAt(object, "ID");
  const objectId = textAt(object, "ObjectID");
  const key = textAt(object, "CustomerKey");
  return world.store.folders.find(
    (it) =>
      it.mid === mid &&
      (id === undefined
        ? objectId === undefined
          ? key !== undefined && key !== "" && it.customerKey === key
          : it.objectId === objectId
        : it.id === Number(id)),
  );
}
