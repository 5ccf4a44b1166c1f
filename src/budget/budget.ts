import type { Platform } from "#async/platform.ts";
import { deadline } from "#async/deadline.ts";
import type { MceFailure } from "#mce/failure.ts";
import { take, type Level, type Taken, type Wish } from "./bucket.ts";
import { floorOf, type CallClass } from "./call-class.ts";
import { limitsAlone, type Limits } from "./limits.ts";
import type { SharedBucket } from "./shared-bucket.ts";
import type { BusinessUnit } from "#protocol/tenancy.ts";
import { openLine, type Line, type LineDeps, type Waiting } from "./line.ts";

/** Keeps the calls to each business unit within its budget, across all bridges and the edge. */
export type Budget = {
  /** The most units that one reservation gets: what this process' own bucket holds while Redis is away. */
  unitsMax: number;
  /**
   * Waits for units, at most `unitsMax`, which then count as spent.
   *
   * @returns undefined when they are granted; `throttled` at once when the wait would exceed the patience
   */
  reserve(unit: BusinessUnit, callClass: CallClass, units: number, waiting: Waiting): Promise<MceFailure | undefined>;
  /** Whether MCE has asked for a pause for this unit, as far as this process knows. */
  isPaused(unit: BusinessUnit): boolean;
  /** Pauses a unit, as MCE asked. Every other process learns it with its next question to Redis. */
  pause(unit: BusinessUnit, pauseMs: number): void;
};

/** One answer of the budget: how many units were asked for, how long the caller waited, and whether it got them. */
export type Reserved = { callClass: CallClass; units: number; waitMs: number; isGranted: boolean };

export type BudgetDeps = {
  shared: SharedBucket;
  platform: Pick<Platform, "monotonic" | "sleep">;
  limits: Limits;
  /** Called for each answer. */
  onReserved?: (reserved: Reserved) => void;
  /** How callers of one class wait: `openLine`, unless the program is a Worker (`openOwnTurn`). */
  openWaiting?: (deps: LineDeps) => Line;
};

/** What this process knows about a unit. Times are the platform's monotonic milliseconds. */
type Known = {
  name: string;
  spentAt: number;
  pauseUntil: number;
  /** While Redis is away: this process' own bucket, and what it has spent from it. */
  alone?: Level;
  owed: number;
  lines: Map<CallClass, Line>;
};

/** Redis is close: an answer that takes longer is not coming. */
const redisPatienceMs = 300;
/** A Redis that did not answer is not asked again within this time. */
const awayMs = 2000;
/** As many business units as one process remembers. */
const knownMax = 1000;

/** Opens the budget of one process. */
export function openBudget(deps: BudgetDeps): Budget {
  const { platform, limits, onReserved, openWaiting = openLine } = deps;
  const units = openUnits(deps);
  const asker = openAsker(deps);

  function lineOf(unit: BusinessUnit, callClass: CallClass): Line {
    const known = units.get(unit);
    const line =
      known.lines.get(callClass) ??
      openWaiting({
        platform,
        lapseMs: limits.lapseMs,
        isPaused: () => isPaused(known),
        // Polls of many runs share what is reserved. Other classes would only take it from each other.
        ask: (need, want) => asker.ask(unit, known, { need, want: callClass === "ends" ? want : need }, callClass),
      });
    known.lines.set(callClass, line);
    return line;
  }

  const isPaused = ({ pauseUntil }: Known) => pauseUntil > platform.monotonic();

  return {
    unitsMax: limitsAlone(limits).capacity,
    isPaused: (unit) => isPaused(units.get(unit)),
    async reserve(unit, callClass, wanted, waiting) {
      const units = Math.min(wanted, limitsAlone(limits).capacity);
      const from = platform.monotonic();
      const refusal = await lineOf(unit, callClass).wait(units, waiting);
      onReserved?.({ callClass, units, waitMs: platform.monotonic() - from, isGranted: refusal === undefined });
      return refusal;
    },
    pause(unit, pauseMs) {
      const known = units.get(unit);
      known.pauseUntil = Math.max(known.pauseUntil, platform.monotonic() + pauseMs);
      void asker.sharePause(unit, known, pauseMs);
    },
  };
}

/** The units that this process has used lately, by tenant and MID. */
function openUnits({ platform, limits }: BudgetDeps) {
  const units = new Map<string, Known>();
  const isIdle = (known: Known | undefined) =>
    known !== undefined && platform.monotonic() - known.spentAt > limits.minuteMs;
  return {
    get({ tenantId, mid }: BusinessUnit): Known {
      const key = `${tenantId}:${mid}`;
      const known = units.get(key) ?? { name: "", spentAt: -Infinity, pauseUntil: 0, owed: 0, lines: new Map() };
      // The most recently used come last.
      units.delete(key);
      units.set(key, known);
      const [oldest] = units.keys();
      if (units.size > knownMax && oldest !== undefined && isIdle(units.get(oldest))) units.delete(oldest);
      return known;
    },
  };
}

/** Asks the shared bucket or, while Redis is away, this process' own. */
function openAsker({ shared, platform, limits }: BudgetDeps) {
  const alone = limitsAlone(limits);
  let awayUntil = -Infinity;

  async function askShared(unit: BusinessUnit, known: Known, wish: Wish, pauseMs: number) {
    const now = platform.monotonic();
    if (now < awayUntil) return undefined;
    const { name, owed, spentAt } = known;
    const isBusy = now - spentAt < limits.capacity / limits.rate;
    const asking = { ...wish, pauseMs, known: name, isBusy, owed };
    const answer = await deadline(platform, shared.ask(unit, asking), redisPatienceMs, () => undefined);
    if (answer === undefined) {
      awayUntil = platform.monotonic() + awayMs;
      return undefined;
    }
    known.name = answer.name;
    known.owed = Math.max(0, known.owed - owed);
    delete known.alone;
    known.pauseUntil = Math.max(known.pauseUntil, platform.monotonic() + answer.pauseMs);
    return answer;
  }

  function askAlone(known: Known, need: number, callClass: CallClass): Taken {
    const now = platform.monotonic();
    const wish = { need, want: need, floor: floorOf(callClass, alone.capacity) };
    // Empty at first: what was taken from the shared bucket lately counts too.
    const { bucket, ...taken } = take(known.alone ?? { level: 0, at: now }, wish, alone, now);
    known.alone = bucket;
    known.owed += taken.granted;
    return taken;
  }

  return {
    async ask(unit: BusinessUnit, known: Known, wish: Omit<Wish, "floor">, callClass: CallClass): Promise<Taken> {
      const now = platform.monotonic();
      if (known.pauseUntil > now) return { granted: 0, waitMs: known.pauseUntil - now };
      const answer = await askShared(unit, known, { ...wish, floor: floorOf(callClass, limits.capacity) }, 0);
      if (answer === undefined) {
        const taken = askAlone(known, wish.need, callClass);
        // Redis is asked again before the own bucket has filled, and most often is only late.
        return { ...taken, waitMs: Math.min(taken.waitMs, Math.max(1, awayUntil - platform.monotonic())) };
      }
      if (answer.granted > 0) known.spentAt = platform.monotonic();
      return answer;
    },
    sharePause: (unit: BusinessUnit, known: Known, pauseMs: number) =>
      askShared(unit, known, { need: 0, want: 0, floor: 0 }, pauseMs),
  };
}
