import { given } from "#lang/given.ts";
import { abortable } from "#async/abortable.ts";
import type { FolderIds } from "#db/folders.ts";
import type { Mce } from "#mce/client.ts";
import { failed, rejected, unavailable, type Answer } from "#mce/failure.ts";
import { createFolder, findFolders } from "#mce/soap/folder.ts";
import { folderName } from "#run/names.ts";
import type { Log } from "../log.ts";

export type Folders = Required<FolderIds>;

/** Where folder ids are remembered, per business unit; see `#db/folders.ts`. */
export type FolderStore = {
  read(unit: { tenantId: string; mid: number }): Promise<FolderIds>;
  save(unit: { tenantId: string; mid: number }, ids: FolderIds, expected: FolderIds): Promise<unknown>;
};

/** Finds the two folders of R5. */
export type FolderFinder = {
  /**
   * Tells both folders' ids, from Postgres when it knows them, else from MCE; what is missing there is created.
   *
   * @param signal lets this caller leave; the search goes on for others, and a folder is nobody's own
   * @param mistrusted ids that MCE refused: looked up again, whatever Postgres says
   */
  find(
    mce: Mce,
    unit: { tenantId: string; mid: number },
    signal: AbortSignal,
    mistrusted?: FolderIds,
  ): Promise<Answer<Folders>>;
  /** Whether a folder is our one of that kind, by Postgres or else by MCE; makes nothing. */
  isOwn(
    mce: Mce,
    unit: { tenantId: string; mid: number },
    folder: { kind: keyof Folders; id: number },
  ): Promise<Answer<boolean>>;
};

const kinds = {
  dataExtensionFolderId: "dataextension",
  queryFolderId: "queryactivity",
} as const;
type ContentType = (typeof kinds)[keyof typeof kinds];

const unknownFolders: FolderIds = {};
const description = "Short-lived results of ad-hoc queries; everything in here is deleted after a day";

/** Opens the finder; two runs of one business unit that need a folder at once share one search. */
export function openFolders(store: FolderStore, log: Log): FolderFinder {
  const searching = new Map<string, Promise<Answer<Folders>>>();

  async function readKnown(unit: { tenantId: string; mid: number }): Promise<FolderIds> {
    return store.read(unit).catch(() => {
      // Postgres only saves calls here; without it MCE is asked.
      log("folder cache not readable", { tenantId: unit.tenantId, mid: unit.mid });
      return unknownFolders;
    });
  }

  return {
    async isOwn(mce, unit, { kind, id }) {
      const known = await readKnown(unit);
      if (known[kind] === id) return { ok: true, value: true };
      const found = await findOwnFolder(mce, kinds[kind]);
      return found.ok ? { ok: true, value: found.value.own === id } : found;
    },
    async find(mce, unit, signal, mistrusted) {
      const known = await readKnown(unit);
      const usable = without(known, mistrusted);
      const { dataExtensionFolderId, queryFolderId } = usable;
      if (dataExtensionFolderId !== undefined && queryFolderId !== undefined) {
        return { ok: true, value: { dataExtensionFolderId, queryFolderId } };
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
      return abortable<Answer<Folders>>(search, signal, () => failed(calledOff));
    },
  };
}

const calledOff = { kind: "aborted", retry: "never", message: "The search for the folder was called off" } as const;

function without(known: FolderIds, mistrusted: FolderIds = {}): FolderIds {
  const { dataExtensionFolderId, queryFolderId } = known;
  return {
    ...(dataExtensionFolderId === undefined || dataExtensionFolderId === mistrusted.dataExtensionFolderId
      ? {}
      : { dataExtensionFolderId }),
    ...(queryFolderId === undefined || queryFolderId === mistrusted.queryFolderId ? {} : { queryFolderId }),
  };
}

async function findInMce(mce: Mce, known: FolderIds): Promise<Answer<Folders>> {
  const [dataExtension, query] = await Promise.all([
    known.dataExtensionFolderId === undefined
      ? ensureFolder(mce, kinds.dataExtensionFolderId)
      : ({ ok: true, value: known.dataExtensionFolderId } as const),
    known.queryFolderId === undefined
      ? ensureFolder(mce, kinds.queryFolderId)
      : ({ ok: true, value: known.queryFolderId } as const),
  ]);
  if (!dataExtension.ok) return dataExtension;
  if (!query.ok) return query;
  return { ok: true, value: { dataExtensionFolderId: dataExtension.value, queryFolderId: query.value } };
}

/** Finds our folder under the root of its kind, or makes it; a Create that was refused may have lost a race, so look again. */
async function ensureFolder(mce: Mce, contentType: ContentType): Promise<Answer<number>> {
  const before = await findOwnFolder(mce, contentType);
  if (!before.ok) return before;
  if (before.value.own !== undefined) return { ok: true, value: before.value.own };
  const parentId = before.value.root;
  if (parentId === undefined) return rejected("", `Marketing Cloud shows no root folder of type ${contentType}`);
  const made = await createFolder(mce, { name: folderName, description, contentType, parentId });
  if (made.ok) return { ok: true, value: made.value.id };
  // Whoever tries again looks before it creates, so a Create whose answer was lost is safe to repeat.
  if (made.failure.kind === "unavailable") return unavailable("none", made.failure.message);
  if (made.failure.kind !== "rejected") return made;
  const after = await findOwnFolder(mce, contentType);
  return after.ok && after.value.own !== undefined ? { ok: true, value: after.value.own } : made;
}

/**
 * Asks MCE for our folder of a kind and for the root it stands under; either is absent when MCE shows none. The root is
 * the one of its type without a parent: its name may be localized (MCE 3.1).
 */
export async function findOwnFolder(
  mce: Mce,
  contentType: ContentType,
): Promise<Answer<{ root?: number; own?: number }>> {
  const found = await findFolders(mce, { contentType });
  if (!found.ok) return found;
  const root = found.value.find((folder) => folder.parentId === 0)?.id;
  const own = found.value.find((folder) => folder.name === folderName && folder.parentId === root)?.id;
  return { ok: true, value: { ...given({ root, own }) } };
}

async function remember(
  store: FolderStore,
  unit: { tenantId: string; mid: number },
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
