import { z } from "zod";

/** What a bridge says of itself while it runs (D32). */
export const BridgeAnnouncement = z.object({
  /** Unique among all bridges; also its consumer of the intake. */
  name: z.string(),
  host: z.string(),
  pid: z.int(),
  version: z.string(),
  /** When it started. */
  since: z.iso.datetime(),
});
export type BridgeAnnouncement = z.infer<typeof BridgeAnnouncement>;

/** How often a bridge says that it runs; one that has been silent twice as long, and a little, counts as gone. */
export const announceEveryMs = 60_000;
export const bridgeSilentMs = 150_000;

/** A sweep that is this old is overdue: the trigger comes every hour. */
export const sweepDueMs = 2 * 60 * 60 * 1000;

const count = z.int().nonnegative();

/** What waits in Redis. */
const QueueStatus = z.object({
  /** Commands that no bridge has taken yet, and since when the oldest waits. */
  intake: count,
  intakeSince: z.iso.datetime().optional(),
  /** Jobs that wait for a bridge, that one works on, and that are due later: polls, and runs that wait for a slot. */
  waiting: count,
  active: count,
  delayed: count,
});

/** How many runs Postgres knows: all live ones, and those of the last 24 hours that are over. */
const RunsStatus = z.object({
  queued: count,
  /** When the oldest queued run was accepted. */
  queuedSince: z.iso.datetime().optional(),
  running: count,
  ready: count,
  failed: count,
  canceled: count,
});

/** The last sweep of a business unit; `endedAt` is absent when it was never swept. */
const UnitStatus = z.object({
  tenantId: z.string(),
  mid: z.int(),
  endedAt: z.iso.datetime().optional(),
  found: count.optional(),
  deleted: count.optional(),
  failed: count.optional(),
  error: z.string().optional(),
});

const SweepsStatus = z.object({
  units: count,
  /** Business units not swept in the last two hours. */
  overdue: count,
  /** Those swept longest ago first, at most 100. */
  list: z.array(UnitStatus),
});

/** The answer of `GET /v1/admin/status`. What a store did not tell is absent. */
export const ServiceStatus = z.object({
  at: z.iso.datetime(),
  /** Of the Worker. */
  version: z.string(),
  redis: z.enum(["up", "down"]),
  postgres: z.enum(["up", "down"]),
  bridges: z.array(z.object({ ...BridgeAnnouncement.shape, seenAt: z.iso.datetime() })).optional(),
  queue: QueueStatus.optional(),
  runs: RunsStatus.optional(),
  sweeps: SweepsStatus.optional(),
  schema: z
    .object({
      /** The migration that the Worker needs, and the newest that was applied. */
      needed: z.string(),
      newest: z.string(),
      isNewEnough: z.boolean(),
    })
    .optional(),
});
export type ServiceStatus = z.infer<typeof ServiceStatus>;
