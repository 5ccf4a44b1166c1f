import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { keepRetention } from "./retention.ts";
import { dataExtensionByKey, type Store } from "./store.ts";
import { isLive, resumeTasks } from "./tasks.ts";
import type { World } from "./world.ts";
import type { Value } from "./engine/types.ts";

/** Rises with every change of the file's form: 3 since data extensions are counted. */
const version = 3;

/** What the file holds: the assets, and the rows of every data extension that was written to. */
type Kept = { version: typeof version; store: Store; rows: { mid: number; key: string; rows: Value[][] }[] };

/** Writes the world's assets and rows to a file, whole or not at all. */
export function keep(world: World, file: string): void {
  const { store, engine } = world;
  const changed = store.dataExtensions.filter((it) => it.isChanged);
  const rows = changed.map((it) => ({ mid: it.mid, key: it.customerKey, rows: engine.readRows(it.mid, it.name) }));
  const kept: Kept = { version, store, rows };
  writeFileSync(`${file}.new`, JSON.stringify(kept));
  renameSync(`${file}.new`, file);
}

/** Puts back what the file holds, over the seed; runs that had not ended start again. Does nothing when there is no file. */
export function restore(world: World, file: string): void {
  if (!existsSync(file)) return;
  // Only `keep` writes this file.
  const kept = JSON.parse(readFileSync(file, "utf8")) as Kept;
  if (kept.version !== version)
    throw new Error(`Cannot start the sandbox: ${file} was written by another version; delete it to start afresh`);
  for (const { mid, name, customerKey } of world.store.dataExtensions) {
    if (dataExtensionByKey(kept.store, mid, customerKey) === undefined) world.engine.dropTable(mid, name);
  }
  for (const it of kept.store.dataExtensions) if (it.isChanged) world.engine.createTable(it.mid, it.name, it.fields);
  for (const { mid, key, rows } of kept.rows) {
    const found = dataExtensionByKey(kept.store, mid, key);
    if (found !== undefined) world.engine.insertRows(mid, found.name, rows);
  }
  for (const task of kept.store.tasks) if (isLive(task)) delete task.executingAt;
  world.store = kept.store;
  for (const it of world.store.dataExtensions) keepRetention(world, it);
  resumeTasks(world);
}
