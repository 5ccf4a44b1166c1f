import { given } from "#lang/given.ts";
import { DelayedError, Worker, type Job } from "bullmq";
import type { Redis } from "ioredis";
import type { Platform } from "#async/platform.ts";
import { backoff } from "#async/backoff.ts";
import { deadline } from "#async/deadline.ts";
import { redisPrefix, runQueue } from "#protocol/redis-keys.ts";
import { jobIdOf } from "#protocol/job.ts";
import { QueuedJob, type RunMemory } from "../run/memory.ts";
import type { Waiting } from "./line.ts";
import type { Slots } from "./slots.ts";
import { placesOf } from "#lang/places.ts";
import type { Log } from "../log.ts";
import type { JobInHand, Processed } from "../processor/processor.ts";
import type { Sweeper } from "../left-over/sweeper.ts";
import { SweepJob } from "../left-over/sweep-job.ts";

export type RunWorker = { close(force?: boolean): Promise<void> };

// D11: the jobs of a bridge that died continue within 10 s: their locks expire, and the next check for stalled jobs finds them.
const lockMs = 5000;
/** BullMQ checks twice in this time, and renews what it did not renew at the last check. */
const lockRenewMs = 3000;
const stalledCheckMs = 3000;
/** How long a wait for jobs blocks. A new job ends it, unless a bridge that died has already taken its marker. */
const drainSeconds = 5;
const retryMaxMs = 15_000;
const memoryPatienceMs = 500;

/** A run without a slot tries again after this if it has not been woken (D13). */
const parkedMs = 60_000;

/** What does the work of a job. */
type Handlers = { run: (hand: JobInHand) => Promise<Processed>; slots: Slots; sweep: Sweeper };

/** How BullMQ runs the jobs of this engine. */
export const workerOptions = {
  prefix: redisPrefix,
  lockDuration: lockMs,
  lockRenewTime: lockRenewMs,
  stalledInterval: stalledCheckMs,
  drainDelay: drainSeconds,
  maxStalledCount: 100,
  settings: { backoffStrategy: (tries: number) => backoff(tries - 1, { retryMinMs: 1000, retryMaxMs }) },
};

/** What a worker needs. */
export type WorkerDeps = StartDeps & { concurrency: number };

/** What is asked of BullMQ's job. */
export type QueueJob = Pick<
  Job<unknown>,
  "id" | "data" | "priority" | "updateData" | "moveToDelayed" | "changePriority"
>;

/** What one start of a job needs. */
export type StartDeps = { handlers: Handlers; platform: Platform; log: Log };

/** Starts taking jobs, `concurrency` at once; `handlers` do the work of one start. */
export function openWorker(connection: Redis, { concurrency, handlers, platform, log }: WorkerDeps): RunWorker {
  const worker = new Worker<unknown>(
    runQueue,
    // BullMQ passes a signal only to a function with three parameters.
    (job, token, signal) => startJob(job, token, signal, { handlers, platform, log }),
    { connection, concurrency, ...workerOptions },
  );
  // Without a listener BullMQ would end the process; its message may quote Redis.
  worker.on("error", () => log("queue error"));
  worker.on("failed", (job) => log("start failed", given({ jobId: job?.id })));
  worker.on("stalled", (jobId) => log("job stalled", { jobId }));
  worker.on("lockRenewalFailed", (jobIds) => {
    for (const jobId of jobIds) {
      log("lock lost", { jobId });
      worker.cancelJob(jobId);
    }
  });
  return { close: (force) => worker.close(force) };
}

/**
 * Executes one start of a job. Nothing is returned to BullMQ, which would keep it in Redis.
 *
 * @throws DelayedError when the job is not done and has been delayed; our own words when BullMQ must retry
 */
export async function startJob(
  job: QueueJob,
  token: string | undefined,
  signal: AbortSignal | undefined,
  { handlers, platform, log }: StartDeps,
): Promise<void> {
  const sweep = SweepJob.safeParse(job.data);
  if (sweep.success) return startSweep(sweep.data, handlers.sweep, log);
  const parsed = QueuedJob.safeParse(job.data);
  if (!parsed.success) {
    log("job refused", { ...given({ jobId: job.id }), why: "not a job this bridge knows" });
    return;
  }
  const slot = await handlers.slots.take(placeOf(job, parsed.data), orderOf(job, parsed.data));
  // It keeps its priority: when it wakes, it is among the new runs, where it was.
  if (slot === undefined) return delayUntil(job, token, platform.now() + parkedMs);
  try {
    const lost = signal ?? new AbortController().signal;
    const memory = memoryOf(job, parsed.data, platform);
    const processed = await handlers.run({ job: parsed.data, memory, lost });
    if (processed.kind === "done") return await slot.release();
    if (processed.kind === "elsewhere") return;
    // Polls are due before new runs (D10).
    if (job.priority !== 0) await job.changePriority({ priority: 0 });
    return await delayUntil(job, token, platform.now() + processed.waitMs);
  } finally {
    slot.keep();
  }
}

/** The run's order in line: 0, so first, if MCE has accepted its query, even if its bridge was down longer than its lease. */
function orderOf({ priority }: QueueJob, { memory }: QueuedJob): number {
  return memory.perform === undefined ? Math.max(0, priority) : 0;
}

function placeOf(job: QueueJob, data: QueuedJob): Waiting {
  const { runId, tenantId, mid } = data;
  return { unit: { tenantId, mid }, runId, jobId: job.id ?? jobIdOf(data) };
}

/** Delays the job. @throws DelayedError always, which is how BullMQ knows that the job is not done */
async function delayUntil(job: QueueJob, token: string | undefined, at: number): Promise<never> {
  await job.moveToDelayed(at, token);
  throw new DelayedError();
}

/** Executes a job of the sweeper. @throws our own words only: BullMQ keeps them in Redis, and retries */
async function startSweep(job: SweepJob, sweep: Sweeper, log: Log): Promise<void> {
  const isDone = await sweep(job).then(
    () => true,
    (error: unknown) => {
      log("sweep waits", { sweepId: job.sweepId, places: placesOf(error) });
      return false;
    },
  );
  if (!isDone) throw new Error(`Cannot do "${job.kind}" of sweep "${job.sweepId}": see the log`);
}

function memoryOf(job: QueueJob, data: QueuedJob, platform: Platform): RunMemory {
  let { memory } = data;
  return {
    read: () => memory,
    async save(part) {
      memory = { ...memory, ...part };
      // Written before the job is delayed, so that the next start sees it (D10). An unreachable Redis must not hold up the
      // run: this start needs only its own copy.
      const written = job.updateData({ ...data, memory }).catch(() => {});
      await deadline(platform, written, memoryPatienceMs, () => undefined);
    },
  };
}
