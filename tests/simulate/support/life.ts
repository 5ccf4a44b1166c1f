import type { Platform } from "#async/platform.ts";
import type { VirtualClock } from "../../calm/support/virtual-clock.ts";
import { openRandom } from "../../../sandbox/random.ts";
import type { Reached } from "./step.ts";

/**
 * What happens to a process at its nth effect: it dies `before` it or `after` it; or it lives, and the request never arrives
 * (`unsent`) or its answer does not (`unanswered`); or the user cancels the run just before it, and the bridge hears of that
 * (`canceled`) or does not (`canceled unheard`); or it stands still just after it for 75 s (`stalled`), and another bridge goes on.
 */
export type Crash = {
  effect: number;
  when: "before" | "after" | "unsent" | "unanswered" | "canceled" | "canceled unheard" | "stalled";
};

/** Long enough for another bridge to take a run over, and to settle its grant. */
const stallMs = 75_000;

/** One life of a process, from its start to its death: everything that it does to others passes here. */
export type Life = {
  name: string;
  /** Its clock, timers, chance and network; they stand still while the process does. */
  platform: Platform;
  isOver(): boolean;
  /** What it has done to others so far, in order. */
  effects: readonly string[];
  /** Does one thing to others. A dead process never hears the answer, and does nothing more. */
  effect: <T>(what: string, work: () => Promise<T>) => Promise<T>;
  /** As `effect`, for what comes again and again whether or not there is a run. */
  routine<T>(work: () => Promise<T>): Promise<T>;
  die(): void;
  /** Stands still, as under SIGSTOP or in a long synchronous loop; then goes on as if nothing had been. */
  stall(ms: number): void;
  /** Its wall clock is set to be so far ahead of the true time. */
  setAhead(ms: number): void;
};

export type LifeDeps = {
  clock: VirtualClock;
  /** Distinguishes its ids and its chance from those of every other life. */
  number: number;
  name: string;
  /** How far its wall clock is ahead of the true time. */
  skewMs: number;
  crashes: readonly Crash[];
  fetch: Platform["fetch"];
  /** Called for each effect, just before it. */
  onEffect: (what: string) => Reached;
  onDeath: (life: Life) => void;
  /** The user cancels. @param isAnnounced bridges hear of it */
  onCancel: (isAnnounced: boolean) => void;
};

/** Starts a life. */
export function openLife(deps: LifeDeps): Life {
  const { clock, number, name, crashes, onDeath } = deps;
  const wall = clock.platform(deps.fetch);
  const random = openRandom(number);
  const effects: string[] = [];
  let isOver = false;
  let awakeAt = 0;
  let { skewMs } = deps;
  let ids = 0;

  const never = () => new Promise<never>(() => {});
  /** Returns when the process runs, which a dead one never does. */
  async function awake(): Promise<void> {
    for (;;) {
      if (isOver) return never();
      const leftMs = awakeAt - clock.now();
      if (leftMs <= 0) return undefined;
      await wall.sleep(leftMs);
    }
  }

  function die(): void {
    if (isOver) return;
    isOver = true;
    onDeath(life);
  }

  async function settled<T>(work: () => Promise<T>, end: () => void = () => {}): Promise<T> {
    try {
      const value = await work();
      if (!isOver) end();
      await awake();
      return value;
    } catch (error) {
      if (!isOver) end();
      await awake();
      throw error;
    }
  }

  async function effect<T>(what: string, work: () => Promise<T>): Promise<T> {
    await awake();
    effects.push(what);
    const { strike, end } = deps.onEffect(what);
    if (strike !== undefined) {
      strike();
      await awake();
    }
    const crash = crashes.find((one) => one.effect === effects.length);
    if (crash?.when === "canceled" || crash?.when === "canceled unheard") deps.onCancel(crash.when === "canceled");
    else if (crash?.when === "stalled") life.stall(stallMs);
    else if (crash !== undefined) return blow(crash, work);
    return settled(work, end);
  }

  async function blow<T>({ when }: Crash, work: () => Promise<T>): Promise<T> {
    if (when === "before") {
      die();
      return never();
    }
    if (when !== "unsent") await work().catch(() => undefined);
    if (when !== "after") throw new TypeError("fetch failed");
    die();
    return never();
  }

  async function routine<T>(work: () => Promise<T>): Promise<T> {
    await awake();
    return settled(work);
  }

  function every(ms: number, work: () => void): () => void {
    let isStopped = false;
    const turn = async () => {
      await awake();
      if (isStopped) return;
      clock.at(clock.now() + ms, () => void turn());
      work();
    };
    clock.at(clock.now() + ms, () => void turn());
    return () => void (isStopped = true);
  }

  function timeout(ms: number): AbortSignal {
    const controller = new AbortController();
    const late = () => controller.abort(new DOMException("The operation timed out", "TimeoutError"));
    clock.at(clock.now() + ms, () => void awake().then(late));
    return controller.signal;
  }

  const platform: Platform = {
    fetch: deps.fetch,
    now: () => clock.now() + skewMs,
    monotonic: () => wall.monotonic(),
    random: () => random.next(),
    uuid: () => `00000000-0000-4000-8${hex(number, 3)}-${hex((ids += 1), 12)}`,
    async sleep(ms, signal) {
      const isWhole = await wall.sleep(ms, signal);
      await awake();
      return isWhole;
    },
    timeout,
    every,
  };
  const life: Life = {
    name,
    platform,
    effects,
    effect,
    routine,
    die,
    isOver: () => isOver,
    stall: (ms) => void (awakeAt = Math.max(awakeAt, clock.now() + ms)),
    setAhead: (ms) => void (skewMs = ms),
  };
  return life;
}

function hex(number: number, digits: number): string {
  return number.toString(16).padStart(digits, "0");
}
