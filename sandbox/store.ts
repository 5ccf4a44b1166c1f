import type { Account } from "./accounts.ts";
import type { DataExtension, Folder, QueryDefinition, Task } from "./entities.ts";
import type { Random } from "./random.ts";

/** Everything Marketing Cloud keeps of the accounts, except rows (the engine has them) and tokens. */
export type Store = {
  folders: Folder[];
  dataExtensions: DataExtension[];
  /** Deleted ones stay, as Inactive. */
  queries: QueryDefinition[];
  tasks: Task[];
  /** Names of deleted data extensions, and until when they are refused. */
  blockedNames: { mid: number; name: string; until: number }[];
  nextFolderId: number;
  nextDataExtension: number;
  nextTaskId: number;
};

/** The root folders of MCE 3.1; the parent of each is 0. */
const roots = [
  {
    contentType: "dataextension",
    name: "Data Extensions",
    key: "dataextension_default",
    localized: "Datenerweiterungen",
  },
  { contentType: "queryactivity", name: "Query", key: "queryactivity_default", localized: "Abfrage" },
] as const;
const sharedRoot = {
  contentType: "shared_dataextension",
  name: "Shared Data Extensions",
  key: "shared_dataextension_default",
  localized: "Gemeinsame Datenerweiterungen",
} as const;
/** The folder of what Marketing Cloud Connect copies from a CRM; REST does not show its rows (MCE 7.1). */
const synchronizedRoot = {
  contentType: "synchronizeddataextension",
  name: "Synchronized Data Extensions",
  key: "synchronizeddataextension_default",
  localized: "Synchronisierte Datenerweiterungen",
} as const;

/** A store that holds the accounts' root folders and nothing else. */
export function openStore(accounts: readonly Account[], random: Random, now: number): Store {
  const store: Store = {
    folders: [],
    dataExtensions: [],
    queries: [],
    tasks: [],
    blockedNames: [],
    nextFolderId: 4711,
    nextDataExtension: 1,
    nextTaskId: 10_684,
  };
  const add = (
    mid: number,
    { contentType, name, key }: { contentType: string; name: string; key: string },
    parentId = 0,
  ) =>
    store.folders.push({
      id: store.nextFolderId++,
      objectId: random.guid(),
      customerKey: key,
      name,
      description: "",
      contentType,
      parentId,
      mid,
      isActive: true,
      isEditable: false,
      allowChildren: true,
      createdAt: now,
      modifiedAt: now,
    });
  for (const { eid, mids } of accounts) {
    for (const mid of mids) for (const root of mid === eid ? [...roots, sharedRoot] : roots) add(mid, root);
  }
  for (const { eid } of accounts) {
    add(eid, synchronizedRoot);
    // Contact Builder's folder has the key of the data extensions' root: a search by the key alone finds two (MCE 3.1).
    const audiences = { contentType: "dataextension", name: "Audiences", key: "dataextension_default" };
    add(eid, audiences, rootFolder(store, eid, "dataextension")?.id);
  }
  return store;
}

/** A root's name as the account shows it. */
export function shownName(folder: Folder, localizedRoots: boolean): string {
  if (folder.parentId !== 0 || !localizedRoots) return folder.name;
  return (
    [...roots, sharedRoot, synchronizedRoot].find((root) => root.contentType === folder.contentType)?.localized ??
    folder.name
  );
}

/** The business unit's root folder of a content type. */
export function rootFolder(store: Store, mid: number, contentType: string): Folder | undefined {
  return store.folders.find(
    (folder) => folder.mid === mid && folder.contentType === contentType && folder.parentId === 0,
  );
}

/** The business unit's own data extension of this key; keys compare without case. */
export function dataExtensionByKey(store: Store, mid: number, key: string): DataExtension | undefined {
  const wanted = key.toLowerCase();
  return store.dataExtensions.find((it) => it.mid === mid && it.customerKey.toLowerCase() === wanted);
}

/** The data extension a query of the business unit may write to: its own, or one the enterprise shares (MCE 4.7). */
export function targetByKey(store: Store, mid: number, eid: number, key: string): DataExtension | undefined {
  const own = dataExtensionByKey(store, mid, key);
  const shared = mid === eid ? undefined : dataExtensionByKey(store, eid, key);
  const found = own ?? (shared !== undefined && isShared(store, shared) ? shared : undefined);
  // Only the CRM writes to its copies.
  return found !== undefined && isSynchronized(store, found) ? undefined : found;
}

/** Whether child business units see it. */
export function isShared(store: Store, dataExtension: DataExtension): boolean {
  return isUnder(store, dataExtension, ["shared_dataextension", "synchronizeddataextension"]);
}

/** Whether it is a copy of a CRM's object, whose rows REST refuses to show. */
export function isSynchronized(store: Store, dataExtension: DataExtension): boolean {
  return isUnder(store, dataExtension, ["synchronizeddataextension"]);
}

function isUnder(store: Store, { folderId }: DataExtension, contentTypes: readonly string[]): boolean {
  return store.folders.some((folder) => folder.id === folderId && contentTypes.includes(folder.contentType));
}

/** The business unit's query that can still be run. */
export function activeQuery(store: Store, mid: number, objectId: string): QueryDefinition | undefined {
  const wanted = objectId.toLowerCase();
  return store.queries.find((it) => it.mid === mid && it.objectId === wanted && it.status === "Active");
}

/** The next data extension's GUID, as SQL Server numbers rows with them: a little larger than the one before (MCE 12.2). */
export function nextDataExtensionId(store: Store): string {
  const counted = 0x1c5e_0000 + store.nextDataExtension++;
  return `${counted.toString(16).padStart(8, "0")}-7ad3-ef11-a5b1-48df37d1df5b`;
}
