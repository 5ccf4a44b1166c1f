import { Redis } from "@upstash/redis/cloudflare";
import { z } from "zod";
import type { Evaluate } from "#budget/shared-bucket.ts";
import type { IntakeCommand } from "#protocol/job.ts";
import { intakeField, intakeStream, lineKey, sweepAnswers } from "#protocol/redis-keys.ts";

/** The few words the Worker itself says to Redis, over Upstash's REST. */
export type WorkerRedis = {
  /** Puts a command on the intake stream. @throws when Redis did not take it */
  putCommand(command: IntakeCommand): Promise<void>;
  /** Reads what has been answered to a dry run so far, by field. @throws when Redis did not answer */
  readSweepAnswers(sweepId: string): Promise<Readonly<Record<string, string>>>;
  /** Runs a piece of Lua. @throws when Redis did not answer */
  evaluate: Evaluate;
  /** How many runs stand before this one in its business unit's line, itself counted; undefined when nobody can tell. */
  queuePosition(unit: { tenantId: string; mid: number }, runId: string): Promise<number | undefined>;
};

const positionMs = 1000;
/** Null is a run that stands in no line. */
const Rank = z.union([z.int().nonnegative(), z.string().regex(/^\d+$/).transform(Number)]);
const plain = { automaticDeserialization: false, enableTelemetry: false };

/** Opens the door. Upstash's own errors quote the whole command, so they are replaced by our words. */
export function openWorkerRedis(url: string, token: string): WorkerRedis {
  const redis = new Redis({
    url,
    token,
    // A command put twice is done once, by its id.
    retry: { retries: 3, backoff: (tries) => 200 * 2 ** tries },
    ...plain,
  });
  const attempt = async <T>(action: string, work: () => Promise<T>) => {
    try {
      return await work();
    } catch {
      throw new Error(`Cannot ${action}: Redis did not answer`);
    }
  };
  // What is only shown, or has another way, is not worth a wait.
  const hasty = new Redis({ url, token, retry: false, signal: () => AbortSignal.timeout(positionMs), ...plain });
  return {
    evaluate: (lua, keys, words) => attempt("run a script", () => hasty.eval(lua, [...keys], words.map(String))),
    async queuePosition(unit, runId) {
      const rank = Rank.safeParse(await hasty.zrank(lineKey(unit), runId).catch(() => null));
      return rank.success ? rank.data + 1 : undefined;
    },
    async putCommand(command) {
      const fields = { [intakeField]: JSON.stringify(command) };
      await attempt(`put "${command.kind}" on the intake`, () => redis.xadd(intakeStream, "*", fields));
    },
    readSweepAnswers: (sweepId) =>
      attempt("read the sweeper's answers", async () => {
        // Without deserialization the client hands on what Redis says: field, value, field, value.
        const words = z.array(z.string()).parse(await redis.hgetall(sweepAnswers(sweepId)));
        return Object.fromEntries(words.flatMap((word, at) => (at % 2 === 0 ? [[word, words[at + 1] ?? ""]] : [])));
      }),
  };
}
