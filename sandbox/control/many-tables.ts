import { z } from "zod";
import { nextDataExtensionId, rootFolder } from "../store.ts";
import type { World } from "../world.ts";

/** Many Data Extensions at once, without rows: what a client that lists them has to bear. */
export const manyTables = z.strictObject({
  count: z.number().int().min(1).max(50_000),
  folders: z.number().int().min(1).max(5000).default(1),
  mid: z.number().int().optional(),
});

/** Makes them, spread over new folders; each has one field and can be written to. @returns how many the store has now */
export function makeManyTables(world: World, wanted: z.infer<typeof manyTables>): number {
  const { store, engine, random } = world;
  const mid = wanted.mid ?? world.accounts[0]?.eid ?? 0;
  const now = world.clock.now();
  const root = rootFolder(store, mid, "dataextension")?.id ?? 0;
  const stamp = { mid, createdAt: now, modifiedAt: now, description: "" };
  const firstFolder = store.nextFolderId;
  for (let at = 0; at < wanted.folders; at += 1) {
    const flags = { isActive: true, isEditable: true, allowChildren: true };
    const head = { id: store.nextFolderId++, objectId: random.guid(), customerKey: "", name: `Folder ${at + 1}` };
    // Every tenth one lies below the one before it.
    const parentId = at % 10 === 9 ? firstFolder + at - 1 : root;
    store.folders.push({ ...head, ...stamp, ...flags, contentType: "dataextension", parentId });
  }
  const first = store.dataExtensions.length;
  for (let at = 0; at < wanted.count; at += 1) {
    const name = `Table ${String(first + at).padStart(5, "0")}`;
    const field = { name: "Id", fieldType: "Text", maxLength: 36, isPrimaryKey: true, isRequired: true } as const;
    engine.createTable(mid, name, [field]);
    store.dataExtensions.push({
      ...stamp,
      objectId: nextDataExtensionId(store),
      customerKey: random.guid(),
      name,
      folderId: firstFolder + (at % wanted.folders),
      fields: [{ ...field, objectId: random.guid() }],
      isSendable: false,
      isTestable: false,
      sendableField: "",
      sendableSubscriberField: "",
      retention: { rowBased: false, resetOnImport: false, deleteAtEnd: false, retainUntil: "" },
      isFresh: false,
      isChanged: false,
    });
  }
  return store.dataExtensions.length;
}
