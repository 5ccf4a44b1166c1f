import { isLive } from "../tasks.ts";
import type { World } from "../world.ts";

/** What the sandbox keeps, without rows, for a test to read (DESIGN section 8). */
export function stateOf({ store, engine, clock }: World): Record<string, unknown> {
  return {
    now: clock.now(),
    folders: store.folders.map(({ id, name, contentType, mid, parentId }) => ({
      id,
      name,
      contentType,
      mid,
      parentId,
    })),
    dataExtensions: store.dataExtensions.map((it) => ({
      key: it.customerKey,
      name: it.name,
      folderId: it.folderId,
      mid: it.mid,
      rows: engine.countRows(it.mid, it.name),
      createdAt: it.createdAt,
    })),
    queries: store.queries.map((it) => ({
      objectId: it.objectId,
      key: it.customerKey,
      name: it.name,
      folderId: it.folderId,
      mid: it.mid,
      status: it.status,
      createdAt: it.createdAt,
    })),
    tasks: store.tasks.map((it) => ({
      taskId: it.id,
      queryKey: it.queryKey,
      mid: it.mid,
      state: it.state,
      startedAt: it.startedAt,
      ...(isLive(it) || it.doneAt === undefined ? {} : { doneAt: it.doneAt }),
    })),
  };
}
