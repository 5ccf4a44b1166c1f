import { z } from "zod";
import { RunJob } from "#protocol/job.ts";
import { UsualDuration } from "../verdict/usual-duration.ts";
import { Seen } from "../verdict/signals.ts";

const ifReadable = <T extends z.ZodType>(shape: T) => shape.optional().catch(undefined);

/**
 * What a job remembers between two starts: only a cache (D2). Losing it delays a run; it never decides what the object has
 * not confirmed. A value that this version cannot read is therefore ignored.
 */
export const Memory = z.object({
  /** MCE's TaskID of Perform `n`: kept here too, in case the report does not reach the object. */
  perform: ifReadable(z.object({ n: z.int(), taskId: z.string(), sentMs: z.number().optional() })),
  /** The field that numbers the rows of a result table without a count, as they were made before looks. */
  orderColumn: ifReadable(z.string()),
  /** The result table's rows have no numbers: it holds all rows of the query, not a look at the first ones. */
  isPlain: ifReadable(z.boolean()),
  /** Rows of the target, and when they were counted, by the object's clock. */
  rowsBefore: ifReadable(z.object({ count: z.int().nonnegative(), at: z.number() })),
  /** Since when the query of that shell has ended without readable rows, by the object's clock. */
  rowsDown: ifReadable(z.object({ attempt: z.int(), at: z.number() })),
  /** How long such queries usually take; null: unknown, and Postgres need not be asked again. */
  habit: ifReadable(UsualDuration.nullable()),
  /** What the polls of the last Perform have shown. */
  seen: ifReadable(Seen),
  notes: ifReadable(z.array(z.string())),
  /** Starts that met a bug; BullMQ's own count includes those that could not reach the edge. */
  bugs: ifReadable(z.int()),
});
export type Memory = z.infer<typeof Memory>;

/** The data of a BullMQ job: ids, tenant context and the cache. No SQL, no row, no text from MCE. */
export const QueuedJob = RunJob.extend({ memory: Memory.default({}).catch({}) });
export type QueuedJob = z.infer<typeof QueuedJob>;

/** The cache of the job in hand (D2). */
export type RunMemory = {
  read(): Memory;
  /** Changes a part of it, here and in Redis; when Redis is unreachable, only the cache is lost. */
  save(part: Memory): Promise<void>;
};
