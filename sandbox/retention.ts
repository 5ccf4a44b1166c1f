import { serverDayStart } from "./dates.ts";
import type { DataExtension } from "./entities.ts";
import type { World } from "./world.ts";

/**
 * Lets a data extension end when its retention period does, at midnight of the server (MCE 4.3): the rows go, and the data
 * extension with them unless it is the odd flag that says otherwise. Retention of single rows is not kept.
 */
export function keepRetention(world: World, dataExtension: DataExtension): void {
  const { rowBased, deleteAtEnd, retainUntil } = dataExtension.retention;
  const end = serverDayStart(retainUntil);
  if (rowBased || end === undefined) return;
  world.clock.at(end, () => {
    const { store, engine } = world;
    // Deleted in between, or changed to another end.
    if (!store.dataExtensions.includes(dataExtension) || dataExtension.retention.retainUntil !== retainUntil) return;
    if (deleteAtEnd !== world.behaviours.deleteAtEndDeletes) {
      engine.clearTable(dataExtension.mid, dataExtension.name);
      return;
    }
    engine.dropTable(dataExtension.mid, dataExtension.name);
    store.dataExtensions = store.dataExtensions.filter((it) => it !== dataExtension);
  });
}
