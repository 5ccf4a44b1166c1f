import { Redis } from "@upstash/redis/cloudflare";
import type { RunId } from "#protocol/ids.ts";
import type { RunJob } from "#protocol/job.ts";
import { cancelChannel, intakeField, intakeStream } from "#protocol/redis-keys.ts";

/** The few words the object says to Redis, over Upstash's REST. */
export type RedisDoor = {
  /** Puts a job on the intake stream. @throws when Redis did not take it; the message never holds the job */
  putJob(job: RunJob): Promise<void>;
  /** Tells every bridge that a run was canceled; lost when Redis is down, then the next answer says it (D8). */
  sayCanceled(id: RunId): Promise<void>;
};

/**
 * Opens the door. The outbox does the retrying, so the client does none; and it must not turn ids of digits into
 * numbers. Its errors quote the whole command, so they are replaced by our own words.
 */
export function openRedisDoor(url: string, token: string): RedisDoor {
  const redis = new Redis({ url, token, retry: false, automaticDeserialization: false, enableTelemetry: false });
  const attempt = async (action: string, work: () => Promise<unknown>) => {
    try {
      await work();
    } catch {
      throw new Error(`Cannot ${action}: Redis did not take it`);
    }
  };
  return {
    putJob: (job) =>
      attempt(`queue run "${job.runId}"`, () => redis.xadd(intakeStream, "*", { [intakeField]: JSON.stringify(job) })),
    sayCanceled: (id) => attempt(`announce that run "${id}" was canceled`, () => redis.publish(cancelChannel, id)),
  };
}
