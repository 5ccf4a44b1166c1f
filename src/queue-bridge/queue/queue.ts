import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import { jobIdOf, type RunJob } from "#protocol/job.ts";
import type { QueuedJob } from "../run/memory.ts";
import { redisPrefix, runQueue } from "#protocol/redis-keys.ts";
import type { Lines } from "./line.ts";
import type { Wake } from "./slots.ts";
import { sweepJobId, type SweepJob } from "../left-over/sweep-job.ts";

/** In seconds. A finished job is kept so that the same job, delivered again, is known. */
const keepFinished = { age: 24 * 60 * 60 };
const shared = {
  backoff: { type: "custom" },
  // BullMQ keeps failure texts and stacks in Redis in clear text; ours are enough without a stack.
  stackTraceLimit: 0,
  removeOnComplete: keepFinished,
  removeOnFail: keepFinished,
};

export type RunQueue = {
  /** Queues a run behind its tenant's others, in turn with other tenants' (D13), unless it is queued already. */
  add(job: RunJob): Promise<void>;
  /** Ends the delay of a parked job. */
  wake: Wake;
  /** Queues a job of the sweeper, unless it has been queued within a day. */
  addSweep(job: SweepJob, delayMs?: number): Promise<void>;
  /** A key of the queue in Redis, as BullMQ names it. */
  keyOf: (name: string) => string;
  close(): Promise<void>;
};

/** While Postgres is unreachable, a sweep is retried for some minutes; the next hour brings another. */
const sweepTries = 20;

/** What is asked of BullMQ's queue. */
export type JobQueue = Pick<Queue<QueuedJob | SweepJob>, "add" | "getJobState" | "toKey" | "close"> & {
  getBackend(): Pick<ReturnType<Queue["getBackend"]>, "promote">;
};

/** Opens the producer side of the queue (D11). */
export function openQueue(connection: Redis, lines: Pick<Lines, "enter">): RunQueue {
  const queue = new Queue<QueuedJob | SweepJob>(runQueue, { connection, prefix: redisPrefix });
  // Without a listener BullMQ prints the errors of its connection, which openRedis logs and counts.
  queue.on("error", () => {});
  return openRunQueue(queue, lines);
}

/** The queue of runs in a queue of BullMQ. */
export function openRunQueue(queue: JobQueue, lines: Pick<Lines, "enter">): RunQueue {
  return {
    async add(job) {
      if (!job.isClaimed && (await isStillQueued(queue, job))) return;
      const options = { ...shared, ...(await priorityOf(lines, job)), jobId: jobIdOf(job), attempts: 50 };
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
      // No priority: the sweeper's jobs are few and paced, and must not starve behind new runs.
      await queue.add(job.kind, job, { ...shared, jobId, delay: delayMs, attempts: sweepTries });
    },
    keyOf: (name) => queue.toKey(name),
    close: () => queue.close(),
  };
}

/** Whether an earlier job still waits: the object delivers a run again because it cannot see a long queue (D7). */
async function isStillQueued(queue: Pick<JobQueue, "getJobState">, { runId, delivery }: RunJob): Promise<boolean> {
  for (let earlier = 1; earlier < delivery; earlier += 1) {
    const state = await queue.getJobState(jobIdOf({ runId, delivery: earlier }));
    if (state === "prioritized" || state === "waiting" || state === "delayed") return true;
  }
  return false;
}

/** A claimed run gets no priority, and so comes before all new runs, like the polls of older runs (D10). */
async function priorityOf(lines: Pick<Lines, "enter">, job: RunJob): Promise<{ priority?: number }> {
  if (job.isClaimed) return {};
  const { runId, tenantId, mid } = job;
  return { priority: await lines.enter({ unit: { tenantId, mid }, runId, jobId: jobIdOf(job) }) };
}
