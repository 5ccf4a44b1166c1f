import { isOver } from "#protocol/run-status.ts";
import type { Run } from "#run/run.ts";
import type { Settings } from "#protocol/settings.ts";
import { viewOf } from "#run/view.ts";
import type { RunRecord, Upkeep } from "#run/record.ts";
import { nextWake, wakes, type Wake } from "#run/wakes.ts";
import type { Store } from "./store.ts";
import type { Surroundings } from "./surroundings.ts";
import { sendToWatchers } from "./watchers.ts";

/** The shortest wait for the next alarm, so that work in flight can answer first. */
const alarmMinMs = 200;

/** The only place that changes a run. Every save arms the alarm, and every visible change becomes an event. */
export type Keeper = ReturnType<typeof openKeeper>;

/** What follows a change: each one that its user can see, and the one that ends a run. */
export type AfterChange = { visible: () => void; over: (record: RunRecord) => void };

export type KeeperDeps = Pick<Surroundings, "now"> & { ctx: DurableObjectState; store: Store; settings: Settings };

/** Opens the keeper of one object. */
export function openKeeper({ ctx, store, settings, now }: KeeperDeps, after: AfterChange) {
  let armedAt: number | undefined;

  function pending(): readonly Wake[] {
    const record = store.read();
    return record === undefined ? [] : wakes(record, store.outbox(), settings);
  }

  function arm(): void {
    const at = nextWake(pending());
    if (at === undefined || at === armedAt) return;
    armedAt = at;
    ctx.waitUntil(ctx.storage.setAlarm(Math.max(at, now() + alarmMinMs)));
  }

  function save(record: RunRecord): void {
    store.save(record);
    arm();
  }

  /** Stores the run's newest version as an event and sends it to all watchers. */
  function publish(run: Run): void {
    const view = viewOf(run);
    store.addEvent(view);
    sendToWatchers(ctx, view, isOver(run.status));
    after.visible();
  }

  return {
    read: () => store.read(),
    save,
    publish,
    arm,
    pending,
    /** Notes that the alarm has fired, so that none is set. */
    disarm() {
      armedAt = undefined;
    },
    /** Saves a changed run; the last change drops the SQL (D2). */
    commit(record: RunRecord, visible: boolean): void {
      const isEnd = isOver(record.run.status) && !isOver(store.read()?.run.status ?? "queued");
      const { sealedSql: _sql, sealedFilled: _filled, ...withoutSql } = record;
      const kept = isOver(record.run.status) ? withoutSql : record;
      // `after.visible` projects at once; the alarm is for when that fails.
      const projectAt = visible ? now() + settings.retryMinMs : kept.upkeep.projectAt;
      save({ ...kept, upkeep: { ...kept.upkeep, projectAt } });
      if (visible) publish(record.run);
      if (isEnd) after.over(record);
    },
    changeUpkeep(change: Partial<Upkeep>): void {
      const record = store.read();
      if (record !== undefined) save({ ...record, upkeep: { ...record.upkeep, ...change } });
    },
  };
}
