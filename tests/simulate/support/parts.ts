import { Queue, Worker, type Job } from "bullmq";
import type { Redis } from "ioredis";
import type { VirtualClock } from "../../calm/support/virtual-clock.ts";
import { openModelQueue } from "./queue.ts";

/** What the bridge asks of BullMQ, with answers in words, so that the model and the real one can be held together. */
export type JobPart = {
  add(id: string, options: { priority?: number; delay?: number }): Promise<void>;
  take(token: string): Promise<string>;
  finish(id: string, token: string): Promise<string>;
  delay(id: string, token: string): Promise<string>;
  fail(id: string, token: string): Promise<string>;
  promote(id: string): Promise<string>;
  changePriority(id: string, priority: number): Promise<void>;
  stateOf(id: string): Promise<string>;
  extend(id: string, token: string): Promise<string>;
  /** Lets time pass, in which stalled jobs are looked for. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
};

/** Short, because the real part takes the real time; long enough for a busy machine to renew a lock in time. */
export const partTimes = { lockMs: 3000, stalledCheckMs: 500 };
const hourMs = 3_600_000;
const attempts = 2;

const inWords = (work: Promise<unknown>) =>
  work.then(
    () => "done",
    () => "refused",
  );

/** The model. */
export function modelPart(clock: VirtualClock): JobPart {
  const queue = openModelQueue(clock.now, (due, work) => void clock.at(due, work), partTimes);
  const said = (work: () => void) => inWords(Promise.resolve().then(work));
  return {
    add: async (id, options) => queue.add({}, { ...options, jobId: id, attempts }),
    take: async (token) => queue.take(token)?.id ?? "none",
    finish: (id, token) => said(() => queue.finish(id, token)),
    delay: (id, token) => said(() => queue.moveToDelayed(id, token, clock.now() + hourMs)),
    fail: (id, token) => said(() => queue.fail(id, token, () => hourMs)),
    promote: (id) => said(() => queue.promote(id)),
    changePriority: async (id, priority) => queue.changePriority(id, priority),
    stateOf: async (id) => queue.stateOf(id),
    extend: async (id, token) => (queue.extend(id, token) ? "done" : "refused"),
    async pass(ms) {
      for (let left = ms; left > 0; left -= partTimes.stalledCheckMs) {
        await clock.pass(Math.min(left, partTimes.stalledCheckMs));
        queue.checkStalled();
      }
    },
    close: () => Promise.resolve(),
  };
}

/** BullMQ on a real Redis. */
export async function realPart(connection: Redis, name: string): Promise<JobPart> {
  const queue = new Queue(name, { connection });
  const worker = new Worker(name, null, {
    connection,
    autorun: false,
    lockDuration: partTimes.lockMs,
    stalledInterval: partTimes.stalledCheckMs,
    maxStalledCount: 100,
    settings: { backoffStrategy: () => hourMs },
  });
  await worker.waitUntilReady();
  let isChecking = false;
  const jobs = new Map<string, Job>();
  const jobOf = async (id: string) => {
    const job = jobs.get(id) ?? (await queue.getJob(id));
    if (job === undefined) throw new Error(`no job ${id}`);
    return job;
  };
  return {
    add: async (id, options) =>
      void (await queue.add("run", {}, { ...options, jobId: id, attempts, backoff: { type: "custom" } })),
    async take(token) {
      const job = await worker.getNextJob(token, { block: false });
      if (job?.id === undefined) return "none";
      jobs.set(job.id, job);
      return job.id;
    },
    finish: (id, token) => inWords(jobOf(id).then((job) => job.moveToCompleted(undefined, token, false))),
    delay: (id, token) => inWords(jobOf(id).then((job) => job.moveToDelayed(Date.now() + hourMs, token))),
    fail: (id, token) => inWords(jobOf(id).then((job) => job.moveToFailed(new Error("x"), token, false))),
    promote: (id) => inWords(queue.getBackend().promote(id)),
    changePriority: async (id, priority) => (await jobOf(id)).changePriority({ priority }),
    stateOf: (id) => queue.getJobState(id),
    async extend(id, token) {
      const isDone = (await (await jobOf(id)).extendLock(token, partTimes.lockMs)) === 1;
      return isDone ? "done" : "refused";
    },
    async pass(ms) {
      if (!isChecking) await worker.startStalledCheckTimer();
      isChecking = true;
      await new Promise((resolve) => setTimeout(resolve, ms));
    },
    async close() {
      await worker.close();
      await queue.close();
    },
  };
}
