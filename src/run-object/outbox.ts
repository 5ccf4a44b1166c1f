import { given } from "#lang/given.ts";
import { backoff } from "#async/backoff.ts";
import type { RunJob } from "#protocol/job.ts";
import { isOver } from "#protocol/run-status.ts";
import type { Run } from "#run/run.ts";
import type { Settings } from "#protocol/settings.ts";
import type { Keeper } from "./keeper.ts";
import { factsOf } from "./log.ts";
import type { RunRecord } from "#run/record.ts";
import type { RedisClient } from "./redis.ts";
import type { Store } from "./store.ts";
import type { Surroundings } from "./surroundings.ts";

/** Puts a run's jobs on Redis. A job is stored with the change that needs it, put at once, and put again by the alarm. */
export type Outbox = ReturnType<typeof openOutbox>;

export type OutboxDeps = Pick<Surroundings, "now" | "log"> & {
  ctx: Pick<DurableObjectState, "waitUntil">;
  keeper: Keeper;
  store: Store;
  redis: Pick<RedisClient, "putJob">;
  settings: Settings;
};

/** Opens the outbox of one object. */
export function openOutbox({ ctx, keeper, store, redis, settings, now, log }: OutboxDeps) {
  let isPutting = false;

  /** Puts the outbox' rows on the intake stream. @param due takes rows whose next try is due by then; all for Infinity */
  async function put(due: number): Promise<void> {
    if (isPutting) return;
    isPutting = true;
    try {
      for (const row of store.outbox().filter(({ nextTryAt }) => nextTryAt <= due)) {
        const record = keeper.read();
        if (record === undefined) return;
        const isPut = await redis.putJob(jobOf(record.run, row.delivery), !isOver(record.run.status)).then(
          () => true,
          () => false,
        );
        log(isPut ? "job put" : "job not put", { ...factsOf(record.run), delivery: row.delivery });
        // Purged in the meantime: there is no outbox any more.
        if (keeper.read() === undefined) return;
        if (isPut) {
          store.removeOutbox(row.delivery);
          keeper.changeUpkeep({ lastSignAt: now() });
        } else store.postponeOutbox(row.delivery, row.tries + 1, now() + backoff(row.tries, settings));
      }
    } finally {
      isPutting = false;
      keeper.arm();
    }
  }

  return {
    put,
    /** Delivers the run's job: the first time, or again. */
    deliver(record: RunRecord, at: number): void {
      const deliveries = record.upkeep.deliveries + 1;
      store.addOutbox({ delivery: deliveries, tries: 0, nextTryAt: at + settings.retryMinMs });
      keeper.save({ ...record, upkeep: { ...record.upkeep, deliveries, lastSignAt: at } });
      ctx.waitUntil(put(Infinity));
    },
  };
}

function jobOf({ id, tenancy, snippetName, flow, epoch, traceparent }: Run, delivery: number): RunJob {
  const isClaimed = epoch === 0 ? undefined : (true as const);
  const more = given({ isClaimed, traceparent });
  return { kind: "run", runId: id, ...tenancy, ...given({ snippetName }), flow, delivery, ...more };
}
