import { isOver } from "#protocol/run-status.ts";
import type { Run } from "#run/run.ts";
import type { Settings } from "#protocol/settings.ts";
import { viewOf } from "#run/view.ts";
import type { RunRecord, Upkeep } from "#run/record.ts";
import { nextWake, wakes, type Wake } from "#run/wakes.ts";
import type { Store } from "./store.ts";
import { tellWatchers } from "./watchers.ts";

/** The alarm never comes sooner than this after the last one: work in flight answers first. */
const alarmMinMs = 200;

/** The one place that changes a run: whatever is saved arms the alarm, whatever is visible becomes an event. */
export type Keeper = ReturnType<typeof openKeeper>;

/** @param onVisible called after each visible change */
export function openKeeper(ctx: DurableObjectState, store: Store, settings: Settings, onVisible: () => void) {
  let armedAt: number | undefined;

  function pending(): readonly Wake[] {
    const record = store.read();
    return record === undefined ? [] : wakes(record, store.outbox(), settings);
  }

  function arm(): void {
    const at = nextWake(pending());
    if (at === undefined || at === armedAt) return;
    armedAt = at;
    ctx.waitUntil(ctx.storage.setAlarm(Math.max(at, Date.now() + alarmMinMs)));
  }

  function save(record: RunRecord): void {
    store.save(record);
    arm();
  }

  /** Writes the run's newest version down as an event and tells all who watch. */
  function publish(run: Run): void {
    const view = viewOf(run);
    store.addEvent(view);
    tellWatchers(ctx, view, isOver(run.status));
    onVisible();
  }

  return {
    read: () => store.read(),
    save,
    publish,
    arm,
    pending,
    /** The alarm has fired: none is set any more. */
    disarm() {
      armedAt = undefined;
    },
    /** Saves a changed run; the last change drops the SQL (D2). */
    commit(record: RunRecord, visible: boolean): void {
      const { sealedSql: _dropped, ...withoutSql } = record;
      const kept = isOver(record.run.status) ? withoutSql : record;
      // Projected right away; the alarm only sees to what that did not achieve.
      const projectAt = visible ? Date.now() + settings.retryMinMs : kept.upkeep.projectAt;
      save({ ...kept, upkeep: { ...kept.upkeep, projectAt } });
      if (visible) publish(record.run);
    },
    changeUpkeep(change: Partial<Upkeep>): void {
      const record = store.read();
      if (record !== undefined) save({ ...record, upkeep: { ...record.upkeep, ...change } });
    },
  };
}
