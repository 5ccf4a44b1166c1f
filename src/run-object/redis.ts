import { Redis } from "@upstash/redis/cloudflare";
import { z } from "zod";
import type { RunId } from "#protocol/ids.ts";
import type { RunJob } from "#protocol/job.ts";
import {
  activeRunsKey,
  cancelChannel,
  intakeField,
  intakeStream,
  liveRunsKey,
  runLogField,
  runLogStream,
  runTraceField,
  runTraceStream,
} from "#protocol/redis-keys.ts";
import type { Settings } from "#protocol/settings.ts";
import type { Owner } from "#protocol/tenancy.ts";
import { answerInTime } from "./deadline.ts";

/** What the object asks of Redis, over Upstash's REST. */
export type RedisClient = {
  /**
   * Puts a job on the intake stream. For a run that is not over, it also keeps the reconciler awake (D31).
   *
   * @throws when Redis did not accept it; the message does not contain the job
   */
  putJob(job: RunJob, isAlive: boolean): Promise<void>;
  /** Announces to every bridge that a run was canceled. While Redis is down it is lost, and the next answer shows it (D8). */
  publishCancel(id: RunId): Promise<void>;
  /** Gives back the place among its user's active runs (D59). While Redis is down it is lost, and the edge finds it when it needs one. */
  releasePlace(run: { id: RunId; tenancy: Owner }): Promise<void>;
  /** Reads the transitions that bridges logged, oldest first; nothing for an expired log. @throws as `putJob` */
  readLog(id: RunId): Promise<readonly string[]>;
  /** Reads the parts of a run's trace, oldest first. @throws as `putJob` */
  readTrace(id: RunId): Promise<readonly string[]>;
};

/** A run writes a few dozen entries; a longer stream is not ours. */
const entriesMax = 2000;

// XRANGE answers [[id, [field, value, …]], …].
const Entries = z.array(z.tuple([z.string(), z.array(z.string())]));

/**
 * Opens the client. The outbox retries, so the client does not; and it must not turn ids of digits into numbers. Its
 * errors quote the whole command, so they are replaced by our own.
 */
export function openRedisClient(url: string, token: string, { liveRunsMs }: Settings): RedisClient {
  const redis = new Redis({
    url,
    token,
    retry: false,
    automaticDeserialization: false,
    enableTelemetry: false,
  });
  const attempt = async <T>(action: string, work: () => Promise<T>) => {
    try {
      return await answerInTime(work());
    } catch {
      throw new Error(`Cannot ${action}: Redis did not accept it`);
    }
  };
  // Not `xrange`: it parses every value, but a transition is identified by the hash of its text.
  const readStream = (key: string, wanted: string) =>
    attempt(`read "${key}"`, async () => {
      const entries = Entries.parse(await redis.exec(["XRANGE", key, "-", "+", "COUNT", entriesMax]));
      return entries.flatMap(([, [field, text]]) => (field === wanted && text !== undefined ? [text] : []));
    });
  return {
    putJob: async (job, isAlive) => {
      const commands = redis.pipeline();
      if (isAlive) commands.set(liveRunsKey, 1, { px: liveRunsMs });
      commands.xadd(intakeStream, "*", { [intakeField]: JSON.stringify(job) });
      await attempt(`queue run "${job.runId}"`, () => commands.exec());
    },
    publishCancel: async (id) => {
      await attempt(`announce that run "${id}" was canceled`, () => redis.publish(cancelChannel, id));
    },
    releasePlace: async ({ id, tenancy }) => {
      await attempt(`give back the place of run "${id}"`, () => redis.zrem(activeRunsKey(tenancy), id)).catch(
        () => undefined,
      );
    },
    readLog: (id) => readStream(runLogStream(id), runLogField),
    readTrace: (id) => readStream(runTraceStream(id), runTraceField),
  };
}
