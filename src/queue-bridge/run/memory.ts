import { z } from "zod";
import { RunJob } from "#protocol/job.ts";
import { UsualDuration } from "../verdict/usual-duration.ts";
import { Seen } from "../verdict/signals.ts";

const ifReadable = <T extends z.ZodType>(shape: T) => shape.optional().catch(undefined);

/**
 * What a job remembers between two starts: only a cache (D2). Lost, it delays a run; it never decides what the object
 * has not confirmed. So what a bridge of another version has written, and this one cannot read, is not remembered.
 */
export const Memory = z.object({
  /** MCE's TaskID of Perform `n`: kept here too in case the object could not be told. */
  perform: ifReadable(z.object({ n: z.int(), taskId: z.string(), sentMs: z.number().optional() })),
  /** The column of the result table that keeps the query's order. */
  orderColumn: ifReadable(z.string()),
  /** Rows of the target, and when by the object's clock they were counted. */
  rowsBefore: ifReadable(z.object({ count: z.int().nonnegative(), at: z.number() })),
  /** Since when, by the object's clock, the query of that shell has ended and its rowset has given nothing. */
  rowsDown: ifReadable(z.object({ attempt: z.int(), at: z.number() })),
  /** How long such queries have taken; null: nobody knows, and Postgres need not be asked again. */
  habit: ifReadable(UsualDuration.nullable()),
  /** What the polls of the last Perform have shown. */
  seen: ifReadable(Seen),
  notes: ifReadable(z.array(z.string())),
  /** Starts that met a bug; BullMQ counts those that could not reach the edge, too. */
  bugs: ifReadable(z.int()),
});
export type Memory = z.infer<typeof Memory>;

/** The data of a BullMQ job: ids and tenant context, and the cache. No SQL, no row, no text of MCE. */
export const QueuedJob = RunJob.extend({ memory: Memory.default({}).catch({}) });
export type QueuedJob = z.infer<typeof QueuedJob>;

/** The cache of a job that a start works on (D2). */
export type RunMemory = {
  read(): Memory;
  /** Changes some of it in Redis; a Redis that is away costs only the cache. */
  save(part: Memory): Promise<void>;
};
