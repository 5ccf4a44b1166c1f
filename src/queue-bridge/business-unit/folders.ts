import { given } from "#lang/given.ts";
import { err, ok } from "#lang/result.ts";
import { abortable } from "#async/abortable.ts";
import type { FolderIds } from "#db/folders.ts";
import type { Mce } from "#mce/client.ts";
import { rejected, unavailable, type Answer } from "#mce/failure.ts";
import { createFolder, findFolders } from "#mce/soap/folder.ts";
import type { BusinessUnit } from "#protocol/tenancy.ts";
import { folderName } from "#run/names.ts";
import type { Log } from "../log.ts";

export type Folders = Required<FolderIds>;

/** The cache of folder ids, per business unit; see `#db/folders.ts`. */
export type FolderStore = {
  read(unit: BusinessUnit): Promise<FolderIds>;
  save(unit: BusinessUnit, ids: FolderIds, expected: FolderIds): Promise<unknown>;
};

/** Finds the two folders of R5. */
export type FolderFinder = {
  /**
   * Gives both folders' ids, from Postgres if it has them, else from MCE; a missing folder is created.
   *
   * @param signal stops waiting; the search itself goes on for other callers
   * @param mistrusted ids that MCE refused: they are looked up again even if Postgres has them
   */
  find(mce: Mce, unit: BusinessUnit, signal: AbortSignal, mistrusted?: FolderIds): Promise<Answer<Folders>>;
  /** Whether a folder is our own of that kind, by Postgres or else by MCE; creates nothing. */
  isOwn(mce: Mce, unit: BusinessUnit, folder: { kind: keyof Folders; id: number }): Promise<Answer<boolean>>;
};

const kinds = {
  dataExtensionFolderId: "dataextension",
  queryFolderId: "queryactivity",
} as const;
type ContentType = (typeof kinds)[keyof typeof kinds];

const unknownFolders: FolderIds = {};
const description = "Short-lived results of ad-hoc queries; everything in here is deleted after a day";

/** Opens the finder; runs of one business unit that need the same folders at once share one search. */
export function openFolders(store: FolderStore, log: Log): FolderFinder {
  const searching = new Map<string, Promise<Answer<Folders>>>();

  async function readKnown(unit: BusinessUnit): Promise<FolderIds> {
    return store.read(unit).catch(() => {
      // Postgres only saves calls here: without it MCE is asked.
      log("folder cache unreadable", { tenantId: unit.tenantId, mid: unit.mid });
      return unknownFolders;
    });
  }

  return {
    async isOwn(mce, unit, { kind, id }) {
      const known = await readKnown(unit);
      if (known[kind] === id) return ok(true);
      const found = await findOwnFolder(mce, kinds[kind]);
      return found.ok ? ok(found.value.own === id) : found;
    },
    async find(mce, unit, signal, mistrusted) {
      const known = await readKnown(unit);
      const usable = without(known, mistrusted);
      const { dataExtensionFolderId, queryFolderId } = usable;
      if (dataExtensionFolderId !== undefined && queryFolderId !== undefined) {
        return ok({ dataExtensionFolderId, queryFolderId });
      }
      // Only searches for the same folders may share an answer.
      const key = JSON.stringify([unit.tenantId, unit.mid, usable]);
      const search =
        searching.get(key) ??
        findInMce(mce, usable)
          .then(async (found) => {
            if (found.ok) await remember(store, unit, found.value, known, log);
            return found;
          })
          .finally(() => searching.delete(key));
      searching.set(key, search);
      return abortable<Answer<Folders>>(search, signal, () => err(calledOff));
    },
  };
}

const calledOff = { kind: "aborted", retry: "never", message: "The search for the folder was called off" } as const;

function without(known: FolderIds, mistrusted: FolderIds = {}): FolderIds {
  const { dataExtensionFolderId, queryFolderId } = known;
  return given({
    dataExtensionFolderId:
      dataExtensionFolderId === mistrusted.dataExtensionFolderId ? undefined : dataExtensionFolderId,
    queryFolderId: queryFolderId === mistrusted.queryFolderId ? undefined : queryFolderId,
  });
}

async function findInMce(mce: Mce, known: FolderIds): Promise<Answer<Folders>> {
  const [dataExtension, query] = await Promise.all([
    known.dataExtensionFolderId === undefined
      ? ensureFolder(mce, kinds.dataExtensionFolderId)
      : ok(known.dataExtensionFolderId),
    known.queryFolderId === undefined ? ensureFolder(mce, kinds.queryFolderId) : ok(known.queryFolderId),
  ]);
  if (!dataExtension.ok) return dataExtension;
  if (!query.ok) return query;
  return ok({ dataExtensionFolderId: dataExtension.value, queryFolderId: query.value });
}

/** Finds our folder under the root of its kind, or creates it; a refused Create may have lost a race, so it looks again. */
async function ensureFolder(mce: Mce, contentType: ContentType): Promise<Answer<number>> {
  const before = await findOwnFolder(mce, contentType);
  if (!before.ok) return before;
  if (before.value.own !== undefined) return ok(before.value.own);
  const parentId = before.value.root;
  if (parentId === undefined) return rejected("", `Marketing Cloud shows no root folder of type ${contentType}`);
  const made = await createFolder(mce, { name: folderName, description, contentType, parentId });
  if (made.ok) return ok(made.value.id);
  // A retry looks before it creates, so a Create whose answer was lost is safe to repeat.
  if (made.error.kind === "unavailable") return unavailable("none", made.error.message);
  if (made.error.kind !== "rejected") return made;
  const after = await findOwnFolder(mce, contentType);
  return after.ok && after.value.own !== undefined ? ok(after.value.own) : made;
}

/**
 * Asks MCE for our folder of a kind and for its root folder; either is absent when MCE shows none. The root is the folder
 * of that type without a parent, because its name may be localized (MCE 3.1).
 */
export async function findOwnFolder(
  mce: Mce,
  contentType: ContentType,
): Promise<Answer<{ root?: number; own?: number }>> {
  const found = await findFolders(mce, { contentType });
  if (!found.ok) return found;
  const root = found.value.find((folder) => folder.parentId === 0)?.id;
  const own = found.value.find((folder) => folder.name === folderName && folder.parentId === root)?.id;
  return ok(given({ root, own }));
}

async function remember(
  store: FolderStore,
  unit: BusinessUnit,
  ids: Folders,
  expected: FolderIds,
  log: Log,
): Promise<void> {
  try {
    await store.save(unit, ids, expected);
  } catch {
    log("folder cache not written", { tenantId: unit.tenantId, mid: unit.mid });
  }
}
