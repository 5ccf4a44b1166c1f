import { hourlySweepId } from "#protocol/sweep.ts";
import { clientsOf, type Clients } from "../clients.ts";
import { reconcileRuns } from "./reconcile.ts";

/** As in wrangler.toml; every other cron is the reconciler's. */
const sweepCron = "17 * * * *";

/** Runs a Cron Trigger. @throws when a service did not answer, so that the platform shows it; the next trigger tries again */
export async function scheduled({ cron, scheduledTime }: ScheduledController, env: Env): Promise<void> {
  const clients = clientsOf(env);
  if (cron === sweepCron) return sweep(clients, scheduledTime);
  const { asked, failed } = await reconcileRuns(env, clients, Date.now());
  if (failed > 0)
    throw new Error(`Cannot reconcile ${failed} of ${asked} runs: their objects or Postgres did not answer`);
}

/** Asks the bridges for this hour's sweep (R12). */
async function sweep({ redis }: Clients, at: number): Promise<void> {
  await redis.putCommand({ kind: "sweep", sweepId: hourlySweepId(at), at, isDryRun: false });
}
