import type { ServiceStatus } from "#protocol/service-status.ts";
import { broken, ok, skipped, type Check, type Finding } from "./finding.ts";

/** The hourly Cron Trigger, seen by what it causes: every business unit is swept. */
export const cronCheck: Check = {
  id: "cron",
  title: "Cron Triggers",
  async look({ status, isDevelopment }) {
    if (isDevelopment) return [skipped("Cron Triggers: the local stack fires none")];
    const answer = await status;
    return [answer.kind === "told" ? cronFinding(answer.status) : skipped(`Cron Triggers: ${answer.why}`)];
  },
};

/** What to say of the sweeps of a service. */
export function cronFinding({ sweeps }: ServiceStatus): Finding {
  if (sweeps === undefined) return skipped("Cron Triggers: the Worker cannot reach Postgres");
  if (sweeps.units === 0) return skipped("Cron Triggers: no business unit is there to sweep");
  if (sweeps.overdue === 0) return ok(`All ${sweeps.units} business units were swept within 2 h`);
  const [first] = sweeps.list;
  const since = first?.endedAt === undefined ? "never" : `last at ${first.endedAt}`;
  return broken(
    `${sweeps.overdue} of ${sweeps.units} business units were not swept within 2 h; MID ${first?.mid}: ${since}`,
    "Left-overs stay in Marketing Cloud, lost runs stay alive in lists, and old rows are not deleted",
    "All of them: does the Worker have its Cron Triggers, and does a bridge run? Some: look for `business unit not swept` in the bridge's log",
  );
}
