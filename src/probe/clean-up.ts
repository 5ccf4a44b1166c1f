import { err } from "#lang/result.ts";
import type { Answer, MceFailure } from "#mce/failure.ts";
import { deleteDataExtension, findDataExtensions } from "#mce/soap/data-extension.ts";
import { deleteFolder, findFolders, type FolderContent } from "#mce/soap/folder.ts";
import { deleteQueryDefinition, findQueryDefinitions } from "#mce/soap/query-definition.ts";
import { steadily, type Probing } from "./probing.ts";
import { ownKey, roomName, type Room } from "./room.ts";

/** Something of the probe that is still in Marketing Cloud, or may be, and why. */
export type Left = { what: string; why: string };

/**
 * Removes everything of this probe and what an earlier one left that was killed: what is in the probe's folders and has a
 * probe's key. Nothing else is ever deleted; a folder goes only when Marketing Cloud shows nothing in it.
 *
 * @returns what is left
 */
export async function cleanUp(probing: Omit<Probing, "signal">): Promise<Left[]> {
  const { room, allowance, platform } = probing;
  allowance.clean();
  // A stop is no reason to leave anything.
  const unstopped = { ...probing, signal: new AbortController().signal };
  const reasons = new Map<string, string>();
  for (const pauseMs of pauses) {
    const left = [...(await dropKnown(unstopped, room)), ...(await dropListed(unstopped, room))];
    if (left.length === 0) return [];
    // The first reason is Marketing Cloud's; the last may be that there are no calls left.
    for (const { what, why } of left) if (!reasons.has(what)) reasons.set(what, why);
    for (const what of reasons.keys()) if (!left.some((one) => one.what === what)) reasons.delete(what);
    if (!allowance.has(1)) break;
    await platform.sleep(pauseMs);
  }
  return [...reasons].map(([what, why]) => ({ what, why }));
}

/** All deletions can be repeated: what is gone is not missed. */
const pauses = [2000, 4000, 8000, 8000, 0];

/** The words for a key of the probe's. */
const tableWords = (key: string) => `Data Extension ${key}`;
const queryWords = (key: string) => `Query Activity ${key}`;

async function dropKnown(probing: Probing, room: Room): Promise<Left[]> {
  const left: Left[] = [];
  for (const [slot, objectId] of room.queries) {
    // One whose answer was lost is found by its folder.
    if (objectId === undefined) continue;
    const dropped = await steadily(probing, () => deleteQueryDefinition(room.mce, { objectId }));
    if (dropped.ok) room.queries.delete(slot);
    else left.push({ what: queryWords(slot), why: dropped.error.message });
  }
  for (const customerKey of room.tables) {
    const dropped = await steadily(probing, () => deleteDataExtension(room.mce, { customerKey }));
    if (dropped.ok) room.tables.delete(customerKey);
    else left.push({ what: tableWords(customerKey), why: dropped.error.message });
  }
  return left;
}

/** Deletes what the folders still show, then the folders. */
async function dropListed(probing: Probing, room: Room): Promise<Left[]> {
  const { mce } = room;
  const unknown = await findTried(probing, room);
  const { tables, queries } = room.folders;
  const ofTables =
    tables === undefined
      ? []
      : await dropFolder(probing, {
          folderId: tables,
          place: "tables",
          words: tableWords,
          list: () => findDataExtensions(mce, { folderId: tables }),
          drop: ({ customerKey }) => deleteDataExtension(mce, { customerKey }),
        });
  const ofQueries =
    queries === undefined
      ? []
      : await dropFolder(probing, {
          folderId: queries,
          place: "queries",
          words: queryWords,
          list: () => findQueryDefinitions(mce, { folderId: queries }),
          drop: ({ objectId }) => deleteQueryDefinition(mce, { objectId }),
        });
  return [...unknown, ...ofTables, ...ofQueries];
}

type Asset = { customerKey: string; objectId: string };
type Listing = {
  folderId: number;
  place: keyof typeof roots;
  words: (key: string) => string;
  list: () => Promise<Answer<Asset[]>>;
  drop: (asset: Asset) => Promise<Answer<unknown>>;
};

const roots = {
  tables: { name: "Data Extensions", contentType: "dataextension" },
  queries: { name: "Query", contentType: "queryactivity" },
} as const;

async function dropFolder(probing: Probing, { folderId, place, words, list, drop }: Listing): Promise<Left[]> {
  const { name, contentType } = roots[place];
  const folder = `folder "${roomName}" below "${name}"`;
  const found = await steadily(probing, list);
  if (!found.ok) return [{ what: `${folder} and what is in it`, why: found.error.message }];
  const left: Left[] = [];
  for (const asset of found.value) {
    const dropped: Answer<unknown> = ownKey.test(asset.customerKey)
      ? await steadily(probing, () => drop(asset))
      : err(notOurs);
    if (!dropped.ok) left.push({ what: words(asset.customerKey), why: dropped.error.message });
  }
  if (left.length > 0) return [...left, { what: folder, why: "something is in it" }];
  const gone = await steadily(probing, () => deleteFolder(probing.mce, { id: folderId }));
  const isGone = gone.ok || (await isMissing(probing, { contentType, folderId }));
  if (isGone) {
    delete probing.room.folders[place];
    probing.room.triedFolders.delete(place);
  }
  return isGone ? [] : [{ what: folder, why: gone.error.message }];
}

/** Looks for the folders whose making was not answered. */
async function findTried(probing: Probing, room: Room): Promise<Left[]> {
  const left: Left[] = [];
  for (const place of room.triedFolders) {
    if (room.folders[place] !== undefined) continue;
    const { name, contentType } = roots[place];
    const found = await steadily(probing, () => findFolders(room.mce, { contentType }));
    if (!found.ok) {
      left.push({ what: `folder "${roomName}" below "${name}"`, why: found.error.message });
      continue;
    }
    const own = found.value.find((folder) => folder.name === roomName && folder.parentId !== 0);
    if (own !== undefined) room.folders[place] = own.id;
    room.triedFolders.delete(place);
  }
  return left;
}

/** Whether a refused deletion was of a folder that is not there, because the answer to the one before was lost. */
async function isMissing(
  { mce }: Probing,
  { contentType, folderId }: { contentType: FolderContent; folderId: number },
): Promise<boolean> {
  const found = await findFolders(mce, { contentType });
  return found.ok && !found.value.some(({ id }) => id === folderId);
}

const notOurs: MceFailure = { kind: "rejected", retry: "never", code: "", message: "somebody else put it there" };
