import type { Platform } from "#async/platform.ts";
import { given } from "#lang/given.ts";
import { ok } from "#lang/result.ts";
import type { Mce } from "#mce/client.ts";
import type { Answer } from "#mce/failure.ts";
import { createQueryByRest } from "#mce/rest/create-query.ts";
import { createDataExtension, type FieldDefinition } from "#mce/soap/data-extension.ts";
import { createQueryDefinition, deleteQueryDefinition } from "#mce/soap/query-definition.ts";

/** What a probe has made in Marketing Cloud, or may have: an answer can be lost. */
export type Room = {
  mce: Mce;
  /** Ends every key of this probe but for a number. */
  id: string;
  /** Set when the folders are there. */
  folders: { tables?: number; queries?: number };
  /** Those that were tried to make: without a known id they may be there all the same. */
  triedFolders: Set<keyof Room["folders"]>;
  /** Customer keys. */
  tables: Set<string>;
  /** ObjectIDs by customer key; none where the answer was lost. */
  queries: Map<string, string | undefined>;
  made: number;
};

/** A table or query of the probe. */
export type Made = { customerKey: string; name: string; objectId: string };

/** The folders of the probe, one below "Data Extensions" and one below "Query". */
export const roomName = "QueryPlusPlus Probe";

/** A key that only a probe gives. */
export const ownKey = /^QPPROBE_[0-9a-f]{12}_\d{1,3}$/;

/** The columns of the probe's queries: a number and a text. */
export const fields: readonly FieldDefinition[] = [
  { name: "N", fieldType: "Number" },
  { name: "T", fieldType: "Text", maxLength: 50 },
];

/** Opens a room that is still empty. Sends nothing. */
export function openRoom(mce: Mce, platform: Pick<Platform, "uuid">): Room {
  // The digits of a UUID that are all random.
  const id = platform.uuid().slice(-12);
  return { mce, id, folders: {}, triedFolders: new Set(), tables: new Set(), queries: new Map(), made: 0 };
}

/** A customer key that nothing has yet. */
export function nextKey(room: Room): string {
  room.made += 1;
  return `QPPROBE_${room.id}_${room.made}`;
}

/** Creates a table. @param draft its key and name are new ones unless they are given */
export async function makeTable(
  room: Room,
  draft: { fields?: readonly FieldDefinition[]; key?: string; name?: string; retention?: { days: number } } = {},
): Promise<Answer<Made>> {
  const { key: customerKey = nextKey(room), retention } = draft;
  const { name = customerKey } = draft;
  const isNew = !room.tables.has(customerKey);
  room.tables.add(customerKey);
  const made = await createDataExtension(room.mce, {
    customerKey,
    name,
    description: "Made by npm run probe, which removes it within 10 minutes",
    folderId: room.folders.tables ?? 0,
    fields: draft.fields ?? fields,
    ...given({ retention }),
  });
  if (made.ok) return ok({ customerKey, name, objectId: made.value.objectId });
  if (made.error.kind !== "unavailable" && isNew) room.tables.delete(customerKey);
  return made;
}

export type QueryDraft = {
  sql: string;
  target: { customerKey: string; name: string };
  key?: string;
  name?: string;
  by?: "soap" | "rest";
};

/** Creates a query. @param draft its key and name are new ones unless they are given */
export async function makeQuery(room: Room, draft: QueryDraft): Promise<Answer<Made>> {
  const { key: customerKey = nextKey(room), sql, target, by = "soap" } = draft;
  const { name = customerKey } = draft;
  const isNew = !room.queries.has(customerKey);
  if (isNew) room.queries.set(customerKey, undefined);
  const whole = {
    customerKey,
    name,
    sql,
    target,
    updateType: "Overwrite",
    folderId: room.folders.queries ?? 0,
  } as const;
  const made = await (by === "soap" ? createQueryDefinition(room.mce, whole) : createQueryByRest(room.mce, whole));
  if (made.ok) {
    // A key that is taken twice: each of the two has to go.
    const slot = isNew ? customerKey : `${customerKey}/${made.value.objectId}`;
    room.queries.set(slot, made.value.objectId);
    return ok({ customerKey, name, objectId: made.value.objectId });
  }
  if (made.error.kind !== "unavailable" && isNew) room.queries.delete(customerKey);
  return made;
}

/** Deletes a query that has not run or whose run is over. */
export async function dropQuery(
  room: Room,
  { objectId }: Pick<Made, "objectId">,
): Promise<Answer<"deleted" | "absent">> {
  const dropped = await deleteQueryDefinition(room.mce, { objectId });
  if (dropped.ok) for (const [slot, known] of room.queries) if (known === objectId) room.queries.delete(slot);
  return dropped;
}

/** Whether Marketing Cloud saves a query; one that it saves is deleted at once. */
export async function trySaving(room: Room, draft: QueryDraft): Promise<Answer<Made>> {
  const made = await makeQuery(room, draft);
  if (made.ok) await dropQuery(room, made.value);
  return made;
}
