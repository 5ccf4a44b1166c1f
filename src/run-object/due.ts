import { given } from "#lang/given.ts";
import { owedAssets } from "#run/ledger.ts";
import { end } from "#run/step.ts";
import { queueTimeout, runTimeout } from "#run/deadlines.ts";
import type { FoldDeps } from "./fold.ts";
import { placesOf } from "#lang/places.ts";
import { factsOf } from "./log.ts";
import { catchUp } from "./log-reading.ts";
import type { Outbox } from "./outbox.ts";
import type { Projector } from "./projector.ts";
import type { RunRecord } from "#run/record.ts";
import type { RedisClient } from "./redis.ts";
import { nextDue, type Wake } from "#run/wakes.ts";

export type DueDeps = FoldDeps & {
  ctx: DurableObjectState;
  outbox: Outbox;
  project: Projector;
  redis: RedisClient;
};

/** Does everything that is due, each kind once. One that fails does not stop the others (D16). */
export async function runDue(deps: DueDeps): Promise<void> {
  const done = new Set<Wake["kind"]>();
  for (;;) {
    const due = nextDue(deps.keeper.pending(), deps.now(), done);
    if (due === undefined) return;
    done.add(due.kind);
    try {
      await doDue(deps, due.kind);
    } catch (error) {
      const record = deps.keeper.read();
      deps.log("alarm failed", { ...(record && factsOf(record.run)), why: due.kind, places: placesOf(error) });
    }
  }
}

async function doDue(deps: DueDeps, kind: Wake["kind"]): Promise<void> {
  const { keeper, outbox, settings, store } = deps;
  const record = keeper.read();
  if (record === undefined) return;
  const { run, upkeep } = record;
  const now = deps.now();
  switch (kind) {
    case "queue-timeout":
      return endAlone(deps, { ...record, run: end(run, queueTimeout(settings), now) }, now);
    case "run-timeout":
      return endAlone(deps, { ...record, run: end(run, runTimeout(run, settings), now) }, now);
    case "read-log":
      return catchUp(deps, deps.redis);
    case "redeliver":
      return redeliver(deps, record);
    case "clean-up":
      return outbox.deliver({ ...record, upkeep: { ...upkeep, cleanupPuts: upkeep.cleanupPuts + 1 } }, now);
    case "put":
      return outbox.put(now);
    case "project":
      return deps.project();
    case "purge":
      return store.purge();
  }
}

/** Delivers the job again, unless the log shows that a bridge is at work after all. */
async function redeliver(deps: DueDeps, { run, upkeep }: RunRecord): Promise<void> {
  if (run.status === "running") await catchUp(deps, deps.redis);
  const latest = deps.keeper.read();
  if (latest === undefined || latest.upkeep.lastSignAt !== upkeep.lastSignAt) return;
  deps.outbox.deliver(latest, deps.now());
}

/** Ends the run without a bridge, and announces it to all bridges when one may be at work (D8). */
export function endAlone(
  deps: Pick<DueDeps, "ctx" | "keeper" | "redis" | "log">,
  record: RunRecord,
  now: number,
): void {
  deps.keeper.commit({ ...record, upkeep: { ...record.upkeep, lastSignAt: now } }, true);
  const { run, ledger } = record;
  const why = given({ why: run.status === "failed" ? run.error.code : undefined });
  deps.log("run ended without a bridge", { ...factsOf(run), status: run.status, ...why });
  if (run.epoch === 0 && owedAssets(ledger, run, now).length === 0) return;
  deps.ctx.waitUntil(deps.redis.publishCancel(run.id).catch(() => undefined));
}
