import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import { z } from "zod";
import { RunJob, jobIdOf } from "#protocol/job.ts";
import { redisPrefix, runQueue } from "#protocol/redis-keys.ts";
import { Seen } from "./signals.ts";

/**
 * What a job remembers between two starts: only a cache (D2). Lost, it delays a run; it never decides what the object
 * has not confirmed.
 */
export const Memory = z.object({
  /** MCE's TaskID of Perform `n`: kept here too in case the object could not be told. */
  perform: z.object({ n: z.int(), taskId: z.string() }).optional(),
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

export type RunQueue = { add(job: RunJob): Promise<void>; close(): Promise<void> };

/** Opens the producer side of the queue (D11). */
export function openQueue(connection: Redis): RunQueue {
  const queue = new Queue<QueuedJob>(runQueue, { connection, prefix: redisPrefix });
  return {
    async add(job) {
      await queue.add(
        "run",
        { ...job, memory: {} },
        {
          jobId: jobIdOf(job),
          priority: newRunPriority,
          attempts: 50,
          backoff: { type: "custom" },
          // Failure texts and stacks stand in Redis in clear; ours say enough without a stack.
          stackTraceLimit: 0,
          removeOnComplete: keepFinished,
          removeOnFail: keepFinished,
        },
      );
    },
    close: () => queue.close(),
  };
}
