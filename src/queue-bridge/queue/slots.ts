import type { Platform } from "#async/platform.ts";
import type { BusinessUnit } from "#protocol/tenancy.ts";
import type { Log } from "../log.ts";
import { renewEveryMs, type Called, type Lines, type Waiting } from "./line.ts";

/** Ends the delay of a parked job. */
export type Wake = (jobId: string) => Promise<"woken" | "not-parked" | "gone">;

/** The slot of a run, while one start of the processor works on the run. */
type Slot = {
  /** Ends the start, not the run: the run keeps the slot, and renewals stop. */
  keep(): void;
  /** Ends the run: the next one is called. */
  release(): Promise<void>;
};

export type Slots = {
  /**
   * Requests a slot.
   *
   * @param order its priority in the queue; 0 when it has executed before
   * @returns undefined when the run has to wait; it will be woken
   * @throws our own words only, while Redis is unreachable
   */
  take(run: Waiting, order: number): Promise<Slot | undefined>;
  /** Wakes runs that were called and have not started: the bridge that called them may have died before it woke them. */
  callAgain(): Promise<void>;
};

/**
 * How long a run may not be ready to be woken: for some milliseconds after it was refused a slot its job is not delayed yet,
 * and after it has entered the line its job does not exist yet.
 */
const notYetParkedMs = 250;

/** Opens the slots: a run without one is parked, and a run that releases one wakes the next (D13). */
export function openSlots(lines: Lines, wake: Wake, platform: Pick<Platform, "sleep" | "every">, log: Log): Slots {
  /** Wakes the runs that have been called; a run whose job is gone loses its slot to the next in line. */
  async function wakeAll(unit: BusinessUnit, called: readonly Called[]): Promise<void> {
    for (const { runId, jobId } of called) {
      if ((await wakeOne(wake, jobId, platform)) !== "gone") continue;
      log("run gone from its line", { runId });
      await wakeAll(unit, await lines.leave({ unit, runId }));
    }
  }
  // The calling run does not wait for this: a run that is not woken is called again.
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
      const stopRenewing = platform.every(renewEveryMs, renew);
      return {
        keep: stopRenewing,
        async release() {
          stopRenewing();
          // A slot that cannot be released is free when its lease ends.
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
  await platform.sleep(notYetParkedMs);
  return wake(jobId);
}
