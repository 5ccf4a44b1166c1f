import type { Redis } from "ioredis";
import { z } from "zod";
import type { BusinessUnit } from "#db/folders.ts";
import { fairKeys, linesKey, unitOfLine } from "#protocol/redis-keys.ts";
import { callAgainScript, enterScript, leaveScript, runScript, takeScript } from "./line-scripts.ts";

/** Runs of one business unit that execute at once (D13); MCE does not run many of one account side by side either. */
const slotsMax = 8;
/** A slot whose run gives no sign for so long is free again; longer than the longest wait between two polls. */
const leaseMs = 60_000;
/** A run that is called holds its slot for so long until it starts; then it is called anew. */
const reservationMs = 10_000;
/** How often a run that works in process renews its lease. */
export const renewEveryMs = leaseMs / 2;

/** A run in the line of its business unit: `jobId` is what to wake it by. */
export type Waiting = { unit: BusinessUnit; runId: string; jobId: string };

/** A run that has been given a slot and is to be woken. */
export type Called = { runId: string; jobId: string };

/** The line of each business unit before its slots (D13). All of it is a cache: a run that is lost here joins again. */
export type Lines = {
  /** Puts a run into its line. @returns its priority in the queue, by virtual time over all tenants */
  enter(run: Waiting): Promise<number>;
  /** Asks for a slot, or renews the one the run has. @param order what `enter` gave; 0 for a run that has executed before */
  take(run: Waiting, order: number): Promise<{ isGranted: boolean; called: readonly Called[] }>;
  /** Gives the slot back, or leaves the line. */
  leave(run: Pick<Waiting, "unit" | "runId">): Promise<readonly Called[]>;
  /** The business units in whose lines somebody waits. */
  units(): Promise<readonly BusinessUnit[]>;
  /** Who has been called and has not started, with those for whom a slot is free now. */
  callAgain(unit: BusinessUnit): Promise<readonly Called[]>;
};

const Numeral = z.coerce.number();
const Pairs = z.array(z.string());
const Taken = z.tuple([z.number()]).rest(z.string());

/** Opens the lines; each verb is one command to Redis. */
export function openLines(redis: Redis, now: () => number): Lines {
  return {
    async enter({ unit, runId, jobId }) {
      return Numeral.parse(await runScript(redis, enterScript, fairKeys(unit), [runId, jobId, unit.tenantId]));
    },
    async take({ unit, runId, jobId }, order) {
      const at = now();
      const words = [runId, jobId, order, at, at + leaseMs, slotsMax, at + reservationMs];
      const [granted, ...called] = Taken.parse(await runScript(redis, takeScript, fairKeys(unit), words));
      return { isGranted: granted === 1, called: pairs(called) };
    },
    async leave({ unit, runId }) {
      const at = now();
      const words = [runId, at, slotsMax, at + reservationMs];
      return pairs(Pairs.parse(await runScript(redis, leaveScript, fairKeys(unit), words)));
    },
    units: async () => (await redis.smembers(linesKey)).map(unitOfLine),
    async callAgain(unit) {
      const at = now();
      const words = [at, slotsMax, at + reservationMs];
      return pairs(Pairs.parse(await runScript(redis, callAgainScript, fairKeys(unit), words)));
    },
  };
}

function pairs(words: readonly string[]): readonly Called[] {
  return words.flatMap((runId, at) => (at % 2 === 0 ? [{ runId, jobId: words[at + 1] ?? "" }] : []));
}
