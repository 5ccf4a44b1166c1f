type State = "waiting" | "prioritized" | "delayed" | "active" | "completed" | "failed";

/** A job as BullMQ keeps it, as far as this engine uses it. */
export type ModelJob = {
  id: string;
  data: unknown;
  priority: number;
  attempts: number;
  attemptsMade: number;
  state: State;
  /** Its place among the waiting ones of the same priority. */
  place: number;
  dueAt: number;
  lock?: { token: string; until: number };
  /** A check for stalled jobs has seen it since its lock was last renewed. */
  isSuspect: boolean;
};

export type QueueTimes = { lockMs: number; stalledCheckMs: number };
export type AddOptions = { jobId: string; priority?: number; delay?: number; attempts?: number };

/** BullMQ's queue in memory; tests/simulate/queue-model.test.ts holds it beside the real one. */
export type ModelQueue = ReturnType<typeof openModelQueue>;

/** Opens an empty queue. @param at rings on the clock that `now` reads */
export function openModelQueue(now: () => number, at: (due: number, work: () => void) => void, times: QueueTimes) {
  const jobs = new Map<string, ModelJob>();
  const listeners = new Set<() => void>();
  let places = 0;
  let checkedAt = -Infinity;

  const changed = () => {
    for (const hear of listeners) hear();
    listeners.clear();
  };

  function wait(job: ModelJob, isFirst = false): void {
    job.state = job.priority > 0 && !isFirst ? "prioritized" : "waiting";
    places += 1;
    job.place = isFirst ? -places : places;
    changed();
  }

  function delay(job: ModelJob, due: number): void {
    job.state = "delayed";
    job.dueAt = due;
    at(due, changed);
  }

  function held(id: string, token: string): ModelJob {
    const job = jobs.get(id);
    if (job === undefined) throw new Error(`Missing key for job ${id}`);
    const isLocked = job.lock !== undefined && job.lock.until > now();
    if (!isLocked) throw new Error(`Missing lock for job ${id}`);
    if (job.lock?.token !== token) throw new Error(`Lock mismatch for job ${id}`);
    return job;
  }

  function release(job: ModelJob): void {
    delete job.lock;
    job.isSuspect = false;
  }

  return {
    jobs,
    /** Resolves when a job may be ready. */
    changed: () => new Promise<void>((resolve) => listeners.add(resolve)),
    clear(): void {
      jobs.clear();
    },
    add(data: unknown, { jobId: id, priority = 0, delay: delayMs = 0, attempts = 1 }: AddOptions): void {
      if (jobs.has(id)) return;
      const job: ModelJob = {
        id,
        data,
        priority,
        attempts,
        attemptsMade: 0,
        state: "waiting",
        place: 0,
        dueAt: 0,
        isSuspect: false,
      };
      jobs.set(id, job);
      if (delayMs > 0) delay(job, now() + delayMs);
      else wait(job);
    },
    stateOf: (id: string): State | "unknown" => jobs.get(id)?.state ?? "unknown",
    promote(id: string): void {
      const job = jobs.get(id);
      if (job?.state !== "delayed") throw new Error(`Job ${id} is not in the delayed state. promote`);
      wait(job);
    },
    /** Gives the next job with a lock; jobs without priority come first. */
    take(token: string): ModelJob | undefined {
      for (const job of jobs.values()) if (job.state === "delayed" && job.dueAt <= now()) wait(job);
      const ready = [...jobs.values()].filter(({ state }) => state === "waiting" || state === "prioritized");
      const rank = (job: ModelJob) => (job.state === "waiting" ? 0 : job.priority);
      const next = ready.toSorted((one, other) => rank(one) - rank(other) || one.place - other.place)[0];
      if (next === undefined) return undefined;
      next.state = "active";
      next.lock = { token, until: now() + times.lockMs };
      return next;
    },
    /** Renews a lock. @returns false when it is not held any more */
    extend(id: string, token: string): boolean {
      const job = jobs.get(id);
      if (job?.lock === undefined || job.lock.until <= now() || job.lock.token !== token) return false;
      job.lock.until = now() + times.lockMs;
      job.isSuspect = false;
      return true;
    },
    moveToDelayed(id: string, token: string, due: number): void {
      const job = held(id, token);
      release(job);
      delay(job, due);
    },
    finish(id: string, token: string): void {
      const job = held(id, token);
      release(job);
      job.state = "completed";
    },
    /** A start has thrown: tries again later, or never. */
    fail(id: string, token: string, backoff: (tries: number) => number): void {
      const job = held(id, token);
      release(job);
      job.attemptsMade += 1;
      if (job.attemptsMade >= job.attempts) job.state = "failed";
      else delay(job, now() + backoff(job.attemptsMade));
    },
    changePriority(id: string, priority: number): void {
      const job = jobs.get(id);
      if (job === undefined) return;
      job.priority = priority;
      if (job.state === "waiting" || job.state === "prioritized") wait(job);
    },
    updateData(id: string, data: unknown): void {
      const job = jobs.get(id);
      if (job === undefined) throw new Error(`Missing key for job ${id}. updateData`);
      job.data = data;
    },
    /** The check for stalled jobs: one that was seen before and has no lock waits again, before all others. */
    checkStalled(): string[] {
      if (now() - checkedAt < times.stalledCheckMs) return [];
      checkedAt = now();
      const active = [...jobs.values()].filter(({ state }) => state === "active");
      const stalled = active.filter(({ isSuspect, lock }) => isSuspect && (lock === undefined || lock.until <= now()));
      for (const job of stalled) {
        release(job);
        wait(job, true);
      }
      for (const job of active) if (job.state === "active") job.isSuspect = true;
      return stalled.map(({ id }) => id);
    },
  };
}
