import { Redis } from "@upstash/redis/cloudflare";
import { z } from "zod";
import type { RunId } from "#protocol/ids.ts";
import type { RunJob } from "#protocol/job.ts";
import {
  cancelChannel,
  intakeField,
  intakeStream,
  runLogField,
  runLogStream,
  runTraceField,
  runTraceStream,
} from "#protocol/redis-keys.ts";
import { answerInTime } from "./deadline.ts";

/** The few words the object says to Redis, over Upstash's REST. */
export type RedisClient = {
  /** Puts a job on the intake stream. @throws when Redis did not take it; the message never holds the job */
  putJob(job: RunJob): Promise<void>;
  /** Tells every bridge that a run was canceled; lost when Redis is down, then the next answer says it (D8). */
  sayCanceled(id: RunId): Promise<void>;
  /** Reads the transitions the bridges logged, oldest first; nothing for a log that is gone. @throws as `putJob` */
  readLog(id: RunId): Promise<readonly string[]>;
  /** Reads the parts of a run's trace, oldest first. @throws as `putJob` */
  readTrace(id: RunId): Promise<readonly string[]>;
};

/** A run writes some dozens of entries; more than this is no log of ours. */
const entriesMax = 2000;

// XRANGE answers [[id, [field, value, …]], …].
const Entries = z.array(z.tuple([z.string(), z.array(z.string())]));

/**
 * Opens the door. The outbox does the retrying, so the client does none; and it must not turn ids of digits into
 * numbers. Its errors quote the whole command, so they are replaced by our own words.
 */
export function openRedisClient(url: string, token: string): RedisClient {
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
      throw new Error(`Cannot ${action}: Redis did not take it`);
    }
  };
  // Not `xrange`: it parses every value, and a transition is known by the hash of its text.
  const readStream = (key: string, wanted: string) =>
    attempt(`read "${key}"`, async () => {
      const entries = Entries.parse(await redis.exec(["XRANGE", key, "-", "+", "COUNT", entriesMax]));
      return entries.flatMap(([, [field, text]]) => (field === wanted && text !== undefined ? [text] : []));
    });
  return {
    putJob: async (job) => {
      const entry = { [intakeField]: JSON.stringify(job) };
      await attempt(`queue run "${job.runId}"`, () => redis.xadd(intakeStream, "*", entry));
    },
    sayCanceled: async (id) => {
      await attempt(`announce that run "${id}" was canceled`, () => redis.publish(cancelChannel, id));
    },
    readLog: (id) => readStream(runLogStream(id), runLogField),
    readTrace: (id) => readStream(runTraceStream(id), runTraceField),
  };
}
