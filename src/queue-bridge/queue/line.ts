import type { Redis } from "ioredis";
import { z } from "zod";
import type { BusinessUnit } from "#protocol/tenancy.ts";
import { fairKeys, linesKey, unitOfLine } from "#protocol/redis-keys.ts";
import { callAgainScript, enterScript, leaveScript, runScript, takeScript } from "./line-scripts.ts";

/** Runs of one business unit that execute at once (D13); MCE itself runs only a few of one account in parallel. */
const slotsMax = 8;
/** A slot is free again when its lease has not been renewed for this long; longer than the longest wait between two polls. */
const leaseMs = 60_000;
/** How long a slot is reserved for a called run that has not started; then the run is called again. */
const reservationMs = 10_000;
/** How often a start of the processor renews its run's lease. */
export const renewEveryMs = leaseMs / 2;

/** A run in the line of its business unit; `jobId` is the job to wake. */
export type Waiting = { unit: BusinessUnit; runId: string; jobId: string };

/** A run that has been given a slot and must be woken. */
export type Called = { runId: string; jobId: string };

/** The runs of each business unit that wait for its slots (D13). All of it is a cache: a run that is lost here joins again. */
export type Lines = {
  /** Adds a run to its line. @returns its priority in the queue, by virtual time over all tenants */
  enter(run: Waiting): Promise<number>;
  /** Requests a slot, or renews the run's lease. @param order what `enter` returned; 0 for a run that has executed before */
  take(run: Waiting, order: number): Promise<{ isGranted: boolean; called: readonly Called[] }>;
  /** Releases the slot, or leaves the line. @returns the runs that are called next */
  leave(run: Pick<Waiting, "unit" | "runId">): Promise<readonly Called[]>;
  /** The business units whose lines are not empty. */
  units(): Promise<readonly BusinessUnit[]>;
  /** The runs that have been called and have not started, including those for which a slot is free now. */
  callAgain(unit: BusinessUnit): Promise<readonly Called[]>;
};

const Numeral = z.coerce.number();
const Pairs = z.array(z.string());
const Taken = z.tuple([z.number()]).rest(z.string());

/** Opens the lines; each verb is one command to Redis. */
export function openLines(redis: Redis): Lines {
  return {
    async enter({ unit, runId, jobId }) {
      return Numeral.parse(await runScript(redis, enterScript, fairKeys(unit), [runId, jobId, unit.tenantId]));
    },
    async take({ unit, runId, jobId }, order) {
      const args = [runId, jobId, order, slotsMax, leaseMs, reservationMs];
      const [granted, ...called] = Taken.parse(await runScript(redis, takeScript, fairKeys(unit), args));
      return { isGranted: granted === 1, called: pairs(called) };
    },
    async leave({ unit, runId }) {
      const args = [runId, slotsMax, reservationMs];
      return pairs(Pairs.parse(await runScript(redis, leaveScript, fairKeys(unit), args)));
    },
    units: async () => (await redis.smembers(linesKey)).map(unitOfLine),
    async callAgain(unit) {
      const args = [slotsMax, reservationMs];
      return pairs(Pairs.parse(await runScript(redis, callAgainScript, fairKeys(unit), args)));
    },
  };
}

function pairs(items: readonly string[]): readonly Called[] {
  return items.flatMap((runId, at) => (at % 2 === 0 ? [{ runId, jobId: items[at + 1] ?? "" }] : []));
}
