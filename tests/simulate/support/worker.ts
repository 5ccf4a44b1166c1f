import { DelayedError } from "bullmq";
import { startJob, workerOptions, type QueueJob, type StartDeps } from "../../../src/queue-bridge/queue/worker.ts";
import type { JobQueue } from "../../../src/queue-bridge/queue/queue.ts";
import type { Life } from "./life.ts";
import type { ModelJob, ModelQueue } from "./queue.ts";
import type { ModelRedis } from "./redis.ts";

type WorkerDeps = StartDeps & {
  life: Life;
  queue: ModelQueue;
  redis: ModelRedis;
  concurrency: number;
  /** Runs a start, so that others can tell whose it is. */
  within: (runId: string | undefined, work: () => Promise<void>) => Promise<void>;
};

/**
 * BullMQ's worker over the model, for one life of a bridge: it takes jobs, renews their locks and finds stalled ones.
 *
 * @returns takes no more jobs, and resolves when those in hand are done
 */
export function openModelWorker(deps: WorkerDeps): () => Promise<void> {
  const { life, queue, redis, log } = deps;
  const held = new Map<string, { token: string; lost: AbortController }>();
  const { lockRenewTime, stalledInterval } = workerOptions;
  life.platform.every(lockRenewTime / 2, () => void renew());
  life.platform.every(stalledInterval, () => void check());
  const leaving = new AbortController();
  void takeAll();
  return leave;

  async function renew(): Promise<void> {
    await life.routine(() => redis.ready());
    for (const [id, { token, lost }] of held) {
      if (queue.extend(id, token)) continue;
      log("lock lost", { jobId: id });
      lost.abort();
      held.delete(id);
    }
  }

  async function check(): Promise<void> {
    await life.routine(() => redis.ready());
    for (const id of queue.checkStalled()) log("job stalled", { jobId: id });
  }

  async function takeAll(): Promise<void> {
    for (let count = 0; !leaving.signal.aborted; count += 1) {
      const token = `${life.name}:${count}`;
      const job = await life.routine(async () => {
        await redis.ready();
        return !leaving.signal.aborted && held.size < deps.concurrency ? queue.take(token) : undefined;
      });
      if (job === undefined) {
        await life.routine(() => Promise.race([queue.changed(), life.platform.sleep(5000)]));
        continue;
      }
      const lost = new AbortController();
      held.set(job.id, { token, lost });
      void start(job, token, lost.signal).finally(() => {
        if (held.get(job.id)?.token === token) held.delete(job.id);
      });
    }
  }

  async function leave(): Promise<void> {
    leaving.abort();
    while (held.size > 0) await life.routine(() => life.platform.sleep(100));
  }

  async function start(job: ModelJob, token: string, signal: AbortSignal): Promise<void> {
    const { data } = job;
    const runId = typeof data === "object" && data !== null && "runId" in data ? String(data.runId) : undefined;
    await deps.within(runId, async () => {
      try {
        await startJob(jobOf(job, deps), token, signal, deps);
        await command(deps, "finish", () => queue.finish(job.id, token)).catch(() => log("queue error"));
      } catch (error) {
        if (error instanceof DelayedError) return;
        log("start failed", { jobId: job.id });
        const backoff = workerOptions.settings.backoffStrategy;
        // Another worker may have the job by now: then BullMQ only logs that the lock is missing.
        await command(deps, "fail", () => queue.fail(job.id, token, backoff)).catch(() => log("queue error"));
      }
    });
  }
}

/** The job of one start, as BullMQ hands it to the processor. */
function jobOf(job: ModelJob, deps: Pick<WorkerDeps, "life" | "queue" | "redis">): QueueJob {
  const { queue } = deps;
  const { id, data, priority } = job;
  return {
    id,
    data,
    priority,
    updateData: (next) => command(deps, "remember", () => queue.updateData(id, structuredClone(next))),
    moveToDelayed: (at, token = "") => command(deps, "delay", () => queue.moveToDelayed(id, token, at)),
    changePriority: ({ priority: next = 0 }) => command(deps, "priority", () => queue.changePriority(id, next)),
  };
}

/** BullMQ's queue over the model, as one life of a bridge uses it. */
export function jobQueueOf(deps: Pick<WorkerDeps, "life" | "queue" | "redis">): JobQueue {
  const { queue } = deps;
  const jobs = {
    add: (_name: string, data: unknown, options: Parameters<ModelQueue["add"]>[1]) =>
      command(deps, "add", () => queue.add(structuredClone(data), options)),
    getJobState: (id: string) => command(deps, "state", () => queue.stateOf(id)),
    getBackend: () => ({ promote: (id: string) => command(deps, "promote", () => queue.promote(id)) }),
    toKey: (name: string) => name,
    close: () => Promise.resolve(),
  };
  // It has what openRunQueue calls; what BullMQ returns beside is not read.
  return jobs as unknown as JobQueue;
}

function command<T>({ life, redis }: Pick<WorkerDeps, "life" | "redis">, name: string, work: () => T): Promise<T> {
  return life.effect(`queue ${name}`, async () => {
    await redis.ready();
    return work();
  });
}
