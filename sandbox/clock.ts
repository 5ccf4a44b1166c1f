/** The sandbox's clock, which a test may move or speed up. All durations of the sandbox are measured on it. */
export type Clock = {
  /** Epoch milliseconds of the sandbox. */
  now(): number;
  /** Runs `event` once the clock has reached `due`, and passes `due`, not the moment of the call. */
  at(due: number, event: (due: number) => void): void;
  /** Runs everything that is due, oldest first. Each request calls it first, so no answer is older than the clock. */
  catchUp(): void;
  /** `offsetMs`: distance from real time; `speed`: sandbox milliseconds per real one; `advanceMs`: a jump from now. */
  steer(change: { offsetMs?: number | undefined; speed?: number | undefined; advanceMs?: number | undefined }): void;
  /** Resolves after `ms` of sandbox time. */
  sleep(ms: number): Promise<void>;
  speed(): number;
  /** Back to real time; forgets all events and wakes all sleepers. */
  reset(): void;
};

type Event = { due: number; order: number; run: (due: number) => void };

/** Calls back after a number of real milliseconds. @returns what cancels it */
export type SetTimer = (work: () => void, ms: number) => () => void;

const setRealTimer: SetTimer = (work, ms) => {
  const timer = setTimeout(work, ms);
  timer.unref();
  return () => clearTimeout(timer);
};

/** setTimeout overflows above this and would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/** Starts a clock at real time and real speed. */
export function openClock(realNow: () => number, setTimer: SetTimer = setRealTimer): Clock {
  let anchorReal = realNow();
  let anchor = anchorReal;
  let speed = 1;
  let events: Event[] = [];
  let order = 0;
  let disarm = () => {};
  let sleepers: (() => void)[] = [];

  const now = () => Math.floor(anchor + (realNow() - anchorReal) * speed);
  const arm = () => {
    disarm();
    const next = events[0];
    if (next === undefined) return;
    disarm = setTimer(catchUp, Math.min(Math.max(Math.ceil((next.due - now()) / speed), 0), longestTimerMs));
  };
  function catchUp(): void {
    for (let next = events[0]; next !== undefined && next.due <= now(); next = events[0]) {
      events.shift();
      next.run(next.due);
    }
    arm();
  }
  function at(due: number, run: (due: number) => void): void {
    events.push({ due, order: order++, run });
    events.sort((a, b) => a.due - b.due || a.order - b.order);
    arm();
  }
  function steer(change: Parameters<Clock["steer"]>[0]): void {
    const before = now();
    anchorReal = realNow();
    anchor = (change.offsetMs === undefined ? before : anchorReal + change.offsetMs) + (change.advanceMs ?? 0);
    speed = change.speed ?? speed;
    catchUp();
  }
  return {
    now,
    at,
    catchUp,
    steer,
    sleep: (ms) =>
      new Promise((resolve) => {
        sleepers.push(resolve);
        at(now() + ms, () => {
          sleepers = sleepers.filter((it) => it !== resolve);
          resolve();
        });
      }),
    speed: () => speed,
    reset: () => {
      disarm();
      events = [];
      for (const wake of sleepers.splice(0)) wake();
      anchorReal = realNow();
      anchor = anchorReal;
      speed = 1;
    },
  };
}
