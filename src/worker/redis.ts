import { backoff } from "#async/backoff.ts";
import { Redis } from "@upstash/redis/cloudflare";
import { z } from "zod";
import type { Evaluate } from "#budget/shared-bucket.ts";
import type { IntakeCommand } from "#protocol/job.ts";
import { intakeField, intakeStream, lineKey, liveRunsKey, sweepAnswers } from "#protocol/redis-keys.ts";
import type { BusinessUnit } from "#protocol/tenancy.ts";

/** What the Worker itself asks of Redis, over Upstash's REST. */
export type WorkerRedis = {
  /** Puts a command on the intake stream. @throws when Redis did not accept it */
  putCommand(command: IntakeCommand): Promise<void>;
  /** Reads the answers to a dry run so far, by field. @throws when Redis did not answer */
  readSweepAnswers(sweepId: string): Promise<Readonly<Record<string, string>>>;
  /** Runs a piece of Lua. @throws when Redis did not answer */
  evaluate: Evaluate;
  /** Runs one command, once. @returns the reply as Redis gives it @throws when Redis did not answer within 5 s */
  ask(command: readonly [string, ...(string | number)[]]): Promise<unknown>;
  /** Whether a run may be alive (D31); also when Redis does not answer. */
  mayHaveLiveRuns(): Promise<boolean>;
  /** Notes for `ms` that a run may be alive. When Redis does not answer, nothing is noted. */
  noteLiveRuns(ms: number): Promise<void>;
  /** The run's 1-based place in its business unit's line; undefined when it is unknown. */
  queuePosition(unit: BusinessUnit, runId: string): Promise<number | undefined>;
};

const positionMs = 1000;
const askMs = 5000;
/** Null: the run is in no line. */
const Rank = z.union([z.int().nonnegative(), z.string().regex(/^\d+$/).transform(Number)]);
const plain = { automaticDeserialization: false, enableTelemetry: false };

/** Opens the client. Upstash's errors quote the whole command, so they are replaced by our own. */
export function openWorkerRedis(url: string, token: string): WorkerRedis {
  const redis = new Redis({
    url,
    token,
    // A command that arrives twice is done once, by its id.
    retry: { retries: 3, backoff: (tries) => backoff(tries, { retryMinMs: 200, retryMaxMs: 1600 }) },
    ...plain,
  });
  const attempt = async <T>(action: string, work: () => Promise<T>) => {
    try {
      return await work();
    } catch {
      throw new Error(`Cannot ${action}: Redis did not answer`);
    }
  };
  // For what is only shown, or can be done in another way: not worth a wait.
  const once = (ms: number) => new Redis({ url, token, retry: false, signal: () => AbortSignal.timeout(ms), ...plain });
  const hasty = once(positionMs);
  const patient = once(askMs);
  const ask: WorkerRedis["ask"] = (command) => attempt(`run ${command[0]}`, () => patient.exec([...command]));
  return {
    ask,
    mayHaveLiveRuns: () =>
      ask(["EXISTS", liveRunsKey]).then(
        (found) => Number(found) > 0,
        () => true,
      ),
    async noteLiveRuns(ms) {
      await ask(["SET", liveRunsKey, 1, "PX", ms]).catch(() => undefined);
    },
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
        // Without deserialization the client returns Redis' reply: field, value, field, value.
        const words = z.array(z.string()).parse(await redis.hgetall(sweepAnswers(sweepId)));
        return Object.fromEntries(words.flatMap((word, at) => (at % 2 === 0 ? [[word, words[at + 1] ?? ""]] : [])));
      }),
  };
}
