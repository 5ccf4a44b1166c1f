import { deleteEndedSignIns } from "#db/sessions.ts";
import { hourlySweepId } from "#protocol/sweep.ts";
import { clientsOf, type Clients } from "../clients.ts";
import { forgetOldAudit } from "./old-audit.ts";
import { forgetOldRuns } from "./old-runs.ts";
import { reconcileRuns } from "./reconcile.ts";

/** As in wrangler.toml. */
const hourlyCron = "17 * * * *";

/**
 * Runs a Cron Trigger. The hourly one does all that needs Postgres, so that Postgres wakes once an hour; the frequent one
 * asks Postgres only while a run may be alive (D31).
 *
 * @throws when a service did not answer, so that the platform shows it; the next trigger tries again
 */
export async function scheduled({ cron, scheduledTime }: ScheduledController, env: Env): Promise<void> {
  const clients = clientsOf(env);
  if (cron !== hourlyCron) {
    if (await clients.redis.mayHaveLiveRuns()) await reconcile(env, clients);
    return;
  }
  // One that fails does not stop the others.
  const works = [
    sweep(clients, scheduledTime),
    reconcile(env, clients),
    forgetOldRuns(clients, Date.now()),
    forgetOldAudit(clients, Date.now()),
    deleteEndedSignIns(clients.systemDatabase),
  ];
  const failures = (await Promise.allSettled(works)).filter((work) => work.status === "rejected");
  if (failures.length > 0) throw new Error(failures.map(({ reason }) => messageOf(reason)).join("; "));
}

/** Asks the bridges for this hour's sweep (R12). */
async function sweep({ redis }: Clients, at: number): Promise<void> {
  await redis.putCommand({ kind: "sweep", sweepId: hourlySweepId(at), at, isDryRun: false });
}

async function reconcile(env: Env, clients: Clients): Promise<void> {
  const { asked, failed } = await reconcileRuns(env, clients, Date.now());
  // Redis may have lost the key, or the run is older than it.
  if (asked > 0) await clients.redis.noteLiveRuns(clients.config.settings.liveRunsMs);
  if (failed > 0)
    throw new Error(`Cannot reconcile ${failed} of ${asked} runs: their objects or Postgres did not answer`);
}

/** The driver's errors quote the statement, ours do not. */
function messageOf(error: unknown): string {
  return error instanceof Error && error.message.startsWith("Cannot ") ? error.message : "Postgres did not answer";
}
