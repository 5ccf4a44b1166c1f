import { given } from "#lang/given.ts";
import type { ClaimAnswer } from "#protocol/claim.ts";
import type { Reporter } from "../edge/report.ts";
import { openPhaseClock } from "./phases.ts";
import type { RunMetrics } from "./runs.ts";

/** A reporter that also measures the phases which its reports end. @param deps `now`: the object's clock */
export function withPhases(
  reporter: Reporter,
  claim: ClaimAnswer,
  { metrics, now }: { metrics: Pick<RunMetrics, "phase">; now: () => number },
): Reporter {
  const clock = openPhaseClock({ ...claim, ...given({ createdAt: claim.spec?.createdAt }) });
  if (clock.queued !== undefined) metrics.phase(clock.queued);
  return {
    ...reporter,
    put(report) {
      reporter.put(report);
      const passed = clock.report(report.type, now());
      if (passed !== undefined) metrics.phase(passed);
    },
  };
}
