import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import { z } from "zod";
import { RunJob, jobIdOf } from "#protocol/job.ts";
import { redisPrefix, runQueue } from "#protocol/redis-keys.ts";
import { Habit } from "./habit.ts";
import { Seen } from "./signals.ts";
import type { SweepJob } from "./sweep/job.ts";
import { sweepJobId } from "./sweep/job.ts";

/**
 * What a job remembers between two starts: only a cache (D2). Lost, it delays a run; it never decides what the object
 * has not confirmed.
 */
export const Memory = z.object({
  /** MCE's TaskID of Perform `n`: kept here too in case the object could not be told. */
  perform: z.object({ n: z.int(), taskId: z.string() }).optional(),
  /** The column of the result table that keeps the query's order. */
  orderColumn: z.string().optional(),
  /** How long such queries have taken. */
  habit: Habit.optional(),
  /** What the polls of the last Perform have shown. */
  seen: Seen.optional(),
  notes: z.array(z.string()).optional(),
});
export type Memory = z.infer<typeof Memory>;

/** The data of a BullMQ job: ids and tenant context, and the cache. No SQL, no row, no text of MCE. */
export const QueuedJob = RunJob.extend({ memory: Memory.default({}) });
export type QueuedJob = z.infer<typeof QueuedJob>;

/** Every new run waits behind polls of older ones, which come back with priority 0 (D10). */
const newRunPriority = 1;
const keepFinished = { age: 24 * 60 * 60 };
const shared = {
  backoff: { type: "custom" },
  // Failure texts and stacks stand in Redis in clear; ours say enough without a stack.
  stackTraceLimit: 0,
  removeOnComplete: keepFinished,
  removeOnFail: keepFinished,
};

export type RunQueue = {
  add(job: RunJob): Promise<void>;
  /** Queues a job of the sweeper; one that is queued, or was within a day, is left as it is. */
  addSweep(job: SweepJob, delayMs?: number): Promise<void>;
  close(): Promise<void>;
};

/** A sweep that failed for want of Postgres is tried for some minutes; the next hour brings another. */
const sweepTries = 20;

/** Opens the producer side of the queue (D11). */
export function openQueue(connection: Redis): RunQueue {
  const queue = new Queue<QueuedJob | SweepJob>(runQueue, { connection, prefix: redisPrefix });
  return {
    async add(job) {
      await queue.add(
        "run",
        { ...job, memory: {} },
        {
          ...shared,
          jobId: jobIdOf(job),
          priority: newRunPriority,
          attempts: 50,
        },
      );
    },
    async addSweep(job, delayMs = 0) {
      const jobId = sweepJobId(job);
      // No priority: the sweeper's few jobs come paced, and must not starve behind new runs.
      await queue.add(job.kind, job, { ...shared, jobId, delay: delayMs, attempts: sweepTries });
    },
    close: () => queue.close(),
  };
}
