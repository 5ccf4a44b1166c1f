import { serverDayStart } from "./dates.ts";
import type { DataExtension } from "./entities.ts";
import type { World } from "./world.ts";

/**
 * Deletes a data extension's rows when its retention period ends, at the server's midnight (MCE 4.3), and the data extension
 * too, unless the misleading flag says otherwise. Retention of single rows is not simulated.
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
