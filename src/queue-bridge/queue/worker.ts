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
import { placesOf, type Log } from "../log.ts";
import type { JobInHand, Processed } from "../processor/processor.ts";
import type { Sweeper } from "../left-over/sweeper.ts";
import { SweepJob } from "../left-over/sweep-job.ts";

export type RunWorker = { close(force?: boolean): Promise<void> };

// D11: what a bridge that died had in hand goes on within 10 s: its locks run out, the next look for stalled jobs finds them.
const lockMs = 5000;
/** BullMQ looks twice in this time and renews what was not renewed at the last look. */
const lockRenewMs = 3000;
const stalledCheckMs = 3000;
/** Seconds a wait for jobs blocks. A new job ends it; what a dead bridge has taken the marker of does not. */
const drainSeconds = 5;
const keepFinished = { age: 24 * 60 * 60 };
const retryMaxMs = 15_000;
const memoryPatienceMs = 500;

/** A run without a slot looks again after this when nobody has woken it (D13). */
const parkedMs = 60_000;

/** What a job is handed to. */
type Handlers = { run: (hand: JobInHand) => Promise<Processed>; slots: Slots; sweep: Sweeper };

const fixed = {
  prefix: redisPrefix,
  lockDuration: lockMs,
  lockRenewTime: lockRenewMs,
  stalledInterval: stalledCheckMs,
  drainDelay: drainSeconds,
  maxStalledCount: 100,
  removeOnComplete: keepFinished,
  removeOnFail: keepFinished,
  settings: { backoffStrategy: (tries: number) => backoff(tries - 1, { retryMinMs: 1000, retryMaxMs }) },
};

/** What it takes to work on jobs. */
export type WorkerDeps = StartDeps & { concurrency: number };

type StartDeps = { handlers: Handlers; platform: Platform; log: Log };

/** Starts to take jobs, `concurrency` at once; `handlers` do the work of one start. */
export function openWorker(connection: Redis, { concurrency, handlers, platform, log }: WorkerDeps): RunWorker {
  const worker = new Worker<unknown>(
    runQueue,
    // Three parameters: only then does BullMQ give a signal.
    (job, token, signal) => start(job, token, signal, { handlers, platform, log }),
    { connection, concurrency, ...fixed },
  );
  // Without a listener BullMQ would end the process; what it says may quote Redis.
  worker.on("error", () => log("queue error"));
  worker.on("failed", (job) => log("start failed", job?.id === undefined ? {} : { jobId: job.id }));
  worker.on("stalled", (jobId) => log("job stalled", { jobId }));
  worker.on("lockRenewalFailed", (jobIds) => {
    for (const jobId of jobIds) {
      log("lock lost", { jobId });
      worker.cancelJob(jobId);
    }
  });
  return { close: (force) => worker.close(force) };
}

/** One start of a job. Nothing is returned to BullMQ, because it would stand in Redis. */
async function start(
  job: Job<unknown>,
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
  // Its priority stays: it wakes among the new runs, where it was.
  if (slot === undefined) return delayUntil(job, token, platform.now() + parkedMs);
  try {
    const lost = signal ?? new AbortController().signal;
    const memory = memoryOf(job, parsed.data, platform);
    const processed = await handlers.run({ job: parsed.data, memory, lost });
    if (processed.kind === "done") return await slot.giveBack();
    if (processed.kind === "elsewhere") return;
    // Polls come back before new runs start (D10).
    if (job.priority !== 0) await job.changePriority({ priority: 0 });
    return await delayUntil(job, token, platform.now() + processed.waitMs);
  } finally {
    slot.keep();
  }
}

/** A run that MCE has taken waits for nobody, also when its bridge was down for longer than its lease. */
function orderOf({ priority }: Job<unknown>, { memory }: QueuedJob): number {
  return memory.perform === undefined ? Math.max(0, priority) : 0;
}

function placeOf(job: Job<unknown>, data: QueuedJob): Waiting {
  const { runId, tenantId, mid } = data;
  return { unit: { tenantId, mid }, runId, jobId: job.id ?? jobIdOf(data) };
}

/** @throws DelayedError always: so BullMQ learns that the job is not done */
async function delayUntil(job: Job<unknown>, token: string | undefined, at: number): Promise<never> {
  await job.moveToDelayed(at, token);
  throw new DelayedError();
}

/** @throws our own words only: BullMQ keeps them in Redis, and tries again */
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

function memoryOf(job: Job<unknown>, data: QueuedJob, platform: Platform): RunMemory {
  let { memory } = data;
  return {
    read: () => memory,
    async save(part) {
      memory = { ...memory, ...part };
      // Written before the job is ever delayed, so the next start sees it (D10). A Redis that is away must not hold up
      // the run: what is in memory here is enough for this start.
      const written = job.updateData({ ...data, memory }).catch(() => {});
      await deadline(platform, written, memoryPatienceMs, () => undefined);
    },
  };
}
