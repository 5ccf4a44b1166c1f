import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import { jobIdOf, type RunJob } from "#protocol/job.ts";
import type { QueuedJob } from "../run/memory.ts";
import { redisPrefix, runQueue } from "#protocol/redis-keys.ts";
import type { Lines } from "./line.ts";
import type { Wake } from "./slots.ts";
import { sweepJobId, type SweepJob } from "../left-over/sweep-job.ts";

const keepFinished = { age: 24 * 60 * 60 };
const shared = {
  backoff: { type: "custom" },
  // Failure texts and stacks stand in Redis in clear; ours say enough without a stack.
  stackTraceLimit: 0,
  removeOnComplete: keepFinished,
  removeOnFail: keepFinished,
};

export type RunQueue = {
  /** Queues a run, behind its tenant's others and level with other tenants' (D13); unless it is queued already. */
  add(job: RunJob): Promise<void>;
  /** Brings a job back that was parked. */
  wake: Wake;
  /** Queues a job of the sweeper; one that is queued, or was within a day, is left as it is. */
  addSweep(job: SweepJob, delayMs?: number): Promise<void>;
  close(): Promise<void>;
};

/** A sweep that failed for want of Postgres is tried for some minutes; the next hour brings another. */
const sweepTries = 20;

/** Opens the producer side of the queue (D11). */
export function openQueue(connection: Redis, lines: Pick<Lines, "enter">): RunQueue {
  const queue = new Queue<QueuedJob | SweepJob>(runQueue, { connection, prefix: redisPrefix });

  /** A run that waits in a long queue is put again by its object, which cannot know (D7): the first job will do. */
  async function isStillQueued({ runId, delivery }: RunJob): Promise<boolean> {
    for (let earlier = 1; earlier < delivery; earlier += 1) {
      const state = await queue.getJobState(jobIdOf({ runId, delivery: earlier }));
      if (state === "prioritized" || state === "waiting" || state === "delayed") return true;
    }
    return false;
  }

  /** Polls of older runs come back without priority, that is before all new runs (D10); so do runs that are put again. */
  async function priorityOf(job: RunJob): Promise<{ priority?: number }> {
    if (job.isClaimed) return {};
    const { runId, tenantId, mid } = job;
    return { priority: await lines.enter({ unit: { tenantId, mid }, runId, jobId: jobIdOf(job) }) };
  }

  return {
    async add(job) {
      if (!job.isClaimed && (await isStillQueued(job))) return;
      const options = { ...shared, ...(await priorityOf(job)), jobId: jobIdOf(job), attempts: 50 };
      await queue.add("run", { ...job, memory: {} }, options);
    },
    async wake(jobId) {
      try {
        await queue.getBackend().promote(jobId);
        return "woken";
      } catch {
        const state = await queue.getJobState(jobId);
        return state === "unknown" || state === "completed" || state === "failed" ? "gone" : "not-parked";
      }
    },
    async addSweep(job, delayMs = 0) {
      const jobId = sweepJobId(job);
      // No priority: the sweeper's few jobs come paced, and must not starve behind new runs.
      await queue.add(job.kind, job, { ...shared, jobId, delay: delayMs, attempts: sweepTries });
    },
    close: () => queue.close(),
  };
}
