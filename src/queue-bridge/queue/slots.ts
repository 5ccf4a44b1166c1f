import type { Platform } from "#async/platform.ts";
import type { BusinessUnit } from "#db/folders.ts";
import type { Log } from "../log.ts";
import { renewEveryMs, type Called, type Lines, type Waiting } from "./line.ts";

/** Brings a parked job back into the queue. */
export type Wake = (jobId: string) => Promise<"woken" | "not-parked" | "gone">;

/** A slot that a run holds while one start of the processor works on it. */
type Slot = {
  /** The start is over, the run is not: the slot stays its. */
  keep(): void;
  /** The run is over: the next one is called. */
  giveBack(): Promise<void>;
};

export type Slots = {
  /**
   * Asks for a slot.
   *
   * @param order its priority in the queue; 0 when it has executed before
   * @returns undefined when the run has to wait; it will be woken
   * @throws our own words only, while Redis is away
   */
  take(run: Waiting, order: number): Promise<Slot | undefined>;
  /** Wakes who has been called in vain: the bridge that called may have died before it woke them. */
  callAgain(): Promise<void>;
};

/**
 * Between a run's refusal and the moment its job sleeps lie some milliseconds in which it cannot be woken; between its entry
 * into the line and the making of its job as many in which there is none.
 */
const fallsAsleepMs = 250;

/** Opens the slots: who gets none is parked, who gives one back wakes the next (D13). */
export function openSlots(lines: Lines, wake: Wake, platform: Pick<Platform, "sleep" | "every">, log: Log): Slots {
  /** Wakes who has been called; whose job is gone loses the slot to the next in line. */
  async function wakeAll(unit: BusinessUnit, called: readonly Called[]): Promise<void> {
    for (const { runId, jobId } of called) {
      if ((await wakeOne(wake, jobId, platform)) !== "gone") continue;
      log("run gone from its line", { runId });
      await wakeAll(unit, await lines.leave({ unit, runId }));
    }
  }
  // Not awaited by the run that calls: a run that is not woken is called again.
  const wakeSoon = (unit: BusinessUnit, called: readonly Called[]) => {
    wakeAll(unit, called).catch(() => log("runs not woken", { count: called.length }));
  };

  return {
    async take(run, order) {
      const taken = await lines.take(run, order).catch(() => undefined);
      if (taken === undefined) throw new Error(`Cannot ask for a slot for run "${run.runId}": Redis did not answer`);
      wakeSoon(run.unit, taken.called);
      if (!taken.isGranted) return undefined;
      const renew = () => void lines.take(run, 0).catch(() => log("slot not renewed", { runId: run.runId }));
      const keep = platform.every(renewEveryMs, renew);
      return {
        keep,
        async giveBack() {
          keep();
          // A slot that cannot be given back falls free when its lease ends.
          const called = await lines.leave(run).catch(() => []);
          wakeSoon(run.unit, called);
        },
      };
    },
    async callAgain() {
      const units = await lines.units();
      await Promise.all(units.map(async (unit) => wakeAll(unit, await lines.callAgain(unit))));
    },
  };
}

async function wakeOne(wake: Wake, jobId: string, platform: Pick<Platform, "sleep">): ReturnType<Wake> {
  const first = await wake(jobId);
  if (first === "woken") return first;
  await platform.sleep(fallsAsleepMs);
  return wake(jobId);
}
