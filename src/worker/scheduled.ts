import { hourlySweepId } from "#protocol/sweep.ts";
import { doorsOf } from "./doors.ts";

/**
 * The Cron Trigger: asks the bridges for this hour's sweep (R12).
 *
 * @throws when Redis did not take the command, so that the platform shows the failure; the next hour tries again
 */
export async function scheduled({ scheduledTime }: ScheduledController, env: Env): Promise<void> {
  const command = { kind: "sweep", sweepId: hourlySweepId(scheduledTime), at: scheduledTime, isDryRun: false } as const;
  await doorsOf(env).redis.putCommand(command);
}
